import {
  createTrainer,
  DeviceLostError,
  PlanError,
  type Trainer,
  type TrainerOptions,
  workDone,
} from '../../../index.ts';
import { Contestant, type TrainerSession, trainerSession } from '../../measure/contestant.ts';
import { spread } from '../../measure/statistics.ts';
import { GpuAccess } from '../adapter.ts';
import type { PlanCache } from '../found-plans.ts';
import type { Entrant, EntrantResult, Failure, Stage } from './results.ts';

/**
 * An entrant is repeated until it has taken so many milliseconds and at least `FEW` repetitions.
 */
const ENOUGH = 12_000;
const FEW = 3;

/** An entrant under the clock. */
export class EntrantRun {
  readonly result: EntrantResult;
  readonly #options: TrainerOptions;
  readonly #device: GPUDevice | undefined;
  /** Milliseconds that a repetition of steps should take. */
  readonly #duration: number;
  readonly #samples: Partial<Record<Exclude<Stage, 'step'>, number[]>> = {};
  #contestant: Contestant<TrainerSession> | undefined;
  #spent = 0;

  /** @param device of the GPU; undefined if there is none */
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
      const device = this.#device;
      const session = await trainerSession({ ...this.#options, ...(device && { device }) });
      this.#contestant = new Contestant(session);
      if (device) {
        const { chosen, tiling } = session.trainer.tuning;
        Object.assign(this.result, { chosen, tiling });
      }
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      this.result.failure = whyNot(error);
      return;
    }
    await this.#contestant.warmUp(this.#duration);
  }

  /** Stores the loss `steps` steps after the start. */
  async compare(steps: number): Promise<void> {
    if (this.#contestant) this.result.loss = await this.#contestant.lossAfter(steps);
  }

  /** One repetition of the steps, unless the entrant has taken enough time. */
  async repeatSteps(): Promise<void> {
    if (!this.#contestant || this.#enough) return;
    this.#spent += await this.#contestant.time();
    this.result.times.step = this.#contestant.spread;
  }

  /** One repetition of every stage. */
  async repeatStages(): Promise<void> {
    const trainer = this.#contestant?.session.trainer;
    if (!trainer || this.#enough) return;
    if (this.#device) await this.#timeCompilation();
    const device = this.#device;
    const fresh = await this.#time('upload', async () => {
      const made = await this.#create(device);
      if (device) await workDone(device);
      return made;
    });
    await this.#time('firstStep', () => fresh.train(1));
    fresh.destroy();
    await this.repeatSteps();
    await this.#time('readback', () => trainer.parameters());
  }

  destroy(): void {
    this.#contestant?.session.destroy();
  }

  get #enough(): boolean {
    return this.#spent > ENOUGH && (this.#contestant?.timings.length ?? 0) >= FEW;
  }

  /** Times compilation on a device that has compiled nothing yet. */
  async #timeCompilation(): Promise<void> {
    const { device } = await new GpuAccess().get();
    if (!device) return;
    const trainer = await this.#time('compile', () => this.#create(device));
    trainer.destroy();
    device.destroy();
  }

  #create(device: GPUDevice | undefined): Promise<Trainer> {
    // A recovery would measure another device.
    return createTrainer({ ...this.#options, recovery: false, ...(device && { device }) });
  }

  async #time<T>(stage: Exclude<Stage, 'step'>, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#note(stage, performance.now() - start);
    return result;
  }

  #note(stage: Exclude<Stage, 'step'>, milliseconds: number): void {
    const samples = this.#samples[stage] ?? [];
    samples.push(milliseconds);
    this.#samples[stage] = samples;
    this.#spent += milliseconds;
    this.result.times[stage] = spread(samples);
  }
}

function whyNot(error: unknown): Failure {
  if (error instanceof PlanError) {
    return { kind: 'plan', detail: `The plan '${error.plan}' takes ${error.takes}.` };
  }
  console.info(error);
  return { kind: 'unknown' };
}
