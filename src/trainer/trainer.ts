import { checkDataset, checkInputs, checkSize } from '../checks/dataset.ts';
import type { NumberRange } from '../checks/numbers.ts';
import { numberRange } from '../checks/numbers.ts';
import { readFields, readList, readOptions } from '../checks/read.ts';
import { checkSeed } from '../data/random-state.ts';
import { allFinite, type EngineState } from '../engine.ts';
import { BusyError, DestroyedError, DeviceLostError, NonFiniteError, OptionError } from '../errors.ts';
import { checkParameters, checkSignal, checkSteps } from '../options/options.ts';
import { momentCount, type TrainingSetup } from '../options/setup.ts';
import type {
  Backend,
  Checkpoint,
  Dataset,
  FloatArray,
  LayerParameters,
  Measurement,
  Operation,
  Precision,
  Prediction,
  Recovery,
  Tensor,
  Trainer,
  Tuning,
} from '../types.ts';
import { checkpointOf } from './checkpoint.ts';
import type { LastingEngine } from './lasting-engine.ts';

/** Those of `run`, and what else a {@link CaseStudy} has, which can be run as it is. */
const RUN_OPTIONS = { steps: true, every: true, signal: true, options: false, published: false };

const CHECKPOINT = ['version', 'step', 'seed', 'batchSize', 'parameters', 'optimizer'] as const;

/** The public trainer: checks what it is given and in which order it is called, then lets an engine do the work. */
export class EngineTrainer implements Trainer {
  readonly #engine: LastingEngine;
  /** What it trains, as it was checked. */
  readonly setup: TrainingSetup;
  readonly #range: NumberRange;
  #seed: number;
  /** The call that is changing the parameters just now. */
  #running: string | undefined;
  #destroyed = false;

  constructor(engine: LastingEngine, setup: TrainingSetup) {
    this.#engine = engine;
    this.setup = setup;
    this.#range = numberRange(setup.precision, engine.backend === 'cpu');
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

  get recoveries(): readonly Recovery[] {
    return this.#engine.recoveries;
  }

  async train(steps: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    checkSteps(steps, this.step);
    const { signal } = readOptions(options, { signal: true });
    checkSignal(signal);
    for await (const _ of this.#exclusive('train', steps, undefined, signal));
  }

  async *run(options: {
    steps: number;
    every: number;
    signal?: AbortSignal;
  }): AsyncGenerator<Measurement, void, void> {
    const { steps, every, signal } = readOptions(options, RUN_OPTIONS);
    checkSteps(steps, this.step);
    checkSignal(signal);
    checkSize(every, 'every');
    yield* this.#exclusive('run', steps, every, signal);
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
    const rows = data === undefined ? undefined : checkDataset(data, 'data', this.#range);
    if (rows) this.#sameShape(rows);
    return this.#read('measure', this.#engine.measure(rows));
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    this.#alive('predict');
    const rows = checkInputs(inputs, this.setup.data.features, 'inputs', this.#range);
    const { step } = this;
    const prediction = await this.#read('predict', this.#engine.predict(rows));
    if (!allFinite(prediction.probabilities)) throw new NonFiniteError(step, 'a logit');
    return prediction;
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    this.#alive('activations');
    const rows = checkInputs(inputs, this.setup.data.features, 'inputs', this.#range);
    const { step } = this;
    const layers = await this.#read('activations', this.#engine.activations(rows));
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

  async parameters(): Promise<LayerParameters[]> {
    this.#alive('parameters');
    return (await this.#read('parameters', this.#engine.state())).parameters;
  }

  async save(): Promise<Checkpoint> {
    this.#alive('save');
    const seed = this.#seed;
    return checkpointOf(this.setup, await this.#read('save', this.#engine.state()), seed);
  }

  async restore(checkpoint: Checkpoint): Promise<void> {
    this.#idle('restore');
    const { seed, ...state } = this.#checkCheckpoint(checkpoint);
    const restored = this.#engine.restore(state, seed);
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

  /** @returns a copy of what a checkpoint holds */
  #checkCheckpoint(checkpoint: Checkpoint): EngineState & { seed: number } {
    const { sizes, optimizer, batchSize } = this.setup;
    const given = isObject(checkpoint) ? readFields(checkpoint, CHECKPOINT, 'checkpoint') : undefined;
    if (given?.version !== 1) {
      throw new OptionError('checkpoint', 'what save() returned (version 1)', checkpoint);
    }
    const { step, seed } = given;
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new OptionError('checkpoint.step', 'a whole number of at least 0', step);
    }
    checkSeed(seed, 'checkpoint.seed');
    if (given.batchSize !== batchSize) {
      throw new OptionError('checkpoint.batchSize', `this trainer's ${batchSize}`, given.batchSize);
    }
    const parameters = checkParameters(given.parameters, sizes, 'checkpoint.parameters', this.#range);
    const path = 'checkpoint.optimizer';
    const saved = isObject(given.optimizer)
      ? readFields(given.optimizer, ['name', 'moments'], path)
      : undefined;
    if (saved?.name !== optimizer.name) {
      throw new OptionError(`${path}.name`, `'${optimizer.name}'`, saved?.name);
    }
    const count = momentCount(optimizer);
    const moments = readList(saved.moments, `${path}.moments`, `${count} of them`, count);
    if (moments.length !== count) throw new OptionError(`${path}.moments`, `${count} of them`, moments);
    return {
      // Not −0.
      step: step + 0,
      seed,
      parameters,
      moments: moments.map((layers, m) =>
        checkParameters(layers, sizes, `${path}.moments[${m}]`, this.#range),
      ),
    };
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
