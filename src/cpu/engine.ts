import type { FloatArrayConstructor } from '../checks/numbers.ts';
import { BatchOrder } from '../data/batch-order.ts';
import {
  Divergence,
  type Engine,
  type EngineState,
  type GradientsAt,
  isDue,
  measurement,
  type Reports,
} from '../engine.ts';
import { allocatingArrays, checkLength } from '../limits.ts';
import { momentCount, type TrainingSetup } from '../options/setup.ts';
import type {
  Dataset,
  FloatArray,
  LayerParameters,
  Measurement,
  Operation,
  Prediction,
  Tensor,
} from '../types.ts';
import { Evaluation } from './evaluation.ts';
import { meanGradients } from './gradients.ts';
import { cpuOperations, inspect } from './inspection.ts';
import { CpuNetwork } from './network.ts';
import { l2Loss } from './reductions.ts';
import { argmax, softmax } from './softmax.ts';
import { inParts, TimeSlices } from './time-slices.ts';

const FEWER_ROWS = 'Use fewer rows at a time.';

/**
 * Training in plain loops over typed arrays: the oracle of every GPU test in float64, and the
 * fallback where there is no GPU. In single precision every tensor is stored in 32 bits, and sums
 * within an operation have 64 bits.
 */
export class CpuEngine implements Engine {
  readonly backend = 'cpu';
  readonly plan = 'layered';
  readonly fallback: string | undefined;
  readonly tuning = {
    chosen: 'plain loops',
    plan: this.plan,
    reason: 'the only candidate',
    done: true,
    candidates: [],
  };
  readonly #setup: TrainingSetup;
  readonly #Float: FloatArrayConstructor;
  readonly #inputs: FloatArray;
  readonly #labels: Uint32Array;
  readonly #training: CpuNetwork;
  readonly #evaluation: Evaluation;
  readonly #batchInputs: FloatArray;
  readonly #batchLabels: Uint32Array;
  #order: BatchOrder;
  #parameters: LayerParameters[];
  #moments: LayerParameters[][];
  #step = 0;
  /** The first step after which a parameter or moment was not finite. */
  #diverged: number | undefined;
  /** Settles when the update under way is whole. */
  #updating: Promise<unknown> | undefined;
  readonly #slices = new TimeSlices();

