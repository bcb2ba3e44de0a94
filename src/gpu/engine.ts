import { untilAborted } from '../abort.ts';
import {
  type AnyMeasurement,
  Divergence,
  type Engine,
  type EngineState,
  type GradientsAt,
  type Outputs,
  type Reports,
} from '../engine.ts';
import { type BackendChoice, momentCount, type TrainingSetup } from '../options/setup.ts';
import type { Settings } from '../options/step-settings.ts';
import type { AnyDataset, FloatArray, Operation, PlanName, Tensor, Tuning } from '../types.ts';
import { guard } from './device/guard.ts';
import { queueOf } from './device/queue.ts';
import type { Lease } from './device/supply.ts';
import { allocating, GpuMemory } from './memory/memory.ts';
import type { LossTerms } from './network/activations.ts';
import { checkFit } from './network/fit.ts';
import { readLayers } from './network/parameter-copies.ts';
import {
  addMoments,
  NOT_DIVERGED,
  type ParameterBuffers,
  writeLayers,
  writeState,
  zeroLayers,
} from './network/parameters.ts';
import type { Schedule } from './network/schedule.ts';
import type { Choice, Wanted } from './plans/candidates.ts';
import { changedContext, createContext, type PlanContext, sameTerms, termsOf } from './plans/plan.ts';
import { arithmeticOf } from './profile/arithmetic.ts';
import { activations, predict } from './reads/forward.ts';
import { type Moment, measure, measureApart, measureData, measurementOf } from './reads/measure.ts';
import { operationsOf } from './reads/operations.ts';
import { Reporter, type Reporting } from './reporting.ts';
import { type SubmissionResults, Submissions } from './submissions.ts';
import { Tuner } from './tuning/tuner.ts';

/** Milliseconds of training in a call before the tuner starts, so that a few steps never wait. */
const TUNE_AFTER = 50;
/** The most steps that kernels count from an origin, in 32 bits, but those of a submission. */
const MOST_COUNTED = 2 ** 32 - 2 ** 16;

/** The plan of an engine, and whether and how the engine looks for a faster one. */
type EngineOptions = Pick<BackendChoice, 'tuning'> & { plan: Wanted };

/**
 * Training with every forward, backward and update step on the GPU. What most pages never use is
 * loaded at its first use: the self-test of double precision, and the views into a step.
 */
export class GpuEngine implements Engine {
  readonly backend = 'webgpu';
  readonly #setup: TrainingSetup;
  readonly #memory: GpuMemory;
  readonly #network: ParameterBuffers;
  readonly #schedule: Schedule;
  readonly #options: EngineOptions;
  readonly #release: () => void;
  /** The context, the tuner and the reporter are for steps with the same terms. */
  #context: PlanContext;
  #tuner: Tuner;
  readonly #submissions: Submissions;
  #reporter: Reporter;
  #step = 0;
  /** The seed of the order of mini-batches. */
  #seed: number;
  /** The step of the divergence that a run has found. */
  #diverged: number | undefined;
  /** The tuner's trial under way. */
  #trying: Promise<void> | undefined;
  /** Whether a run is at work, which changes the plan itself. */
  #training = false;
  /** The change to another plan under way, which an aborted call may have left behind. */
  #adapting: Promise<void> | undefined;

  private constructor(
    context: PlanContext,
    options: EngineOptions,
    release: () => void,
    tuner: Tuner,
    submissions: Submissions,
  ) {
    this.#options = options;
    this.#setup = context.setup;
    this.#memory = context.memory;
    this.#network = context.network;
    this.#schedule = context.schedule;
    this.#context = context;
    this.#release = release;
    this.#tuner = tuner;
    this.#submissions = submissions;
    this.#reporter = new Reporter(context);
    this.#seed = context.setup.seed;
  }

  /**
   * Allocates the network on a device and compiles its kernels. The engine releases the device when
   * it is destroyed.
   * @param options the plan and its tuning, of the caller's or of another engine
   * @throws {LimitError} {OutOfMemoryError} {ShaderError} {UnsupportedError} {DeviceLostError} with
   * everything freed again, and the device released
   * @throws the signal's reason after an abort, in the same way
   */
  static async create(
    setup: TrainingSetup,
    options: EngineOptions,
    { device, release }: Lease,
    signal?: AbortSignal,
  ): Promise<GpuEngine> {
    let memory = new GpuMemory(device, setup.precision);
    // Work under way ends where it would use this memory.
    const free = () => memory.destroy();
    signal?.addEventListener('abort', free);
    try {
      signal?.throwIfAborted();
      checkFit(memory, setup);
      memory = new GpuMemory(device, await guard(memory, arithmeticOf(device, setup.precision)));
      signal?.throwIfAborted();
      const engine = await guard(memory, GpuEngine.#allocate(setup, options, memory, release));
      signal?.throwIfAborted();
      return engine;
    } catch (error) {
      memory.destroy();
      release();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', free);
    }
  }

  static async #allocate(
    setup: TrainingSetup,
    options: EngineOptions,
    memory: GpuMemory,
    release: () => void,
  ): Promise<GpuEngine> {
    const context = await createContext(memory, setup);
    writeLayers(memory, context.network.parameters, setup.start());
    const submissions = await allocating(memory.device, 'training', () => new Submissions(context));
    const tuner = await Tuner.begin(context, options.plan, options.tuning);
    return new GpuEngine(context, options, release, tuner, submissions);
  }

