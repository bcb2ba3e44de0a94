import { untilAborted } from '../abort.ts';
import {
  Divergence,
  type Engine,
  type EngineState,
  type GradientsAt,
  l2Term,
  measurement,
  type Reports,
} from '../engine.ts';
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
import { compiled } from './kernels/dispatch.ts';
import { allocating, GpuMemory } from './memory/memory.ts';
import { checkFit } from './network/fit.ts';
import { evaluationPass, logitsPassOf } from './network/forward.ts';
import { freezeParameters, readLayers } from './network/parameter-copies.ts';
import { checkDiverged, NOT_DIVERGED, type ParameterBuffers, writeLayers } from './network/parameters.ts';
import { type Source, sourceOf } from './network/rows.ts';
import type { Schedule } from './network/schedule.ts';
import type { Choice, Wanted } from './plans/candidates.ts';
import { createContext, Evaluation, type PlanContext } from './plans/plan.ts';
import { arithmeticOf } from './profile/arithmetic.ts';
import { activations, predict } from './reads/forward.ts';
import { operationsOf } from './reads/operations.ts';
import { Reporter, type Reporting } from './reporting.ts';
import { Commands } from './submission/commands.ts';
import { Readback } from './submission/readback.ts';
import { type SubmissionResults, Submissions } from './submissions.ts';
import { Tuner } from './tuning/tuner.ts';

/** Milliseconds of training in a call before the tuner starts, so that a few steps never wait. */
const TUNE_AFTER = 50;
/** The most steps that kernels count from an origin, in 32 bits, but those of a submission. */
const MOST_COUNTED = 2 ** 32 - 2 ** 16;

/** The plan of an engine, and whether and how the engine looks for a faster one. */
type EngineOptions = Pick<BackendChoice, 'tuning'> & { plan: Wanted };

/** A measurement's step and the λ of its L2 term. */
interface Moment {
  step: number;
  l2: number;
}

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
          yield { ...this.#measurement(report, results, rows), ...(parameters && { parameters }) };
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
    const { source: training } = this.#context;
    if (!data && !training.streamed)
      return this.#guard(this.#evaluate(() => this.#tuner.plan.evaluation, this.#memory, training.rows));
    return this.#apart(async (memory) => {
      const evaluationOf = async (network: ParameterBuffers, source: Source) => {
        const logits = await logitsPassOf(network);
        const evaluation = await allocating(
          memory.device,
          'measuring',
          () => new Evaluation(memory, evaluationPass(memory, network, source, logits)),
        );
        await compiled(evaluation.dispatches);
        return evaluation;
      };
      const source = data
        ? await allocating(memory.device, 'the data', () => sourceOf(memory, data))
        : training;
      if (!source.streamed) {
        const evaluation = await evaluationOf(this.#network, source);
        return this.#evaluate(() => evaluation, memory, source.rows);
      }
      // Rows are streamed from a copy of the parameters, because training may go on meanwhile.
      let at = this.#now;
      const network = await freezeParameters(memory, this.#network, () => {
        at = this.#now;
      });
      const evaluation = await evaluationOf(network, source);
      await evaluation.stream();
      return this.#evaluate(() => evaluation, memory, source.rows, at);
    });
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

  /**
   * Runs an evaluation of the parameters at this point of the queue.
   * @param current gives the evaluation, which may be another plan's after a wait
   */
  async #evaluate(
    current: () => Evaluation,
    memory: GpuMemory,
    rows: number,
    at?: Moment,
  ): Promise<Measurement> {
    const readback = await Readback.create(memory, current().words + 1);
    const evaluation = current();
    const moment = at ?? this.#now;
    const commands = new Commands(memory, 'measure');
    evaluation.encode(commands);
    readback.copy(commands, evaluation.results, evaluation.words);
    readback.copy(commands, this.#network.diverged, 1);
    const { origin } = this.#network;
    await commands.submit();
    const [results, flag] = await readback.read();
    checkDiverged(flag, origin);
    return this.#measurement(moment, this.#memory.format.decode(results), rows);
  }

  #measurement({ step, l2 }: Moment, results: FloatArray, rows: number): Measurement {
    const squares = results.slice(-this.#network.parameters.length);
    const [dataLoss, ...counts] = results.subarray(0, -squares.length);
    const correct = counts.reduce((sum, count) => sum + count);
    return measurement(step, dataLoss, correct / rows, l2Term(squares, l2));
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
