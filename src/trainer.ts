import { checkOptions } from './data/checks.ts';
import { checkDataset, checkInputs, checkSize, type Dataset, type FloatArray } from './data/dataset.ts';
import type { LayerParameters } from './data/initialization.ts';
import { checkSeed } from './data/random-state.ts';
import { allFinite, type Engine } from './engine.ts';
import { BusyError, DestroyedError, DeviceLostError, NonFiniteError, OptionError } from './errors.ts';
import { checkParameters, checkSignal, checkSteps, momentCount, type TrainingSetup } from './options.ts';
import { TrainerDissection } from './trainer-dissection.ts';
import type {
  Backend,
  Checkpoint,
  Dissection,
  Measurement,
  Operation,
  Precision,
  Prediction,
  Tensor,
  Trainer,
  Tuning,
} from './types.ts';

/** Those of `run`, and what else a {@link CaseStudy} has, which can be run as it is. */
const RUN_OPTIONS = { steps: true, every: true, signal: true, options: false, published: false };

/** The public trainer: checks what it is given and in which order it is called, then lets an engine do the work. */
export class EngineTrainer implements Trainer {
  readonly #engine: Engine;
  /** What it trains, as it was checked. */
  readonly setup: TrainingSetup;
  readonly #float32Range: boolean;
  #seed: number;
  /** The call that is changing the parameters just now. */
  #running: string | undefined;
  #destroyed = false;

  constructor(engine: Engine, setup: TrainingSetup) {
    this.#engine = engine;
    this.setup = setup;
    this.#float32Range = setup.precision === 'single' || engine.backend === 'webgpu';
    this.#seed = setup.seed;
  }

  get step(): number {
    return this.#engine.step;
  }

  get backend(): Backend {
    return this.#engine.backend;
  }

  get precision(): Precision {
    return this.#engine.precision;
  }

  get plan(): string {
    return this.#engine.plan;
  }

  get tuning(): Tuning {
    return this.#engine.tuning;
  }

