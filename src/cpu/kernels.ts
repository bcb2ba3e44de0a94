import type { FloatArrayConstructor } from '../checks/numbers.ts';
import type { Answers, ClassWeights } from '../data/answers.ts';
import type { Loss } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { Activation, FloatArray, LayerParameters } from '../types.ts';
import type { PausableWork } from './time-slices.ts';

/**
 * The operations of a training step on the arrays of one network. Arrays are row-major. Those that an
 * operation writes come from {@link CpuKernels.floats}; those that it only reads may be any.
 */
export interface CpuKernels {
  /** What computes, for people. */
  readonly name: string;
  readonly Float: FloatArrayConstructor;
  /** An array of zeros. @throws {RangeError} if there is no memory for it */
  floats(length: number): FloatArray;
  /** An array, or a copy of it where the operations read it fastest. @throws as {@link floats} */
  placed<T extends Answers>(values: T): T;
  /** Kernels for another network, whose operations may come between those of this one. */
  beside(): CpuKernels;
  /** Kernels for a network that is used no longer after `work`. */
  temporarily<T>(work: (kernels: CpuKernels) => Promise<T>): Promise<T>;
  /** Ends what works for the kernels. */
  end(): void;

  /** y = activation(x·W + b); `rows × fanIn` by `fanIn × fanOut`. */
  outputs(
    x: FloatArray,
    parameters: LayerParameters,
    y: FloatArray,
    rows: number,
    activation: Activation,
  ): PausableWork;
  /** The gradient of the mean loss on the logits, the notes' dscores. */
  lossGradient(
    loss: Loss,
    logits: FloatArray,
    gradient: FloatArray,
    answers: Answers,
    rows: number,
    width: number,
    weights: ClassWeights,
  ): PausableWork;
  /** dW = xᵀ·dY. */
  weightsGradient(x: FloatArray, dY: FloatArray, dW: FloatArray, rows: number, fanOut: number): PausableWork;
  /** db = Σ dY over the rows. */
  biasesGradient(dY: FloatArray, db: FloatArray, rows: number): PausableWork;
  /** dX = dY·Wᵀ, before the derivative of the activation. */
  inputGradient(
    dY: FloatArray,
    weights: FloatArray,
    dX: FloatArray,
    rows: number,
    fanIn: number,
    fanOut: number,
  ): PausableWork;
  /** dX = (dY·Wᵀ) · activation′, from the outputs y of the layer before: both lines at once. */
  hiddenGradient(
    dY: FloatArray,
    weights: FloatArray,
    dX: FloatArray,
    y: FloatArray,
    rows: number,
    fanIn: number,
    fanOut: number,
    activation: Activation,
  ): PausableWork;
  /**
   * dY ← dY · activation′, from the first `count` outputs y.
   * @param keep the factor of dropout that the outputs have, or 1
   */
  activationGradient(
    dY: FloatArray,
    y: FloatArray,
    count: number,
    activation: Activation,
    keep: number,
  ): PausableWork;
  /**
   * One update of one tensor, in place.
   * @param moments the rule's moments, each as long as `parameters`
   * @param step updates applied before this one, from 0
   * @param penalized whether the parameters are weights
   * @returns whether every parameter and moment is still finite
   */
  update(
    parameters: FloatArray,
    gradient: FloatArray,
    moments: readonly FloatArray[],
    settings: StepSettings,
    step: number,
    penalized: boolean,
  ): PausableWork<boolean>;
  /** Probabilities of rows of logits. Both arrays may be the same. */
  softmax(logits: FloatArray, probabilities: FloatArray, rows: number, classes: number): PausableWork;
}
