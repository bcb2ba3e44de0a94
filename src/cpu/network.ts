import type { FloatArray } from '../data/dataset.ts';
import type { LayerParameters } from '../data/initialization.ts';
import { allocating, checkLength } from './limits.ts';
import { matmul, matrix, transpose } from './matmul.ts';
import { columnSums } from './reductions.ts';
import { addBiases, reluMask } from './relu.ts';
import { crossEntropyGradient, softmax } from './softmax.ts';

/** Makes arrays of one precision: Float32Array or Float64Array. */
export interface FloatArrayConstructor {
  new (length: number): FloatArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** The forward and backward pass over batches of up to `capacity` rows, as the notes write them, for any depth. */
export class CpuNetwork {
  readonly sizes: readonly number[];
  readonly capacity: number;
  /** `outputs[l]`: rows × sizes[l + 1], after ReLU in hidden layers; the last entry holds the logits. */
  readonly outputs: FloatArray[];
  /** `gradients[l]`: gradient of the loss on layer l's weights and biases, without the L2 term. */
  readonly gradients: LayerParameters[];
  /** `dOutputs[l]`: gradient on layer l's outputs. Made on the first backward pass: measuring needs none. */
  #dOutputs: FloatArray[] | undefined;
  readonly #Float: FloatArrayConstructor;

  /** @throws {LimitError} {OutOfMemoryError} if it does not fit */
  constructor(sizes: readonly number[], capacity: number, Float: FloatArrayConstructor) {
    this.sizes = sizes;
    this.capacity = capacity;
    this.#Float = Float;
    const widths = sizes.slice(1);
    widths.forEach((width, layer) => {
      checkLength(`weights ${layer}`, sizes[layer] * width, Float);
      checkLength(`outputs ${layer}`, capacity * width, Float);
    });
    [this.outputs, this.gradients] = allocating('the network', () => [
      widths.map((width) => new Float(capacity * width)),
      widths.map((width, layer) => ({
        weights: new Float(sizes[layer] * width),
        biases: new Float(width),
      })),
    ]);
  }

  /** Logits of `rows` inputs, left in the last of {@link outputs}, and returned. */
  forward(parameters: readonly LayerParameters[], inputs: FloatArray, rows: number): FloatArray {
    const last = parameters.length - 1;
    parameters.forEach(({ weights, biases }, layer) => {
      const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
      const x = layer === 0 ? inputs : this.outputs[layer - 1];
      const y = this.outputs[layer];
      matmul(matrix(x, fanIn), matrix(weights, fanOut), matrix(y, fanOut), rows, fanIn, fanOut);
      addBiases(y, biases, rows, layer < last);
    });
    return this.outputs[last];
  }

  /** After {@link forward} on the same inputs: fills {@link gradients}. */
  backward(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    labels: Uint32Array,
    rows: number,
  ): void {
    const last = parameters.length - 1;
    this.#dOutputs ??= this.outputs.map((values) => new this.#Float(values.length));
    const dOutputs = this.#dOutputs;
    const classes = this.sizes[last + 1];
    softmax(this.outputs[last], dOutputs[last], rows, classes);
    crossEntropyGradient(dOutputs[last], labels, rows, classes);

    for (let layer = last; layer >= 0; layer--) {
      const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
      const x = layer === 0 ? inputs : this.outputs[layer - 1];
      const dY = dOutputs[layer];
      const { weights: dW, biases: db } = this.gradients[layer];
      matmul(transpose(x, fanIn), matrix(dY, fanOut), matrix(dW, fanOut), fanIn, rows, fanOut);
      columnSums(dY, db, rows);
      if (layer > 0) {
        const dX = dOutputs[layer - 1];
        const { weights } = parameters[layer];
        matmul(matrix(dY, fanOut), transpose(weights, fanOut), matrix(dX, fanIn), rows, fanOut, fanIn);
        reluMask(dX, x, rows * fanIn);
      }
    }
  }
}
