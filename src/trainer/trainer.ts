import { rows as checkRows } from '../checks/dataset.ts';
import { type NumberRange, numberRange } from '../checks/numbers.ts';
import { allFinite } from '../engine.ts';
import { BusyError, DestroyedError, DeviceLostError, NonFiniteError } from '../errors.ts';
import {
  checkpoint as checkCheckpoint,
  steps as checkSteps,
  measuredRows,
  runOptions,
  trainOptions,
} from '../options/calls.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { changes as checkChanges } from '../options/step-settings.ts';
import type {
  Backend,
  Changes,
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
    const count = checkSteps(this.step)(steps, 'steps');
    const { signal } = trainOptions(options);
    for await (const _ of this.#exclusive('train', count, undefined, signal));
  }

  async *run(options: {
    steps: number;
    every: number;
    signal?: AbortSignal;
  }): AsyncGenerator<Measurement, void, void> {
    const { steps, every, signal } = runOptions(options, this.step);
    yield* this.#exclusive('run', steps, every, signal);
  }

  set(changes: Changes): void {
    this.#alive('set');
    this.#engine.set(checkChanges(changes, this.#range));
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
    const rows = data === undefined ? undefined : measuredRows(this.setup, this.#range)(data, 'data');
    return this.#read('measure', this.#engine.measure(rows));
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    this.#alive('predict');
    const rows = checkRows(this.setup.data.features, this.#range)(inputs, 'inputs');
    const { step } = this;
    const prediction = await this.#read('predict', this.#engine.predict(rows));
    if (!allFinite(prediction.probabilities)) throw new NonFiniteError(step, 'a logit');
    return prediction;
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    this.#alive('activations');
    const rows = checkRows(this.setup.data.features, this.#range)(inputs, 'inputs');
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
    const { seed, ...state } = checkCheckpoint(this.setup, this.#range)(checkpoint, 'checkpoint');
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
}
