import {
  type Checkpoint,
  createTrainer,
  DeviceLostError,
  PlanError,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';
import { NoGpu, requestGpu } from '../run/adapter.ts';
import type { PlanCache } from '../session/found-plans.ts';
import type { Entrant, EntrantResult, Failure, Stage } from './results.ts';
import { spread } from './statistics.ts';

/** Milliseconds that all repetitions of an entrant may take, once there are a few. */
const ENOUGH = 12_000;
const FEW = 3;

/** An entrant under the clock. */
export class Contestant {
  readonly result: EntrantResult;
  readonly #options: TrainerOptions;
  readonly #device: GPUDevice | undefined;
  /** Milliseconds that a repetition of steps is to take. */
  readonly #duration: number;
  readonly #samples: Partial<Record<Stage, number[]>> = {};
  #trainer: Trainer | undefined;
  #initial: Checkpoint | undefined;
  #steps = 1;
  #spent = 0;

  /** @param device for all but the CPU, where there is one */
  constructor(
    { way, precision }: Entrant,
    options: TrainerOptions,
    { device, cache }: { device: GPUDevice | undefined; cache: PlanCache },
    duration: number,
  ) {
    this.result = { way, precision, times: {} };
    this.#device = way === 'cpu' ? undefined : device;
    this.#options = {
      ...options,
      precision,
      ...(way === 'cpu' ? { backend: 'cpu' } : { backend: 'webgpu', plan: way, tuning: { cache } }),
    };
    this.#duration = duration;
  }

  get failed(): boolean {
    return this.result.failure !== undefined;
  }

  /** Makes a trainer, finds the plan's fastest form and how many steps make a repetition. */
  async prepare(): Promise<void> {
    try {
      this.#trainer = await this.#create(this.#device);
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      this.result.failure = whyNot(error);
      return;
    }
    this.#initial = await this.#trainer.save();
    const { chosen } = await this.#trainer.tune();
    if (this.#device) this.result.chosen = chosen;
    for (;;) {
      // The shorter of two: one alone may have been held up by something else.
      const time = Math.min(await this.#timeSteps(this.#steps), await this.#timeSteps(this.#steps));
      if (time >= this.#duration) break;
      const factor = Math.min(4, (1.2 * this.#duration) / Math.max(time, 1));
      this.#steps = Math.ceil(this.#steps * Math.max(1.2, factor));
    }
  }

  /** The loss after so many steps from the start. */
  async compare(steps: number): Promise<void> {
    if (!this.#trainer) return;
    await this.#timeSteps(steps);
    this.result.loss = (await this.#trainer.measure()).loss;
  }

  /** One repetition of the steps, unless there have been enough for their length. */
  async repeatSteps(): Promise<void> {
    if (!this.#trainer || this.#enough) return;
    this.#note('step', (await this.#timeSteps(this.#steps)) / this.#steps);
  }

  /** One repetition of every stage. */
  async repeatStages(): Promise<void> {
    const trainer = this.#trainer;
    if (!trainer || this.#enough) return;
    if (this.#device) await this.#timeCompilation();
    const device = this.#device;
    const fresh = await this.#time('upload', async () => {
      const made = await this.#create(device);
      await device?.queue.onSubmittedWorkDone();
      return made;
    });
    await this.#time('firstStep', () => fresh.train(1));
    fresh.destroy();
    await this.repeatSteps();
    await this.#time('readback', () => trainer.parameters());
  }

  destroy(): void {
    this.#trainer?.destroy();
  }

  get #enough(): boolean {
    return this.#spent > ENOUGH && (this.#samples.step?.length ?? 0) >= FEW;
  }

  /** On a device that has compiled nothing yet. */
  async #timeCompilation(): Promise<void> {
    const gpu = await requestGpu(navigator.gpu);
    if (gpu instanceof NoGpu) return;
    const trainer = await this.#time('compile', () => this.#create(gpu.device));
    trainer.destroy();
    gpu.device.destroy();
  }

  #create(device: GPUDevice | undefined): Promise<Trainer> {
    // What is measured is this device, and no other.
    return createTrainer({ ...this.#options, recovery: false, ...(device && { device }) });
  }

  /** Milliseconds of so many steps from the start. */
  async #timeSteps(steps: number): Promise<number> {
    const trainer = this.#trainer as Trainer;
    await trainer.restore(this.#initial as Checkpoint);
    const start = performance.now();
    await trainer.train(steps);
    return performance.now() - start;
  }

  async #time<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#note(stage, performance.now() - start);
    return result;
  }

  #note(stage: Stage, milliseconds: number): void {
    const samples = this.#samples[stage] ?? [];
    samples.push(milliseconds);
    this.#samples[stage] = samples;
    this.#spent += stage === 'step' ? milliseconds * this.#steps : milliseconds;
    this.result.times[stage] = spread(samples);
  }
}

function whyNot(error: unknown): Failure {
  if (error instanceof PlanError) return { kind: 'plan', detail: error.message.replace(/ Use plan:.*/, '') };
  console.info(error);
  return { kind: 'unknown' };
}