  /** The plan in use and the division of its work, which decide the kernels of each step. */
  get choice(): Choice {
    return this.#tuner.used;
  }

  /** Waits for the first work of this engine's {@link choice}, which a lost device is blamed on. */
  tried<T>(work: Promise<T>): Promise<T> {
    return this.#tuner.tried(work);
  }

  get plan(): PlanName {
    return this.#tuner.plan.name;
  }

  get tuning(): Tuning {
    return this.#tuner.tuning;
  }

  get step(): number {
    return this.#step;
  }

  async *run(
    steps: number,
    reports: Reports | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<AnyMeasurement, void, void> {
    this.#checkDiverged();
    const own = this.#memory.apart();
    this.#training = true;
    try {
      const prepare = reports && (() => this.#guard(this.#reporter.prepare(reports, own)));
      yield* this.#train(steps, prepare, signal);
    } finally {
      own.destroy();
      this.#training = false;
    }
  }

  async *#train(
    steps: number,
    prepare: (() => Promise<Reporting>) | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<AnyMeasurement, void, void> {
    // Nothing waits here without need: a device that is lost meanwhile would go unnoticed.
    if (!this.#adapted) await untilAborted(this.#adapt(), signal);
    let reporting = prepare && (await untilAborted(prepare(), signal));
    // Streaming of a step's rows is bound to one plan, so that no other plan may take over
    // meanwhile.
    if (this.#context.source.streamed) await untilAborted(Promise.allSettled([this.#trying]), signal);
    const end = this.#step + steps;
    const { clock } = queueOf(this.#memory.device);
    const start = clock();
    const underWay: Promise<SubmissionResults>[] = [];
    let unfinished = this.#step < end || reporting?.reports.last === true;
    try {
      const wanted = () => unfinished && !signal?.aborted;
      const counted = () => this.#step - this.#network.origin < MOST_COUNTED;
      // Queued steps are applied, so that the run reports them after an abort too.
      while (wanted() || underWay.length > 0) {
        // Nothing has diverged so far, and no step under way counts from the old origin.
        if (underWay.length === 0) this.#network.origin = this.#step;
        const tuning = !this.#tuner.settled && clock() - start > TUNE_AFTER && this.#tuner.prepare();
        const most = tuning ? 1 : this.#submissions.most;
        while (wanted() && counted() && this.#adapted && underWay.length < most) {
          const first = this.#step;
          const until = this.#setup.settings.alikeUntil(first, sameKernels);
          const recorded = this.#submissions.record(this.#tuner.plan, { first, end, until, reporting });
          if (this.#context.source.streamed) {
            await this.#guard(recorded.send(signal));
            if (signal?.aborted || !this.#adapted) break;
          }
          // Step and submission change in one turn, so that a read sees the parameters of this
          // step.
          recorded.check();
          this.#step += recorded.count;
          unfinished = !recorded.ends;
          const submission = this.#guard(recorded.submit());
          // A submission may fail before the loop awaits it; that is no unhandled rejection.
          submission.catch(() => {});
          underWay.push(submission);
        }
        if (underWay.length === 0 && !this.#adapted && wanted()) {
          await untilAborted(this.#adapt(), signal);
          reporting = prepare && (await untilAborted(prepare(), signal));
          continue;
        }
        if (underWay.length === 0) break;
        const { reports, diverged } = await underWay[0];
        underWay.shift();
        for (const report of reports) {
          if (diverged !== undefined && report.step >= diverged) break;
          const { results, facts, parameters } = report;
          const measured = measurementOf(report, results, facts, this.#network.parameters.length);
          yield { ...measured, ...(parameters && { parameters }) };
        }
        this.#diverged = diverged;
        this.#checkDiverged();
        if (tuning && wanted() && underWay.length === 0) await untilAborted(this.#tryNext(), signal);
      }
      if (unfinished) signal?.throwIfAborted();
    } finally {
      this.#tuner.pause();
      for (const rest of await Promise.allSettled(underWay)) {
        if (rest.status === 'fulfilled') this.#diverged ??= rest.value.diverged;
      }
    }
  }

  /** Whether the present plan has the terms of the next step. */
  get #adapted(): boolean {
    return sameTerms(this.#context.terms, termsOf(this.#setup.settings.from(this.#step)));
  }

  /** Replaces the plan if the next step has other terms. No step may be under way. */
  #adapt(): Promise<void> {
    this.#adapting ??= this.#changePlan().finally(() => {
      this.#adapting = undefined;
    });
    return this.#adapting;
  }

  async #changePlan(): Promise<void> {
    while (!this.#adapted) {
      await Promise.allSettled([this.#trying]);
      const { plan, tuning } = this.#options;
      const settings = this.#setup.settings.from(this.#step);
      const context = await this.#guard(changedContext(this.#context, settings));
      const tuner = await this.#guard(Tuner.begin(context, plan, tuning));
      this.#tuner.retire();
      this.#reporter.retire();
      this.#context = context;
      this.#tuner = tuner;
      this.#reporter = new Reporter(context);
    }
  }

  async tune(): Promise<void> {
    await this.#adapt();
    while (!this.#tuner.settled) await this.#tryNext();
  }

  /** Does the tuner's next trial, or waits for the trial that an aborted call left under way. */
  #tryNext(): Promise<void> {
    this.#trying ??= this.#guard(this.#tuner.next()).finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async measure(data?: AnyDataset): Promise<AnyMeasurement> {
    // The plan that makes the next step measures before it too, with the same bits.
    if (!data && !this.#training && !this.#adapted) await this.#guard(this.#adapt());
    const { source } = this.#context;
    const { facts } = this.#schedule;
    const now = () => this.#now;
    if (data) return this.#apart((memory) => measureData(memory, this.#network, data, now));
    if (source.streamed || !this.#adapted)
      return this.#apart((memory) => measureApart(memory, this.#network, { source, facts }, now));
    const present = () => this.#tuner.plan.evaluation;
    return this.#guard(measure(this.#memory, this.#network, present, facts, now));
  }

  async predict(inputs: FloatArray): Promise<Outputs> {
    return this.#apart((memory) => predict(memory, this.#network, inputs));
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    return this.#apart((memory) => activations(memory, this.#network, inputs));
  }

  async gradients(): Promise<GradientsAt> {
    return this.#apart(async (memory) => {
      const { gradients } = await import('./reads/gradients.ts');
      const { plan, choiceForRead } = this.#tuner;
      const now = () => this.#setup.settings.from(this.#step);
      return gradients(memory, this.#context, plan.name, choiceForRead, now);
    });
  }

  get operations(): readonly Operation[] {
    return operationsOf(this.#tuner.plan.dispatches, this.#setup);
  }

  async inspect(): Promise<Tensor[]> {
    return this.#apart(async (memory) => {
      const { inspect } = await import('./reads/inspection.ts');
      const { plan, choiceForRead } = this.#tuner;
      return inspect(memory, this.#context, plan.name, choiceForRead, () => [this.#step, this.#seed]);
    });
  }

  async state(): Promise<EngineState> {
    let step = 0;
    const { parameters, moments } = this.#network;
    const sets = readLayers(this.#memory, this.#network, [parameters, ...moments], () => {
      step = this.#step;
    });
    const [first, ...rest] = await this.#guard(sets);
    // A velocity that no step has needed so far is 0.
    const count = momentCount(this.#setup);
    const missing = Math.max(0, count - rest.length);
    const { sizes } = this.#network;
    const added = Array.from({ length: missing }, () => zeroLayers(sizes, this.#memory.format.Float));
    return { step, parameters: first, moments: [...rest.slice(0, count), ...added] };
  }

  restore(state: EngineState, seed: number): Promise<void> {
    return this.#guard(this.#restore(state, seed));
  }

  async #restore(state: EngineState, seed: number): Promise<void> {
    const [memory, network] = [this.#memory, this.#network];
    if (state.moments.length > network.moments.length) {
      await allocating(memory.device, 'the moments', () => addMoments(memory, network, state.moments.length));
    }
    writeState(memory, network, state);
    memory.write(network.diverged, Uint32Array.of(NOT_DIVERGED));
    this.#schedule.reseed(seed);
    this.#seed = seed;
    this.#step = state.step;
    this.#network.origin = state.step;
    this.#diverged = undefined;
  }

  destroy(): void {
    this.#tuner.destroy();
    this.#memory.destroy();
    this.#release();
  }

  get #now(): Moment & { terms: LossTerms } {
    const settings = this.#setup.settings.from(this.#step);
    const { l2, l1 } = settings;
    return { step: this.#step, l2, l1, terms: termsOf(settings).loss };
  }

  #checkDiverged(): void {
    if (this.#diverged !== undefined) throw new Divergence(this.#diverged);
  }

  /** Reads with memory of its own, and frees that memory. */
  async #apart<T>(read: (memory: GpuMemory) => Promise<T>): Promise<T> {
    const memory = this.#memory.apart();
    try {
      return await this.#guard(read(memory));
    } finally {
      memory.destroy();
    }
  }

  #guard<T>(work: Promise<T>): Promise<T> {
    return guard(this.#memory, work);
  }
}

const sameKernels = (a: Settings, b: Settings) => sameTerms(termsOf(a), termsOf(b));