  async train(steps: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    checkSteps(steps);
    checkOptions(options, { signal: true });
    checkSignal(options.signal);
    for await (const _ of this.#exclusive('train', steps, undefined, options.signal));
  }

  async *run(options: {
    steps: number;
    every: number;
    signal?: AbortSignal;
  }): AsyncGenerator<Measurement, void, void> {
    checkOptions(options, RUN_OPTIONS);
    checkSteps(options.steps);
    checkSignal(options.signal);
    checkSize(options.every, 'every');
    yield* this.#exclusive('run', options.steps, options.every, options.signal);
  }

  async tune(): Promise<Tuning> {
    this.#idle('tune');
    this.#running = 'tune';
    try {
      await this.#engine.tune();
    } finally {
      this.#running = undefined;
    }
    return this.tuning;
  }

  async measure(data?: Dataset): Promise<Measurement> {
    this.#alive('measure');
    if (data !== undefined) {
      checkDataset(data, 'data', this.#float32Range);
      this.#sameShape(data);
    }
    return this.#read('measure', this.#engine.measure(data));
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    this.#alive('predict');
    checkInputs(inputs, this.setup.data.features, 'inputs', this.#float32Range);
    const { step } = this;
    const prediction = await this.#read('predict', this.#engine.predict(inputs));
    if (!allFinite(prediction.probabilities)) throw new NonFiniteError(step, 'a logit');
    return prediction;
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    this.#alive('activations');
    checkInputs(inputs, this.setup.data.features, 'inputs', this.#float32Range);
    const { step } = this;
    const layers = await this.#read('activations', this.#engine.activations(inputs));
    if (!layers.every(allFinite)) throw new NonFiniteError(step, 'an activation');
    return layers;
  }

  async gradients(): Promise<LayerParameters[]> {
    this.#alive('gradients');
    const { step } = this;
    const gradients = await this.#read('gradients', this.#engine.gradients());
    for (const { weights, biases } of gradients) {
      if (!(allFinite(weights) && allFinite(biases))) throw new NonFiniteError(step, 'a gradient');
    }
    return gradients;
  }

  get operations(): readonly Operation[] {
    return this.#engine.operations;
  }

  async inspect(): Promise<Tensor[]> {
    this.#alive('inspect');
    return this.#read('inspect', this.#engine.inspect());
  }

  async dissect(): Promise<Dissection> {
    this.#idle('dissect');
    this.#running = 'dissect';
    try {
      const before = await this.#read('dissect', this.#engine.state());
      const engine = this.#engine;
      return new TrainerDissection(
        engine.dissect(),
        (work) => {
          this.#alive('dissect');
          return this.#read('dissect', work());
        },
        () => engine.restore(before, this.#seed),
        () => {
          this.#running = undefined;
        },
      );
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  async parameters(): Promise<LayerParameters[]> {
    this.#alive('parameters');
    return (await this.#read('parameters', this.#engine.state())).parameters;
  }

  async save(): Promise<Checkpoint> {
    this.#alive('save');
    const seed = this.#seed;
    const { step, parameters, moments } = await this.#read('save', this.#engine.state());
    const { optimizer, batchSize } = this.setup;
    return { version: 1, step, seed, batchSize, parameters, optimizer: { name: optimizer.name, moments } };
  }

  async restore(checkpoint: Checkpoint): Promise<void> {
    this.#idle('restore');
    this.#checkCheckpoint(checkpoint);
    const { step, seed, parameters, optimizer } = checkpoint;
    const restored = this.#engine.restore({ step, parameters, moments: optimizer.moments }, seed);
    this.#seed = seed;
    await this.#read('restore', restored);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#engine.destroy();
  }

  async *#exclusive(call: string, steps: number, every: number | undefined, signal?: AbortSignal) {
    this.#idle(call);
    signal?.throwIfAborted();
    this.#running = call;
    try {
      yield* this.#engine.run(steps, every, signal);
    } catch (error) {
      if (!this.#destroyed || error instanceof DeviceLostError) throw error;
      signal?.throwIfAborted();
      throw new DestroyedError(call);
    } finally {
      this.#running = undefined;
    }
  }

  /**
   * Waits for an answer. An engine that has been destroyed meanwhile may fail in any way, or answer anything. But who destroys a
   * trainer because its device was lost is told of the loss.
   */
  async #read<T>(call: string, answer: Promise<T>): Promise<T> {
    try {
      const result = await answer;
      this.#alive(call);
      return result;
    } catch (error) {
      if (!(error instanceof DeviceLostError)) this.#alive(call);
      throw error;
    }
  }

  #alive(call: string): void {
    if (this.#destroyed) throw new DestroyedError(call);
  }

  #idle(call: string): void {
    this.#alive(call);
    if (this.#running !== undefined) throw new BusyError(call, this.#running);
  }

  #sameShape(data: Dataset): void {
    for (const field of ['features', 'classes'] as const) {
      const expected = this.setup.data[field];
      if (data[field] !== expected) {
        throw new OptionError(`data.${field}`, `${expected}, as in the training data`, data[field]);
      }
    }
  }

  #checkCheckpoint(checkpoint: Checkpoint): void {
    const { sizes, optimizer, batchSize } = this.setup;
    if (typeof checkpoint !== 'object' || checkpoint === null || checkpoint.version !== 1) {
      throw new OptionError('checkpoint', 'what save() returned (version 1)', checkpoint);
    }
    if (!Number.isSafeInteger(checkpoint.step) || checkpoint.step < 0) {
      throw new OptionError('checkpoint.step', 'a whole number of at least 0', checkpoint.step);
    }
    checkSeed(checkpoint.seed, 'checkpoint.seed');
    if (checkpoint.batchSize !== batchSize) {
      throw new OptionError('checkpoint.batchSize', `this trainer's ${batchSize}`, checkpoint.batchSize);
    }
    checkParameters(checkpoint.parameters, sizes, 'checkpoint.parameters', this.#float32Range);
    if (checkpoint.optimizer?.name !== optimizer.name) {
      throw new OptionError('checkpoint.optimizer.name', `'${optimizer.name}'`, checkpoint.optimizer?.name);
    }
    const count = momentCount(optimizer);
    const moments = checkpoint.optimizer.moments;
    if (!Array.isArray(moments) || moments.length !== count) {
      throw new OptionError('checkpoint.optimizer.moments', `${count} of them`, moments);
    }
    for (let m = 0; m < count; m++) {
      checkParameters(moments[m], sizes, `checkpoint.optimizer.moments[${m}]`, this.#float32Range);
    }
  }
}
