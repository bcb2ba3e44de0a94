import type { FloatArrayConstructor } from '../checks/numbers.ts';
import { allocatingArrays, checkLength } from '../limits.ts';
import type { ResolvedOptimizer } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { FloatArray, LayerParameters } from '../types.ts';
import { matrix, pausableMatmul, transpose } from './matmul.ts';
import { columnSums } from './reductions.ts';
import { addBiases, reluMask } from './relu.ts';
import { crossEntropyGradient } from './softmax.ts';
import { inParts, type PausableWork } from './time-slices.ts';
import { update } from './update.ts';

/**
 * A training step as the notes write it, for any depth, over batches of up to `capacity` rows:
 * {@link CpuNetwork.forward}, {@link CpuNetwork.backward} with the gradient of the loss, and {@link
 * CpuNetwork.update}. The methods below them are the single lines.
 */
export class CpuNetwork {
  readonly sizes: readonly number[];
  readonly capacity: number;
  /**
   * `outputs[l]`: rows × sizes[l + 1], after ReLU in hidden layers; the last entry holds the
   * logits.
   */
  readonly outputs: FloatArray[];
  /**
   * `gradients[l]`: gradient of the loss with respect to layer l's weights and biases, without the
   * L2 term.
   */
  readonly gradients: LayerParameters[];
  #dOutputs: FloatArray[] | undefined;
  readonly #Float: FloatArrayConstructor;

  /** @throws {LimitError} {OutOfMemoryError} if the network does not fit */
  constructor(sizes: readonly number[], capacity: number, Float: FloatArrayConstructor) {
    this.sizes = sizes;
    this.capacity = capacity;
    this.#Float = Float;
    const widths = sizes.slice(1);
    widths.forEach((width, layer) => {
      checkLength(`weights ${layer}`, sizes[layer] * width, Float);
      checkLength(`outputs ${layer}`, capacity * width, Float);
    });
    [this.outputs, this.gradients] = allocatingArrays('the network', () => [
      widths.map((width) => new Float(capacity * width)),
      widths.map((width, layer) => ({
        weights: new Float(sizes[layer] * width),
        biases: new Float(width),
      })),
    ]);
  }

  /**
   * `dOutputs[l]`: gradient with respect to layer l's outputs. Allocated at the first use: a
   * measurement needs none.
   */
  get dOutputs(): FloatArray[] {
    this.#dOutputs ??= allocatingArrays('the gradients on the outputs', () =>
      this.outputs.map((values) => new this.#Float(values.length)),
    );
    return this.#dOutputs;
  }

  /** `capacity` rows of logits, after {@link forward}. */
  get logits(): FloatArray {
    return this.outputs[this.outputs.length - 1];
  }

  /** Computes every layer's outputs for `rows` rows of `inputs` into {@link outputs}. */
  *forward(parameters: readonly LayerParameters[], inputs: FloatArray, rows: number): PausableWork {
    for (let layer = 0; layer < parameters.length; layer++) {
      yield* this.forwardLayer(parameters, inputs, rows, layer);
      yield;
    }
  }

  /** Fills {@link gradients}, after {@link forward} on the same inputs. */
  *backward(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    labels: Uint32Array,
    rows: number,
  ): PausableWork {
    yield* this.lossGradient(labels, rows);
    yield;
    yield* this.backpropagate(parameters, inputs, rows);
  }

  /** {@link backward} from the gradient on the logits on, which is in {@link dOutputs}. */
  *backpropagate(parameters: readonly LayerParameters[], inputs: FloatArray, rows: number): PausableWork {
    for (let layer = parameters.length - 1; layer >= 0; layer--) {
      yield* this.weightsGradient(inputs, rows, layer);
      yield;
      yield* this.biasesGradient(rows, layer);
      if (layer > 0) {
        yield;
        yield* this.inputGradient(parameters, rows, layer);
        yield;
        yield* this.mask(rows, layer - 1);
      }
      yield;
    }
  }

