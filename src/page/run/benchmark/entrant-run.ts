import { DeviceLostError, NonFiniteError, OutOfMemoryError, PlanError, workDone } from '../../../index.ts';
import { Contestant, type TrainerSession, trainerSession } from '../../measure/contestant.ts';
import { spread } from '../../measure/statistics.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../settings/network.ts';
import { GpuAccess } from '../adapter.ts';
import type { PlanCache } from '../found-plans.ts';
import { ENOUGH, FEW, LONGEST_STEP, REPETITION } from './program.ts';
import { type Entrant, type EntrantResult, type Failure, isOnCpu, type Stage } from './results.ts';

/** What all entrants share. */
export interface Resources {
  /** Of the GPU; undefined if there is none. */
  device: GPUDevice | undefined;
  cache: PlanCache;
  /** All threads of the CPU. */
  threads: number;
}

/** An entrant under the clock. An error ends its part in the benchmark, and not the benchmark. */
export class EntrantRun {
  readonly result: EntrantResult;
  /** Milliseconds of a step, about; infinite before {@link prepare}. */
  step = Number.POSITIVE_INFINITY;
  readonly #options: NetworkOptions;
  readonly #device: GPUDevice | undefined;
  readonly #phase: 'stages' | 'sweep';
  readonly #samples: Partial<Record<Exclude<Stage, 'step'>, number[]>> = {};
  #contestant: Contestant<TrainerSession> | undefined;
  #spent = 0;

  /** @param phase whether all stages are timed, or the steps of one of many sizes */
  constructor(
    { way, precision }: Entrant,
    options: NetworkOptions,
    { device, cache, threads }: Resources,
    phase: 'stages' | 'sweep',
  ) {
    this.result = { way, precision, times: {} };
    this.#phase = phase;
    this.#device = isOnCpu(way) ? undefined : device;
    const place = isOnCpu(way)
      ? { backend: 'cpu' as const, threads: way === 'threads' ? threads : 1, webAssembly: way !== 'plain' }
      : { backend: 'webgpu' as const, plan: way, tuning: { cache } };
    this.#options = { ...options, precision, ...place };
  }

  get failed(): boolean {
    return this.result.failure !== undefined;
  }

  /** Why the trainer computes as it does. */
  get #reason(): string | undefined {
    return this.#contestant?.session.trainer.tuning.reason;
  }

  /**
   * Makes a trainer, finds the plan's fastest form and how many steps make a repetition.
   * @param others the entrants that are prepared already: a twin on the CPU needs no timing of its own
   */
  async prepare(others: readonly EntrantRun[] = []): Promise<void> {
    await this.#attempt(async () => {
      const session = await trainerSession({
        ...this.#options,
        ...(this.#device && { device: this.#device }),
      });
      this.#contestant = new Contestant(session);
      const { chosen, tiling } = session.trainer.tuning;
      Object.assign(this.result, { chosen, ...(tiling && { tiling }) });
      const twin = this.#twinIn(others);
      if (twin) {
        const why = this.#reason;
        const fewer = this.result.way === 'threads' && why !== undefined && why !== twin.#reason;
        this.result.failure = fewer ? { kind: 'threads', detail: why } : { kind: 'same' };
        return;
      }
      await this.#tryStep(session.trainer);
      this.step = await this.#contestant.warmUp(REPETITION[this.#phase]);
    });
  }

  /** The CPU on one thread, if it computes as this entrant does. */
  #twinIn(others: readonly EntrantRun[]): EntrantRun | undefined {
    const { way, precision, chosen } = this.result;
    if (way !== 'threads' && way !== 'plain') return undefined;
    return others.find(
      ({ result }) => result.way === 'cpu' && result.precision === precision && result.chosen === chosen,
    );
  }

  /** The first step, which tells whether steps are too long. */
  async #tryStep(trainer: Network): Promise<void> {
    const most = LONGEST_STEP[this.#phase];
    const signal = AbortSignal.timeout(most);
    try {
      await trainer.train(1, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      this.result.failure = { kind: 'slow', seconds: most / 1000 };
      throw error;
    }
  }

  /** Stores the loss `steps` steps after the start. */
  compare(steps: number): Promise<void> {
    return this.#attempt(async () => {
      if (this.#contestant) this.result.loss = await this.#contestant.lossAfter(steps);
    });
  }

  /** One repetition of the steps, unless the entrant has taken enough time. */
  repeatSteps(): Promise<void> {
    return this.#attempt(async () => {
      if (!this.#contestant || this.#enough) return;
      this.#spent += await this.#contestant.time();
      this.result.times.step = this.#contestant.spread;
    });
  }

  /** One repetition of every stage. */
  repeatStages(): Promise<void> {
    return this.#attempt(async () => {
      const trainer = this.#contestant?.session.trainer;
      if (!trainer || this.#enough) return;
      if (this.#device) await this.#timeCompilation();
      const device = this.#device;
      const fresh = await this.#time('upload', async () => {
        const made = await this.#create(device);
        if (device) await workDone(device);
        return made;
      });
      try {
        await this.#time('firstStep', () => fresh.train(1));
      } finally {
        fresh.destroy();
      }
      await this.repeatSteps();
      await this.#time('readback', () => trainer.parameters());
    });
  }

  destroy(): void {
    this.#contestant?.session.destroy();
    this.#contestant = undefined;
  }

  get #enough(): boolean {
    return this.#spent > ENOUGH[this.#phase] && (this.#contestant?.timings.length ?? 0) >= FEW;
  }

  /** Does a part of the work, if all parts before have been done. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.failed) return;
    try {
      await work();
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      this.result.failure ??= whyNot(error);
    }
    // What is not timed further takes no memory and no threads from the others.
    if (this.failed) this.destroy();
  }

  /** Times compilation on a device that has compiled nothing yet. */
  async #timeCompilation(): Promise<void> {
    const { device } = await new GpuAccess().get();
    if (!device) return;
    try {
      const trainer = await this.#time('compile', () => this.#create(device));
      trainer.destroy();
    } finally {
      device.destroy();
    }
  }

  #create(device: GPUDevice | undefined): Promise<Network> {
    // A recovery would measure another device.
    return createNetwork({ ...this.#options, recovery: false, ...(device && { device }) });
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
  if (error instanceof NonFiniteError) return { kind: 'diverged', step: error.step };
  console.info(error);
  return { kind: error instanceof OutOfMemoryError ? 'memory' : 'unknown' };
}
