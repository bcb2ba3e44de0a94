import { untilAborted } from '../abort.ts';
import { Divergence, type Engine, type EngineState, type GradientsAt, type Reports } from '../engine.ts';
import type { BackendChoice, TrainingSetup } from '../options/setup.ts';
import type {
  Dataset,
  FloatArray,
  Measurement,
  Operation,
  PlanName,
  Prediction,
  Tensor,
  Tuning,
} from '../types.ts';
import { guard } from './device/guard.ts';
import { queueOf } from './device/queue.ts';
import type { Lease } from './device/supply.ts';
import { allocating, GpuMemory } from './memory/memory.ts';
import { checkFit } from './network/fit.ts';
import { readLayers } from './network/parameter-copies.ts';
import { NOT_DIVERGED, type ParameterBuffers, writeLayers } from './network/parameters.ts';
import type { Schedule } from './network/schedule.ts';
import type { Choice, Wanted } from './plans/candidates.ts';
import { createContext, type PlanContext } from './plans/plan.ts';
import { arithmeticOf } from './profile/arithmetic.ts';
import { activations, predict } from './reads/forward.ts';
import { type Moment, measure, measureApart, measurementOf } from './reads/measure.ts';
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
  readonly #context: PlanContext;
  readonly #release: () => void;
  readonly #tuner: Tuner;
  readonly #submissions: Submissions;
  readonly #reporter: Reporter;
  #step = 0;
  /** The seed of the order of mini-batches. */
  #seed: number;
  /** The step of the divergence that a run has found. */
  #diverged: number | undefined;
  /** The tuner's trial under way. */
  #trying: Promise<void> | undefined;

  private constructor(context: PlanContext, release: () => void, tuner: Tuner, submissions: Submissions) {
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
    { plan, tuning }: EngineOptions,
    memory: GpuMemory,
    release: () => void,
  ): Promise<GpuEngine> {
    const context = await createContext(memory, setup);
    writeLayers(memory, context.network.parameters, setup.start());
    const submissions = await allocating(memory.device, 'training', () => new Submissions(context));
    return new GpuEngine(context, release, await Tuner.begin(context, plan, tuning), submissions);
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
  ): AsyncGenerator<Measurement, void, void> {
    this.#checkDiverged();
    const own = this.#memory.apart();
    try {
      const reporting =
        reports && (await untilAborted(this.#guard(this.#reporter.prepare(reports, own)), signal));
      yield* this.#train(steps, reporting, signal);
    } finally {
      own.destroy();
    }
  }

  async *#train(
    steps: number,
    reporting: Reporting | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Measurement, void, void> {
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
        while (wanted() && counted() && underWay.length < most) {
          const recorded = this.#submissions.record(this.#tuner.plan, { first: this.#step, end, reporting });
          if (this.#context.source.streamed) {
            await this.#guard(recorded.send(signal));
            if (signal?.aborted) break;
          }
          // Step and submission change in one turn, so that a read sees the parameters of this
          // step.
          this.#step += recorded.count;
          unfinished = !recorded.ends;
          const submission = this.#guard(recorded.submit());
          // A submission may fail before the loop awaits it; that is no unhandled rejection.
          submission.catch(() => {});
          underWay.push(submission);
        }
        if (underWay.length === 0) break;
        const { reports, diverged } = await underWay[0];
        underWay.shift();
        for (const report of reports) {
          if (diverged !== undefined && report.step >= diverged) break;
          const { results, rows, parameters } = report;
          const measured = measurementOf(report, results, rows, this.#network.parameters.length);
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

  async tune(): Promise<void> {
    while (!this.#tuner.settled) await this.#tryNext();
  }

  /** Does the tuner's next trial, or waits for the trial that an aborted call left under way. */
  #tryNext(): Promise<void> {
    this.#trying ??= this.#guard(this.#tuner.next()).finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async measure(data?: Dataset): Promise<Measurement> {
    const { source } = this.#context;
    const now = () => this.#now;
    if (data || source.streamed)
      return this.#apart((memory) => measureApart(memory, this.#network, data ?? source, now));
    const present = () => this.#tuner.plan.evaluation;
    return this.#guard(measure(this.#memory, this.#network, present, source.rows, now));
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    return this.#apart((memory) => predict(memory, this.#network, inputs));
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    return this.#apart((memory) => activations(memory, this.#network, inputs));
  }

  async gradients(): Promise<GradientsAt> {
    return this.#apart(async (memory) => {
      const { gradients } = await import('./reads/gradients.ts');
      const { plan, choiceForRead } = this.#tuner;
      return gradients(memory, this.#context, plan.name, choiceForRead);
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
    return { step, parameters: first, moments: rest };
  }

  restore(state: EngineState, seed: number): Promise<void> {
    return this.#guard(this.#restore(state, seed));
  }

  async #restore(state: EngineState, seed: number): Promise<void> {
    const { parameters, moments, diverged } = this.#network;
    writeLayers(this.#memory, parameters, state.parameters);
    moments.forEach((buffers, m) => void writeLayers(this.#memory, buffers, state.moments[m]));
    this.#memory.write(diverged, Uint32Array.of(NOT_DIVERGED));
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

  get #now(): Moment {
    return { step: this.#step, l2: this.#setup.settings.at(this.#step).l2 };
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