  /**
   * After {@link backward}: one update of every weight and bias, W ← W − lr·(dW + λ·W) or the
   * optimizer's rule, in place.
   * @param moments `moments[m][layer]`
   * @param step updates applied before this one
   * @returns whether every number is still finite
   */
  *update(
    parameters: readonly LayerParameters[],
    moments: readonly (readonly LayerParameters[])[],
    optimizer: ResolvedOptimizer,
    { learningRate, l2 }: StepSettings,
    step: number,
  ): PausableWork<boolean> {
    let finite = true;
    for (const [layer, { weights, biases }] of parameters.entries()) {
      const { weights: dW, biases: db } = this.gradients[layer];
      const momentsOf = (tensor: 'weights' | 'biases') => moments.map((layers) => layers[layer][tensor]);
      const [ofWeights, ofBiases] = [momentsOf('weights'), momentsOf('biases')];
      if (!(yield* update(weights, dW, ofWeights, optimizer, learningRate, l2, step))) finite = false;
      yield;
      if (!(yield* update(biases, db, ofBiases, optimizer, learningRate, 0, step))) finite = false;
      yield;
    }
    return finite;
  }

  /** max(0, X·W + b) in a hidden layer, H·W + b in the last. */
  *forwardLayer(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    rows: number,
    layer: number,
  ): PausableWork {
    const { weights, biases } = parameters[layer];
    const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
    const [x, y] = [this.#inputOf(layer, inputs), this.outputs[layer]];
    yield* pausableMatmul(matrix(x, fanIn), matrix(weights, fanOut), matrix(y, fanOut), rows, fanIn, fanOut);
    yield;
    yield* inParts(rows, fanOut, (start, end) => {
      addBiases(y.subarray(start * fanOut), biases, end - start, layer < parameters.length - 1);
    });
  }

  /** dZ = (P − 1[y]) / rows, the notes' dscores. */
  *lossGradient(labels: Uint32Array, rows: number): PausableWork {
    const last = this.outputs.length - 1;
    const classes = this.sizes[last + 1];
    yield* crossEntropyGradient(this.outputs[last], this.dOutputs[last], labels, rows, classes);
  }

  /** dW = Xᵀ·dY. */
  *weightsGradient(inputs: FloatArray, rows: number, layer: number): PausableWork {
    const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
    const [x, dY] = [this.#inputOf(layer, inputs), this.dOutputs[layer]];
    const { weights: dW } = this.gradients[layer];
    yield* pausableMatmul(transpose(x, fanIn), matrix(dY, fanOut), matrix(dW, fanOut), fanIn, rows, fanOut);
  }

  /** db = Σ dY. */
  *biasesGradient(rows: number, layer: number): PausableWork {
    yield* columnSums(this.dOutputs[layer], this.gradients[layer].biases, rows);
  }

  /** dX = dY·Wᵀ, before the ReLU mask. */
  *inputGradient(parameters: readonly LayerParameters[], rows: number, layer: number): PausableWork {
    const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
    const [dY, dX] = [this.dOutputs[layer], this.dOutputs[layer - 1]];
    const { weights } = parameters[layer];
    yield* pausableMatmul(
      matrix(dY, fanOut),
      transpose(weights, fanOut),
      matrix(dX, fanIn),
      rows,
      fanOut,
      fanIn,
    );
  }

  /** The backward pass of a hidden layer's ReLU. */
  *mask(rows: number, layer: number): PausableWork {
    const [dY, y] = [this.dOutputs[layer], this.outputs[layer]];
    yield* inParts(rows * this.sizes[layer + 1], 1, (start, end) => {
      reluMask(dY.subarray(start), y.subarray(start), end - start);
    });
  }

  #inputOf(layer: number, inputs: FloatArray): FloatArray {
    return layer === 0 ? inputs : this.outputs[layer - 1];
  }
}