  /**
   * @param fallback why the engine replaces one on the GPU
   * @throws {LimitError} {OutOfMemoryError} if the network does not fit; no weight is drawn in that
   * case
   */
  constructor(setup: TrainingSetup, fallback?: string) {
    this.fallback = fallback;
    const { data, sizes, batchSize, optimizer, seed } = setup;
    this.#setup = setup;
    this.#Float = setup.precision === 'single' ? Float32Array : Float64Array;
    this.#inputs = data.inputs;
    this.#labels = data.labels;
    this.#training = new CpuNetwork(sizes, batchSize, this.#Float);
    // A lack of memory for these gradients must show here and not in the first step.
    void this.#training.dOutputs;
    this.#evaluation = new Evaluation(sizes, data.count, this.#Float, this.#slices);
    [this.#parameters, this.#moments] = allocatingArrays('the parameters', () => [
      this.#copyLayers(setup.start()),
      Array.from({ length: momentCount(optimizer) }, () =>
        this.#training.gradients.map(({ weights, biases }) => ({
          weights: new this.#Float(weights.length),
          biases: new this.#Float(biases.length),
        })),
      ),
    ]);
    const gathered = batchSize < data.count ? batchSize : 0;
    [this.#batchInputs, this.#batchLabels] = allocatingArrays('the batch', () => [
      new this.#Float(gathered * data.features),
      new Uint32Array(gathered),
    ]);
    this.#order = new BatchOrder(data.count, batchSize, seed);
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
    this.#slices.begin();
    const end = this.#step + steps;
    while (this.#step < end || reports?.last) {
      await this.#slices.pause(signal);
      if (reports && isDue(reports, this.#step, end)) {
        yield await this.#report(reports, signal);
        if (this.#step === end) break;
        signal?.throwIfAborted();
      }
      await this.#advance(signal);
    }
  }

  async #report({ measure, parameters }: Reports, signal?: AbortSignal): Promise<Measurement> {
    const all = { inputs: this.#inputs, labels: this.#labels, rows: this.#labels.length };
    const { inputs, labels, rows } = measure === 'batch' ? this.#batch() : all;
    const report = await this.#measure(this.#parameters, inputs, labels.subarray(0, rows), signal);
    if (!parameters) return report;
    return {
      ...report,
      parameters: allocatingArrays('the parameters', () => this.#copyLayers(this.#parameters)),
    };
  }

  async measure(data?: Dataset): Promise<Measurement> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    if (data) checkLength('inputs', data.inputs.length, this.#Float, FEWER_ROWS);
    const [parameters, inputs, labels] = allocatingArrays('the data to measure', () => [
      this.#copyLayers(this.#parameters),
      data ? this.#copy(data.inputs) : this.#inputs,
      data ? data.labels.slice() : this.#labels,
    ]);
    return this.#measure(parameters, inputs, labels);
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const { features, classes } = this.#setup.data;
    const rows = inputs.length / features;
    checkLength('inputs', inputs.length, this.#Float, FEWER_ROWS);
    checkLength('probabilities', rows * classes, this.#Float, FEWER_ROWS);
    const [probabilities, labels, parameters, copy] = allocatingArrays('the prediction', () => [
      new this.#Float(rows * classes),
      new Uint32Array(rows),
      this.#copyLayers(this.#parameters),
      this.#copy(inputs),
    ]);
    await this.#evaluation.forward(parameters, copy, rows, function* (logits, start, count) {
      yield* inParts(count, classes, (first, end) => {
        for (let i = first; i < end; i++) labels[start + i] = argmax(logits, i * classes, classes);
      });
      yield* softmax(logits, probabilities.subarray(start * classes), count, classes);
    });
    return { probabilities, labels };
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const [features, ...widths] = this.#setup.sizes;
    const rows = inputs.length / features;
    checkLength('inputs', inputs.length, this.#Float, FEWER_ROWS);
    widths.forEach((width, layer) => {
      checkLength(`outputs ${layer}`, rows * width, this.#Float, FEWER_ROWS);
    });
    const [layers, parameters, copy] = allocatingArrays('the activations', () => [
      widths.map((width) => new this.#Float(rows * width)),
      this.#copyLayers(this.#parameters),
      this.#copy(inputs),
    ]);
    const { outputs } = this.#evaluation;
    await this.#evaluation.forward(parameters, copy, rows, function* (_, start, count) {
      for (const [layer, width] of widths.entries()) {
        layers[layer].set(outputs[layer].subarray(0, count * width), start * width);
        yield;
      }
    });
    return layers;
  }

  async tune(): Promise<void> {}

  async gradients(): Promise<GradientsAt> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const { data, sizes, settings } = this.#setup;
    const { l2 } = settings.at(this.#step);
    const parameters = allocatingArrays('the parameters', () => this.#copyLayers(this.#parameters));
    const rows = Math.min(this.#evaluation.capacity, data.count);
    const network = new CpuNetwork(sizes, rows, this.#Float);
    await this.#slices.take(meanGradients(network, parameters, data));
    for (const [layer, { weights }] of parameters.entries()) {
      const dW = network.gradients[layer].weights;
      const decay = inParts(dW.length, 1, (start, end) => {
        for (let i = start; i < end; i++) dW[i] += l2 * weights[i];
      });
      await this.#slices.take(decay);
    }
    return { gradients: network.gradients, parameters, l2 };
  }

  get operations(): readonly Operation[] {
    return cpuOperations(this.#setup);
  }

  async inspect(): Promise<Tensor[]> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    const { sizes, batchSize } = this.#setup;
    const [parameters, moments] = allocatingArrays('the parameters', () => [
      this.#copyLayers(this.#parameters),
      this.#moments.map((layers) => this.#copyLayers(layers)),
    ]);
    const batch = this.#batch();
    // Training goes on meanwhile, and gathers the rows of its next batch.
    const [inputs, labels] =
      batchSize === this.#labels.length
        ? [batch.inputs, batch.labels]
        : allocatingArrays('the batch', () => [this.#copy(batch.inputs), batch.labels.slice()]);
    const work = inspect({
      setup: this.#setup,
      inputs,
      labels,
      rows: batch.rows,
      network: new CpuNetwork(sizes, batchSize, this.#Float),
      parameters,
      moments,
      step: this.#step,
    });
    return this.#slices.take(work);
  }

  async state(): Promise<EngineState> {
    if (this.#updating) await this.#updating;
    this.#checkDiverged();
    return allocatingArrays('the checkpoint', () => ({
      step: this.#step,
      parameters: this.#copyLayers(this.#parameters),
      moments: this.#moments.map((layers) => this.#copyLayers(layers)),
    }));
  }

  async restore(state: EngineState, seed: number): Promise<void> {
    if (this.#updating) await this.#updating;
    // If there is no memory for a copy, the old state stays whole.
    [this.#parameters, this.#moments] = allocatingArrays('the checkpoint', () => [
      this.#copyLayers(state.parameters),
      state.moments.map((layers) => this.#copyLayers(layers)),
    ]);
    this.#step = state.step;
    this.#diverged = undefined;
    this.#order = new BatchOrder(this.#setup.data.count, this.#setup.batchSize, seed);
  }

  destroy(): void {
    this.#slices.end();
  }

  /** The batch of the next step. */
  #batch(): { inputs: FloatArray; labels: Uint32Array; rows: number } {
    const { data, batchSize } = this.#setup;
    if (batchSize === data.count) return { inputs: this.#inputs, labels: this.#labels, rows: data.count };
    const order = this.#order.rows(this.#step);
    const [inputs, labels] = [this.#batchInputs, this.#batchLabels];
    gather(order, data.features, this.#inputs, this.#labels, inputs, labels);
    return { inputs, labels, rows: order.length };
  }

  /**
   * One step: forward, backward, update. An abort before the update changes no parameter, and a
   * later one waits for the whole update.
   */
  async #advance(signal?: AbortSignal): Promise<void> {
    const { inputs, labels, rows } = this.#batch();
    await this.#slices.take(this.#training.forward(this.#parameters, inputs, rows), signal);
    await this.#slices.take(this.#training.backward(this.#parameters, inputs, labels, rows), signal);
    const updating = this.#update();
    this.#updating = updating.catch(() => {});
    await updating;
    this.#checkDiverged();
  }

  /** An update, which counts as applied from its start: reads wait until it is whole. */
  async #update(): Promise<void> {
    const { optimizer, settings } = this.#setup;
    const now = settings.at(this.#step);
    const update = this.#training.update(this.#parameters, this.#moments, optimizer, now, this.#step);
    const step = ++this.#step;
    const finite = await this.#slices.take(update);
    if (!finite) this.#diverged = step;
    this.#updating = undefined;
  }

  #checkDiverged(): void {
    if (this.#diverged !== undefined) throw new Divergence(this.#diverged);
  }

  async #measure(
    parameters: LayerParameters[],
    inputs: FloatArray,
    labels: Uint32Array,
    signal?: AbortSignal,
  ): Promise<Measurement> {
    const step = this.#step;
    const { l2 } = this.#setup.settings.at(step);
    const { loss, accuracy } = await this.#evaluation.measure(parameters, inputs, labels, signal);
    const term = await this.#slices.take(l2Loss(parameters, l2), signal);
    return measurement(step, loss, accuracy, term);
  }

  #copy(values: FloatArray): FloatArray {
    const copy = new this.#Float(values.length);
    copy.set(values);
    return copy;
  }

  #copyLayers(layers: LayerParameters[]): LayerParameters[] {
    return layers.map(({ weights, biases }) => ({
      weights: this.#copy(weights),
      biases: this.#copy(biases),
    }));
  }
}

/** Copies the inputs and labels of the rows in `order` to the batch. */
function gather(
  order: Uint32Array,
  features: number,
  inputs: FloatArray,
  labels: Uint32Array,
  batchInputs: FloatArray,
  batchLabels: Uint32Array,
): void {
  order.forEach((row, i) => {
    batchInputs.set(inputs.subarray(row * features, (row + 1) * features), i * features);
    batchLabels[i] = labels[row];
  });
}
