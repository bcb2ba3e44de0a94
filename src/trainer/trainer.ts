import { callersReason, delayed, ownSignal, untilAborted } from '../abort.ts';
import { rows as checkRows } from '../checks/dataset.ts';
import { type NumberRange, numberRange } from '../checks/numbers.ts';
import { classesOf } from '../data/answers.ts';
import {
  type AnyMeasurement,
  allFinite,
  Divergence,
  type Engine,
  type GradientsAt,
  type Outputs,
  type Reports,
} from '../engine.ts';
import { OptionError } from '../errors.ts';
import {
  checkpoint as checkCheckpoint,
  steps as checkSteps,
  measuredRows,
  runOptions,
  trainOptions,
} from '../options/calls.ts';
import { descriptionOf } from '../options/description.ts';
import type { Loss, TrainingSetup } from '../options/setup.ts';
import { SETTINGS, type SettingChanges, settingsChanges } from '../options/step-settings.ts';
import { BusyError, DestroyedError, DeviceLostError, NonFiniteError } from '../training-errors.ts';
import type {
  Backend,
  Changes,
  Checkpoint,
  Description,
  FloatArray,
  LayerParameters,
  NetworkTrainer,
  Operation,
  Precision,
  Prediction,
  Recovery,
  RegressionPrediction,
  RunOptions,
  Tensor,
  Tuning,
} from '../types.ts';
import { CallOrder } from './call-order.ts';
import { Diagnosis } from './diagnosis.ts';
import type { Progress } from './progress.ts';
import type { EngineRecovery } from './recovery.ts';
import { checkpointOf, type Snapshot } from './snapshots.ts';

/**
 * Milliseconds after an abort in which measurements are still reported: an abort takes effect
 * within 100 ms.
 */
const ABORT_GRACE = 80;

/** The symbol of `await using`, or a symbol of the same name in browsers without it. */
const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/** The arguments of a call that trains. */
interface TrainingCall {
  steps: number;
  /** The measurements of the call; undefined: none. */
  reports?: Reports;
  signal: AbortSignal | undefined;
}

/** The calls of the work that a trainer does {@link EngineTrainer.alone}. */
export type OwnCalls = Pick<EngineTrainer, 'train' | 'run' | 'restore'>;

/** Where a call that trains stands; with another engine, its run has to be started again. */
type Stage = 'under way' | 'ended' | 'replaced';

/**
 * The public trainer, of classifiers and regressions: checks the arguments and the order of calls, then
 * has an engine do the work.
 */
export class EngineTrainer implements NetworkTrainer {
  /** The options after their check. */
  readonly setup: TrainingSetup;
  readonly #recovery: EngineRecovery;
  readonly #progress: Progress;
  readonly #range: NumberRange;
  /** The name of the call at work: train, run or tune. */
  #running: string | undefined;
  /** The name of the call that trains in several parts. */
  #alone: string | undefined;
  /** Resolves when the engine has made all measurements of an aborted call. */
  #rest: Promise<void> = Promise.resolve();
  readonly #diagnosis: Diagnosis;
  /** Ends the snapshots of the call at work. */
  #endSnapshots = () => {};
  readonly #order = new CallOrder();
  /** The last restore, until it has ended: its step, and the settings changed since its call. */
  #restoring: { step: number; changes: SettingChanges } | undefined;
  readonly #end = new AbortController();

  constructor(setup: TrainingSetup, recovery: EngineRecovery, progress: Progress) {
    this.setup = setup;
    this.#recovery = recovery;
    this.#progress = progress;
    this.#diagnosis = new Diagnosis(setup, recovery, progress.snapshots);
    this.#range = numberRange(setup.precision, recovery.engine.backend === 'cpu');
    for (const name of SETTINGS) refuseAssignment(this, name);
    Object.preventExtensions(this);
  }

  get step(): number {
    return this.#restoring?.step ?? this.#diagnosis.step ?? this.#recovery.engine.step;
  }

  get backend(): Backend {
    return this.#recovery.engine.backend;
  }

