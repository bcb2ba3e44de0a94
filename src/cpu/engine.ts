import { BatchOrder } from '../data/batch-order.ts';
import type { Dataset, FloatArray } from '../data/dataset.ts';
import type { LayerParameters } from '../data/initialization.ts';
import {
  allFinite,
  divergence,
  type Engine,
  type EngineDissection,
  type EngineState,
  measurement,
} from '../engine.ts';
import { momentCount, type TrainingSetup } from '../options.ts';
import type { Measurement, Operation, Precision, Prediction, Tensor } from '../types.ts';
import { CpuDissection, type CpuStep, cpuOperations } from './dissection.ts';
import { allocating } from './limits.ts';
import { CpuNetwork, type FloatArrayConstructor } from './network.ts';
import { sumOfSquares } from './reductions.ts';
import { argmax, crossEntropy, softmax } from './softmax.ts';
import { update } from './update.ts';

/** Milliseconds of work between two turns of the event loop: a page stays responsive, an abort is noticed. */
const TURN = 12;
/** Rows evaluated at a time, so that measuring a large data set needs no large memory. */
const EVALUATION_ROWS = 256;

/**
 * Training in plain loops over typed arrays: the oracle of every GPU test in float64, and the fallback where there is
 * no GPU. In single precision every tensor is stored in 32 bits; sums within an operation are carried in 64.
 */
export class CpuEngine implements Engine {
  readonly backend = 'cpu';
  readonly plan = 'layered';
  readonly tuning = { chosen: 'plain loops', reason: 'the only candidate', done: true, candidates: [] };
  readonly precision: Precision;
  readonly #setup: TrainingSetup;
  readonly #Float: FloatArrayConstructor;
  readonly #inputs: FloatArray;
  readonly #labels: Uint32Array;
  readonly #training: CpuNetwork;
  readonly #evaluation: CpuNetwork;
  readonly #batchInputs: FloatArray;
  readonly #batchLabels: Uint32Array;
  #order: BatchOrder;
  #parameters: LayerParameters[];
  #moments: LayerParameters[][];
  #step = 0;
  /** The first step after which a parameter or moment was not finite. */
  #diverged: number | undefined;
  #destroyed = false;
  #turnEnds = 0;

