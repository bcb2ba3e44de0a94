import type { ScalingData } from '../data/scaling.ts';
import type { Activation, ClassifierLoss, LayerParameters, Precision, RegressionLoss } from '../types.ts';

/**
 * Everything that a prediction depends on, as plain data: every format of a file is written from it and
 * read back to it.
 */
export interface ModelData {
  /** Features, hidden…, classes or outputs. */
  sizes: number[];
  /** The activation of each hidden layer. */
  activations: Activation[];
  loss: ClassifierLoss | RegressionLoss;
  /** The precision of the weights: Float32Array or Float64Array. */
  precision: Precision;
  /** Weights and biases of each layer, finite, for `createTrainer` too. */
  parameters: LayerParameters[];
  featureNames?: string[];
  classNames?: string[];
  outputNames?: string[];
  /** From raw rows to those that the network was trained on. */
  scaling?: ScalingData;
}

/** The version of what the library's own files hold. */
export const LAYOUT = 1;