  get fallback(): string | undefined {
    return this.#recovery.engine.fallback;
  }

  get precision(): Precision {
    return this.setup.precision;
  }

  get plan(): string {
    return this.#recovery.engine.plan;
  }

  get tuning(): Tuning {
    return this.#recovery.tuning;
  }

  get recoveries(): readonly Recovery[] {
    return this.#recovery.recoveries;
  }

  get operations(): readonly Operation[] {
    return this.#recovery.engine.operations;
  }

  async train(steps: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    for await (const _ of this.#train('train', this.#trainCheck(steps, options)));
  }

  #trainCheck(steps: number, options: { signal?: AbortSignal }): () => TrainingCall {
    return () => ({ steps: checkSteps(this.step)(steps, 'steps'), ...trainOptions(options) });
  }

  run(options: RunOptions): AsyncGenerator<AnyMeasurement, void, void> {
    return this.#train('run', () => runOptions(options, this.step));
  }

  set(changes: Changes): void {
    this.checkAlive('set');
    const { settings, data } = this.setup;
    const checked = settingsChanges(changes, settings.now.optimizer, this.#range, classesOf(data));
    if (this.#restoring) Object.assign(this.#restoring.changes, checked);
    else settings.set(this.step, checked);
  }

  /**
   * Has a call that trains in several parts do its work, while other calls that train are refused.
   * @param work gets the calls that are its own
   * @throws {BusyError} if another call is at work
   */
  async alone<T>(call: string, work: (own: OwnCalls) => Promise<T>): Promise<T> {
    this.#idle(call);
    this.#alone = call;
    const train = async (steps: number, options: { signal?: AbortSignal } = {}) => {
      for await (const _ of this.#train(call, this.#trainCheck(steps, options), true));
    };
    try {
      return await work({
        train,
        run: (options) => this.#train(call, () => runOptions(options, this.step), true),
        restore: (checkpoint) => this.#restoreTo(call, checkpoint),
      });
    } finally {
      this.#alone = undefined;
    }
  }

  async tune(): Promise<Tuning> {
    this.#idle('tune');
    this.#running = 'tune';
    try {
      await this.#read('tune', (engine) => engine.tune());
    } finally {
      this.#running = undefined;
    }
    return this.tuning;
  }

  async measure(...given: [] | [data: unknown]): Promise<AnyMeasurement> {
    this.checkAlive('measure');
    // Data that is undefined, such as an empty test set, must not pass for the training data.
    const rows = given.length > 0 ? measuredRows(this.setup, this.#range)(given[0], 'data') : undefined;
    return this.#read('measure', (engine) => engine.measure(rows));
  }

  async predict(inputs: FloatArray): Promise<Prediction | RegressionPrediction> {
    this.checkAlive('predict');
    const rows = checkRows(this.setup.data.features, this.#range)(inputs, 'inputs');
    const { step } = this;
    const outputs = await this.#read('predict', (engine) => engine.predict(rows));
    if (!allFinite(outputs.values)) throw new NonFiniteError(step, 'a logit');
    return PREDICTIONS[this.setup.loss](outputs);
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    this.checkAlive('activations');
    const rows = checkRows(this.setup.data.features, this.#range)(inputs, 'inputs');
    const { step } = this;
    const layers = await this.#read('activations', (engine) => engine.activations(rows));
    if (!layers.every(allFinite)) throw new NonFiniteError(step, 'an activation');
    return layers;
  }

  async gradients(): Promise<LayerParameters[]> {
    return (await this.gradientsAt()).gradients;
  }

  /**
   * The gradients with the parameters and the λ of the same step: while training goes on, two reads
   * may see two steps.
   */
  async gradientsAt(): Promise<GradientsAt> {
    const { step } = this;
    const gradientsAt = await this.#read('gradients', (engine) => engine.gradients());
    for (const { weights, biases } of gradientsAt.gradients) {
      if (!(allFinite(weights) && allFinite(biases))) throw new NonFiniteError(step, 'a gradient');
    }
    return gradientsAt;
  }

  async inspect(): Promise<Tensor[]> {
    return this.#read('inspect', (engine) => engine.inspect());
  }

  describe(): Description {
    this.checkAlive('describe');
    return descriptionOf(this.setup);
  }

  async parameters(): Promise<LayerParameters[]> {
    return (await this.#read('parameters', (engine) => engine.state())).parameters;
  }

  async save(): Promise<Checkpoint> {
    const snapshot = await this.#read('save', async (engine) => {
      const { seed } = this.#progress.snapshots;
      return { state: await engine.state(), seed };
    });
    return checkpointOf(this.setup, snapshot);
  }

  async restore(checkpoint: Checkpoint): Promise<void> {
    this.#idle('restore');
    await this.#restoreTo('restore', checkpoint);
  }

  async #restoreTo(call: string, checkpoint: Checkpoint): Promise<void> {
    const { seed, ...state } = checkCheckpoint(this.setup, this.#range)(checkpoint, 'checkpoint');
    const restoring = { step: state.step, changes: {} };
    this.#restoring = restoring;
    const restored = this.#order.restore(() => this.#restore({ state, seed }, restoring));
    await this.#answer(call, restored);
  }

  destroy(): void {
    if (this.ended.aborted) return;
    this.#end.abort();
    this.#endSnapshots();
    this.#recovery.destroy();
  }

  /** Aborted by {@link destroy}. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  async [asyncDispose](): Promise<void> {
    this.destroy();
  }

  /**
   * Trains and measures.
   * @param check checks and returns the arguments, at the first `next()` of the generator
   * @param part whether the call is a part of the one that works alone
   */
  async *#train(
    call: string,
    check: () => TrainingCall,
    part = false,
  ): AsyncGenerator<AnyMeasurement, void, void> {
    const { steps, reports, signal: given } = check();
    this.#idle(call, part);
    given?.throwIfAborted();
    const own = given && ownSignal(given);
    const signal = own?.signal;
    const grace = signal && delayed(signal, ABORT_GRACE);
    this.#running = call;
    const [recovery, progress] = [this.#recovery, this.#progress];
    this.#endSnapshots = progress.snapshots.begin(() => recovery.engine);
    let { engine } = recovery;
    try {
      await untilAborted(this.#rest, signal);
      if (this.#order.restored) await untilAborted(this.#order.restored, signal);
      if (!recovery.ready) await untilAborted(recovery.untilReady(), signal);
      // The measurements left by an aborted run come first.
      for (let next = reports && progress.take(); next; next = progress.take()) yield next;
      const end = this.step + steps;
      progress.begin(this.step, end, reports);
      for (let stage: Stage = 'replaced'; stage !== 'ended'; ) {
        if (stage === 'replaced') {
          this.#diagnosis.check();
          engine = recovery.engine;
          progress.start(engine, end, signal);
        }
        stage = await this.#next(engine, signal, grace?.late);
        for (let next = reports && progress.take(); next; next = progress.take()) yield next;
      }
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      if (this.ended.aborted) given?.throwIfAborted();
      this.checkAlive(call);
      throw callersReason(error);
    } finally {
      this.#endSnapshots();
      if (signal?.aborted) this.#rest = this.#finish(engine);
      else await progress.leave();
      if (recovery.ready && !this.#restoring) progress.mark(this.step)();
      this.#running = undefined;
      grace?.end();
      own?.end();
    }
  }

  /**
   * Waits for the next measurement of a call that trains. After a loss, waits for the next engine.
   * @param late aborts the wait for a measurement
   */
  async #next(engine: Engine, signal?: AbortSignal, late?: AbortSignal): Promise<Stage> {
    const recovery = this.#recovery;
    try {
      if (!(await untilAborted(this.#progress.next(), late))) return 'under way';
      // The run of a lost engine may end without an error.
      if (!recovery.ready) await untilAborted(recovery.untilReady(), signal);
      return engine === recovery.engine ? 'ended' : 'replaced';
    } catch (error) {
      if (error instanceof Divergence && engine === recovery.engine && recovery.ready) {
        throw await untilAborted(this.#diagnosis.of(error, this.step), signal);
      }
      await untilAborted(recovery.replaced(engine, error), signal);
      return 'replaced';
    }
  }

  /**
   * Waits for the steps that an aborted call has handed to an engine, and for their measurements.
   */
  async #finish(engine: Engine): Promise<void> {
    try {
      await this.#progress.drain();
    } catch (error) {
      // After a loss, the next engine makes the measurements. The caller already has the abort's
      // reason.
      await this.#recovery.replaced(engine, error).catch(() => {});
    }
  }

  async #restore(snapshot: Snapshot, restoring: { changes: SettingChanges }): Promise<void> {
    const [recovery, { settings }] = [this.#recovery, this.setup];
    try {
      await recovery.on((engine) => engine.restore(snapshot.state, snapshot.seed));
      this.#diagnosis.forget();
      settings.restart(snapshot.state.moments.length > 0);
      this.#progress.restore(snapshot);
    } finally {
      settings.set(recovery.engine.step, restoring.changes);
      if (this.#restoring === restoring) this.#restoring = undefined;
    }
  }

  /** Reads from the engine, which changes nothing. */
  async #read<T>(call: string, work: (engine: Engine) => Promise<T>): Promise<T> {
    this.checkAlive(call);
    const read = async (engine: Engine) => {
      this.#diagnosis.check();
      const report = this.#progress.mark(engine.step);
      const answer = await work(engine);
      report();
      return answer;
    };
    const answer = this.#order.read(() => this.#recovery.on(read).catch((error) => this.#explain(error)));
    return this.#answer(call, answer);
  }

  /**
   * Waits for an answer. The engine of a destroyed trainer may give any error or answer, which a
   * {@link DestroyedError} replaces. A {@link DeviceLostError} passes: the loss may be the reason
   * for `destroy`.
   */
  async #answer<T>(call: string, answer: Promise<T>): Promise<T> {
    try {
      const result = await answer;
      this.checkAlive(call);
      return result;
    } catch (error) {
      if (!(error instanceof DeviceLostError)) this.checkAlive(call);
      throw error;
    }
  }

  /**
   * @throws the error, diagnosed if it is a divergence; a call that trains diagnoses a divergence
   * itself
   */
  async #explain(error: unknown): Promise<never> {
    const training = this.#running === 'train' || this.#running === 'run';
    throw error instanceof Divergence && !training ? await this.#diagnosis.of(error, this.step) : error;
  }

  /** @throws {DestroyedError} after `destroy` */
  checkAlive(call: string): void {
    if (this.ended.aborted) throw new DestroyedError(call);
  }

  /** @param part whether the call is a part of the one that works alone */
  #idle(call: string, part = false): void {
    this.checkAlive(call);
    const busy = this.#running ?? (part ? undefined : this.#alone);
    if (busy !== undefined) throw new BusyError(call, busy);
  }
}

/** The prediction of each loss. */
const PREDICTIONS: Record<Loss, (outputs: Outputs) => Prediction | RegressionPrediction> = {
  'cross-entropy': ({ values, labels }) => ({ probabilities: values, labels }),
  hinge: ({ values, labels }) => withoutProbabilities({ scores: values, labels }),
  'squared-error': ({ values }) => ({ values }),
};

/** A prediction whose `probabilities` make an error, and are left out of copies. */
function withoutProbabilities(prediction: Omit<Prediction, 'probabilities'>): Prediction {
  return Object.defineProperty(prediction, 'probabilities', {
    get() {
      const expected = "a read of scores, because the loss 'hinge' has no probabilities";
      throw new OptionError('probabilities', expected, undefined, 'a read of probabilities');
    },
  }) as Prediction;
}

/** Makes an error of `trainer.learningRate = 0.01`, which would have no effect. */
function refuseAssignment(trainer: EngineTrainer, name: string): void {
  Object.defineProperty(trainer, name, {
    set(value) {
      throw new OptionError(name, `a call of trainer.set({ ${name} })`, value);
    },
  });
}
