import type { Answers, ClassWeights } from '../data/answers.ts';
import type { Dropout } from '../data/dropout.ts';
import { allocatingArrays, checkLength } from '../limits.ts';
import type { Loss, NetworkShape } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { Activation, FloatArray, LayerParameters } from '../types.ts';
import type { CpuKernels } from './kernels.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/**
 * A training step as the notes write it, for any depth, over batches of up to `capacity` rows:
 * {@link CpuNetwork.forward}, {@link CpuNetwork.backward} with the gradient of the loss, and {@link
 * CpuNetwork.update}. The methods below them are the single lines.
 */
export class CpuNetwork {
  readonly sizes: readonly number[];
  readonly loss: Loss;
  readonly #activations: readonly Activation[];
  readonly capacity: number;
  /**
   * `outputs[l]`: rows × sizes[l + 1], after the activation in hidden layers; the last entry holds
   * the logits.
   */
  readonly outputs: FloatArray[];
  /**
   * `gradients[l]`: gradient of the loss with respect to layer l's weights and biases, without the
   * L2 term.
   */
  readonly gradients: LayerParameters[];
  #dOutputs: FloatArray[] | undefined;
  readonly kernels: CpuKernels;

  /** @throws {LimitError} {OutOfMemoryError} if the network does not fit */
  constructor({ sizes, activations, loss }: NetworkShape, capacity: number, kernels: CpuKernels) {
    this.sizes = sizes;
    this.loss = loss;
    this.#activations = activations;
    this.capacity = capacity;
    this.kernels = kernels;
    const { Float } = kernels;
    const widths = sizes.slice(1);
    widths.forEach((width, layer) => {
      checkLength(`weights ${layer}`, sizes[layer] * width, Float);
      checkLength(`outputs ${layer}`, capacity * width, Float);
    });
    [this.outputs, this.gradients] = allocatingArrays('the network', () => [
      widths.map((width) => kernels.floats(capacity * width)),
      widths.map((width, layer) => ({
        weights: kernels.floats(sizes[layer] * width),
        biases: kernels.floats(width),
      })),
    ]);
  }

