import type { TrainingSession } from '../../src/page/measure/contestant.ts';
import type { Workload } from '../workloads/workloads.ts';
import type { Entrant } from './entrant.ts';

/** The notes' network in plain loops, as a reader of the notes would write it without NumPy. */
export const plainLoops: Entrant = {
  name: 'plain loops',
  precision: 'double',
  create: async (workload) => new PlainLoops(workload),
};

class PlainLoops implements TrainingSession {
  readonly #workload: Workload;
  readonly #sizes: number[];
  readonly #weights: Float64Array[];
  readonly #biases: Float64Array[];
  /** The inputs, then each layer's outputs; the last are the scores. */
  readonly #outputs: Float64Array[];

  constructor(workload: Workload) {
    const { data, hidden, parameters } = workload;
    this.#workload = workload;
    this.#sizes = [data.features, ...hidden, data.classes];
    this.#weights = parameters.map(({ weights }) => Float64Array.from(weights));
    this.#biases = parameters.map(({ biases }) => Float64Array.from(biases));
    this.#outputs = this.#sizes.map((size) => new Float64Array(data.count * size));
    this.#outputs[0].set(data.inputs);
  }

  async train(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.#forward();
      this.#backward();
    }
  }

  async loss(): Promise<number> {
    const { data, l2 } = this.#workload;
    this.#forward();
    const probabilities = this.#probabilities();
    let loss = 0;
    for (let i = 0; i < data.count; i++) {
      loss -= Math.log(probabilities[i * data.classes + data.labels[i]]) / data.count;
    }
    for (const weights of this.#weights) {
      for (const w of weights) loss += 0.5 * l2 * w * w;
    }
    return loss;
  }

  destroy(): void {}

  #forward(): void {
    for (let layer = 0; layer < this.#weights.length; layer++) {
      const isLast = layer === this.#weights.length - 1;
      const [x, y] = [this.#outputs[layer], this.#outputs[layer + 1]];
      const [w, b] = [this.#weights[layer], this.#biases[layer]];
      const [fanIn, fanOut] = [this.#sizes[layer], this.#sizes[layer + 1]];
      for (let i = 0; i < this.#workload.data.count; i++) {
        for (let j = 0; j < fanOut; j++) {
          let sum = b[j];
          for (let k = 0; k < fanIn; k++) sum += x[i * fanIn + k] * w[k * fanOut + j];
          y[i * fanOut + j] = isLast ? sum : Math.max(0, sum);
        }
      }
    }
  }

  #probabilities(): Float64Array {
    const { count, classes } = this.#workload.data;
    const scores = this.#outputs[this.#outputs.length - 1];
    const probabilities = new Float64Array(count * classes);
    for (let i = 0; i < count; i++) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < classes; j++) largest = Math.max(largest, scores[i * classes + j]);
      let sum = 0;
      for (let j = 0; j < classes; j++) {
        probabilities[i * classes + j] = Math.exp(scores[i * classes + j] - largest);
        sum += probabilities[i * classes + j];
      }
      for (let j = 0; j < classes; j++) probabilities[i * classes + j] /= sum;
    }
    return probabilities;
  }

  #backward(): void {
    const { data, learningRate, l2 } = this.#workload;
    const { count, classes, labels } = data;
    let dy = this.#probabilities();
    for (let i = 0; i < count; i++) dy[i * classes + labels[i]] -= 1;
    for (let i = 0; i < dy.length; i++) dy[i] /= count;

    for (let layer = this.#weights.length - 1; layer >= 0; layer--) {
      const x = this.#outputs[layer];
      const [w, b] = [this.#weights[layer], this.#biases[layer]];
      const [fanIn, fanOut] = [this.#sizes[layer], this.#sizes[layer + 1]];
      const dw = new Float64Array(fanIn * fanOut);
      const db = new Float64Array(fanOut);
      const dx = new Float64Array(layer > 0 ? count * fanIn : 0);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < fanOut; j++) db[j] += dy[i * fanOut + j];
        for (let k = 0; k < fanIn; k++) {
          for (let j = 0; j < fanOut; j++) dw[k * fanOut + j] += x[i * fanIn + k] * dy[i * fanOut + j];
        }
        // The inputs of the network need no gradient, and ReLU stops the gradient where it gave 0.
        for (let k = 0; layer > 0 && k < fanIn; k++) {
          if (x[i * fanIn + k] <= 0) continue;
          let sum = 0;
          for (let j = 0; j < fanOut; j++) sum += dy[i * fanOut + j] * w[k * fanOut + j];
          dx[i * fanIn + k] = sum;
        }
      }
      for (let i = 0; i < w.length; i++) w[i] -= learningRate * (dw[i] + l2 * w[i]);
      for (let j = 0; j < fanOut; j++) b[j] -= learningRate * db[j];
      dy = dx;
    }
  }
}