  /** @throws {LimitError} {OutOfMemoryError} if the network does not fit; no weight has been drawn then */
  constructor(setup: TrainingSetup) {
    const { data, sizes, batchSize, optimizer, seed } = setup;
    this.#setup = setup;
    this.precision = setup.precision;
    this.#Float = setup.precision === 'single' ? Float32Array : Float64Array;
    this.#inputs = data.inputs;
    this.#labels = data.labels;
    this.#training = new CpuNetwork(sizes, batchSize, this.#Float);
    this.#evaluation = new CpuNetwork(sizes, EVALUATION_ROWS, this.#Float);
    [this.#parameters, this.#moments] = allocating('the parameters', () => [
      this.#copyLayers(setup.start()),
      Array.from({ length: momentCount(optimizer) }, () =>
        this.#training.gradients.map(({ weights, biases }) => ({
          weights: new this.#Float(weights.length),
          biases: new this.#Float(biases.length),
        })),
      ),
    ]);
    const gathered = batchSize < data.count ? batchSize : 0;
    this.#batchInputs = new this.#Float(gathered * data.features);
    this.#batchLabels = new Uint32Array(gathered);
    this.#order = new BatchOrder(data.count, batchSize, seed);
  }

  get step(): number {
    return this.#step;
  }

  async *run(
    steps: number,
    every: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Measurement, void, void> {
    this.#checkDiverged();
    this.#turnEnds = performance.now() + TURN;
    for (let done = 0; done < steps; done++) {
      await this.#breathe(signal);
      if (every && this.#step % every === 0) {
        yield await this.#evaluate(this.#parameters, this.#inputs, this.#labels);
        signal?.throwIfAborted();
      }
      this.#advance();
    }
  }

  async measure(data?: Dataset): Promise<Measurement> {
    this.#checkDiverged();
    const inputs = data ? this.#copy(data.inputs) : this.#inputs;
    const labels = data ? data.labels.slice() : this.#labels;
    return this.#evaluate(this.#copyLayers(this.#parameters), inputs, labels);
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    this.#checkDiverged();
    const { features, classes } = this.#setup.data;
    const rows = inputs.length / features;
    const probabilities = new this.#Float(rows * classes);
    const labels = new Uint32Array(rows);
    const parameters = this.#copyLayers(this.#parameters);
    await this.#forward(parameters, this.#copy(inputs), rows, (logits, start, count) => {
      for (let i = 0; i < count; i++) labels[start + i] = argmax(logits, i * classes, classes);
      softmax(logits, probabilities.subarray(start * classes), count, classes);
    });
    return { probabilities, labels };
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    this.#checkDiverged();
    const [features, ...widths] = this.#setup.sizes;
    const rows = inputs.length / features;
    const layers = allocating('the activations', () => widths.map((width) => new this.#Float(rows * width)));
    const parameters = this.#copyLayers(this.#parameters);
    await this.#forward(parameters, this.#copy(inputs), rows, (_, start, count) => {
      widths.forEach((width, layer) => {
        const outputs = this.#evaluation.outputs[layer].subarray(0, count * width);
        layers[layer].set(outputs, start * width);
      });
    });
    return layers;
  }

  async tune(): Promise<void> {}

  async gradients(): Promise<LayerParameters[]> {
    this.#checkDiverged();
    const { data, sizes, l2 } = this.#setup;
    const network = new CpuNetwork(sizes, data.count, this.#Float);
    network.forward(this.#parameters, this.#inputs, data.count);
    network.backward(this.#parameters, this.#inputs, this.#labels, data.count);
    this.#parameters.forEach(({ weights }, layer) => {
      const dW = network.gradients[layer].weights;
      for (let i = 0; i < dW.length; i++) dW[i] += l2 * weights[i];
    });
    return network.gradients;
  }

  get operations(): readonly Operation[] {
    return cpuOperations(this.#setup);
  }

  async inspect(): Promise<Tensor[]> {
    this.#checkDiverged();
    const { sizes, batchSize } = this.#setup;
    const step = {
      ...this.#nextStep(),
      network: new CpuNetwork(sizes, batchSize, this.#Float),
      parameters: this.#copyLayers(this.#parameters),
    };
    const dissection = new CpuDissection(
      () => step,
      () => {},
    );
    await dissection.advance(dissection.operations.findIndex(({ phase }) => phase === 'update'));
    return Promise.all(dissection.tensors.map(({ name }) => dissection.read(name)));
  }

  dissect(): EngineDissection {
    this.#checkDiverged();
    const begin = () => ({ ...this.#nextStep(), network: this.#training });
    return new CpuDissection(begin, () => {
      const all = [this.#parameters, ...this.#moments].flat();
      this.#step++;
      if (!all.every(({ weights, biases }) => allFinite(weights) && allFinite(biases)))
        this.#diverged = this.#step;
      this.#checkDiverged();
    });
  }

  async state(): Promise<EngineState> {
    this.#checkDiverged();
    return {
      step: this.#step,
      parameters: this.#copyLayers(this.#parameters),
      moments: this.#moments.map((layers) => this.#copyLayers(layers)),
    };
  }

  async restore(state: EngineState, seed: number): Promise<void> {
    this.#step = state.step;
    this.#diverged = undefined;
    this.#parameters = this.#copyLayers(state.parameters);
    this.#moments = state.moments.map((layers) => this.#copyLayers(layers));
    this.#order = new BatchOrder(this.#setup.data.count, this.#setup.batchSize, seed);
  }

  destroy(): void {
    this.#destroyed = true;
  }

  /** What the next step works on, its batch fetched. */
  #nextStep(): Omit<CpuStep, 'network'> {
    return {
      setup: this.#setup,
      ...this.#batch(),
      parameters: this.#parameters,
      moments: this.#moments,
      step: this.#step,
    };
  }

  /** The rows that the next step sees. */
  #batch(): { inputs: FloatArray; labels: Uint32Array; rows: number } {
    const { data, batchSize } = this.#setup;
    if (batchSize === data.count) return { inputs: this.#inputs, labels: this.#labels, rows: data.count };
    const order = this.#order.rows(this.#step);
    const [inputs, labels] = [this.#batchInputs, this.#batchLabels];
    gather(order, data.features, this.#inputs, this.#labels, inputs, labels);
    return { inputs, labels, rows: order.length };
  }

  /** One step: forward, backward, update. */
  #advance(): void {
    const { optimizer, learningRate, l2 } = this.#setup;
    const { inputs, labels, rows } = this.#batch();
    this.#training.forward(this.#parameters, inputs, rows);
    this.#training.backward(this.#parameters, inputs, labels, rows);
    let finite = true;
    this.#parameters.forEach(({ weights, biases }, layer) => {
      const gradient = this.#training.gradients[layer];
      const own = this.#moments.map((layers) => layers[layer]);
      const of = (name: 'weights' | 'biases') => own.map((moment) => moment[name]);
      const at = this.#step;
      finite = update(weights, gradient.weights, of('weights'), optimizer, learningRate, l2, at) && finite;
      finite = update(biases, gradient.biases, of('biases'), optimizer, learningRate, 0, at) && finite;
    });
    this.#step++;
    if (!finite) this.#diverged = this.#step;
    this.#checkDiverged();
  }

  #checkDiverged(): void {
    if (this.#diverged !== undefined) throw divergence(this.#diverged);
  }

  async #evaluate(
    parameters: LayerParameters[],
    inputs: FloatArray,
    labels: Uint32Array,
  ): Promise<Measurement> {
    const step = this.#step;
    const classes = this.#setup.data.classes;
    let [sum, correct] = [0, 0];
    await this.#forward(parameters, inputs, labels.length, (logits, start, count) => {
      const part = crossEntropy(logits, labels.subarray(start), count, classes);
      sum += part.sum;
      correct += part.correct;
    });
    const squares = parameters.map(({ weights }) => sumOfSquares(weights));
    return measurement(step, sum / labels.length, correct / labels.length, squares, this.#setup.l2);
  }

  /**
   * Hands the logits of all rows to `consume`, some at a time; what led to them is in the outputs of the network for
   * evaluation. All reads share it, so they must be used up at once: another read may run between two lots.
   */
  async #forward(
    parameters: LayerParameters[],
    inputs: FloatArray,
    rows: number,
    consume: (logits: FloatArray, start: number, count: number) => void,
  ): Promise<void> {
    const { features } = this.#setup.data;
    for (let start = 0; start < rows; start += EVALUATION_ROWS) {
      await this.#breathe();
      const count = Math.min(EVALUATION_ROWS, rows - start);
      const lot = inputs.subarray(start * features, (start + count) * features);
      consume(this.#evaluation.forward(parameters, lot, count), start, count);
    }
  }

  /** Lets other tasks run when this one has had its turn, then notices an abort or a destroy. */
  async #breathe(signal?: AbortSignal): Promise<void> {
    if (performance.now() >= this.#turnEnds) {
      await nextTask();
      this.#turnEnds = performance.now() + TURN;
    }
    signal?.throwIfAborted();
    if (this.#destroyed) throw new Error('The engine has been destroyed.');
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

/** Copies the rows named by `order`, inputs and labels. */
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

/** Resolves in a new task. A message, because nested timers are held back to 4 ms in browsers. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