  /**
   * `dOutputs[l]`: gradient with respect to layer l's outputs. Allocated at the first use: a
   * measurement needs none.
   */
  get dOutputs(): FloatArray[] {
    this.#dOutputs ??= allocatingArrays('the gradients on the outputs', () =>
      this.outputs.map(({ length }) => this.kernels.floats(length)),
    );
    return this.#dOutputs;
  }

  /** `capacity` rows of logits, after {@link forward}. */
  get logits(): FloatArray {
    return this.outputs[this.outputs.length - 1];
  }

  /** Computes every layer's outputs for `rows` rows of `inputs` into {@link outputs}. */
  *forward(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    rows: number,
    dropout?: Dropout,
  ): PausableWork {
    for (let layer = 0; layer < parameters.length; layer++) {
      yield* this.forwardLayer(parameters, inputs, rows, layer);
      yield;
      if (dropout && layer < parameters.length - 1) yield* this.drop(this.outputs, dropout, rows, layer);
    }
  }

  /** Fills {@link gradients}, after {@link forward} on the same inputs. */
  *backward(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    answers: Answers,
    rows: number,
    weights?: ClassWeights,
    dropout?: Dropout,
  ): PausableWork {
    yield* this.lossGradient(answers, rows, weights);
    yield;
    yield* this.backpropagate(parameters, inputs, rows, dropout);
  }

  /** {@link backward} from the gradient on the logits on, which is in {@link dOutputs}. */
  *backpropagate(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    rows: number,
    dropout?: Dropout,
  ): PausableWork {
    for (let layer = parameters.length - 1; layer >= 0; layer--) {
      yield* this.weightsGradient(inputs, rows, layer);
      yield;
      yield* this.biasesGradient(rows, layer);
      if (layer > 0) {
        yield;
        yield* this.#hiddenGradient(parameters, rows, layer, dropout);
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
    settings: StepSettings,
    step: number,
  ): PausableWork<boolean> {
    let finite = true;
    for (const [layer, { weights, biases }] of parameters.entries()) {
      const { weights: dW, biases: db } = this.gradients[layer];
      const momentsOf = (tensor: 'weights' | 'biases') => moments.map((layers) => layers[layer][tensor]);
      const [ofWeights, ofBiases] = [momentsOf('weights'), momentsOf('biases')];
      if (!(yield* this.kernels.update(weights, dW, ofWeights, settings, step, true))) finite = false;
      yield;
      if (!(yield* this.kernels.update(biases, db, ofBiases, settings, step, false))) finite = false;
      yield;
    }
    return finite;
  }

  /** The activation of X·W + b in a hidden layer, H·W + b in the last. */
  *forwardLayer(
    parameters: readonly LayerParameters[],
    inputs: FloatArray,
    rows: number,
    layer: number,
  ): PausableWork {
    const [x, y] = [this.#inputOf(layer, inputs), this.outputs[layer]];
    yield* this.kernels.outputs(x, parameters[layer], y, rows, this.#activations[layer] ?? 'identity');
  }

  /** The gradient of the mean loss on the logits, the notes' dscores. */
  *lossGradient(answers: Answers, rows: number, weights?: ClassWeights): PausableWork {
    const last = this.outputs.length - 1;
    const [logits, gradient, width] = [this.outputs[last], this.dOutputs[last], this.sizes[last + 1]];
    yield* this.kernels.lossGradient(this.loss, logits, gradient, answers, rows, width, weights);
  }

  /** The gradient on the sums of the layer before: its inputs', through dropout and activation. */
  *#hiddenGradient(
    parameters: readonly LayerParameters[],
    rows: number,
    layer: number,
    dropout: Dropout | undefined,
  ): PausableWork {
    if (dropout) {
      yield* this.inputGradient(parameters, rows, layer);
      yield;
      yield* this.drop(this.dOutputs, dropout, rows, layer - 1);
      yield* this.activationGradient(rows, layer - 1, dropout);
      return;
    }
    const [dY, dX] = [this.dOutputs[layer], this.dOutputs[layer - 1]];
    const [y, activation] = [this.outputs[layer - 1], this.#activations[layer - 1]];
    const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
    const { weights } = parameters[layer];
    yield* this.kernels.hiddenGradient(dY, weights, dX, y, rows, fanIn, fanOut, activation);
  }

  /** dW = Xᵀ·dY. */
  *weightsGradient(inputs: FloatArray, rows: number, layer: number): PausableWork {
    const [x, dY] = [this.#inputOf(layer, inputs), this.dOutputs[layer]];
    yield* this.kernels.weightsGradient(x, dY, this.gradients[layer].weights, rows, this.sizes[layer + 1]);
  }

  /** db = Σ dY. */
  *biasesGradient(rows: number, layer: number): PausableWork {
    yield* this.kernels.biasesGradient(this.dOutputs[layer], this.gradients[layer].biases, rows);
  }

  /** dX = dY·Wᵀ, before the derivative of the activation. */
  *inputGradient(parameters: readonly LayerParameters[], rows: number, layer: number): PausableWork {
    const [fanIn, fanOut] = [this.sizes[layer], this.sizes[layer + 1]];
    const [dY, dX] = [this.dOutputs[layer], this.dOutputs[layer - 1]];
    yield* this.kernels.inputGradient(dY, parameters[layer].weights, dX, rows, fanIn, fanOut);
  }

  /** The backward pass of a hidden layer's activation, from its outputs before dropout. */
  *activationGradient(rows: number, layer: number, dropout?: Dropout): PausableWork {
    const [dY, y] = [this.dOutputs[layer], this.outputs[layer]];
    const [count, activation] = [rows * this.sizes[layer + 1], this.#activations[layer]];
    yield* this.kernels.activationGradient(dY, y, count, activation, dropout?.keep ?? 1);
  }

  /** Dropout of a hidden layer's outputs, or of the gradient on them. */
  *drop(of: readonly FloatArray[], dropout: Dropout, rows: number, layer: number): PausableWork {
    const width = this.sizes[layer + 1];
    yield* inParts(rows, width, (start, end) => {
      dropout.apply(of[layer].subarray(start * width), layer, width, start, end - start);
    });
  }

  #inputOf(layer: number, inputs: FloatArray): FloatArray {
    return layer === 0 ? inputs : this.outputs[layer - 1];
  }
}
