import { MOMENTS, SQUARES } from '../../shaders/lib/moments.ts';
import type {
  Activation,
  AnyDataset,
  ClassifierLoss,
  LayerParameters,
  NetworkOptions,
  Precision,
  RegressionLoss,
} from '../types.ts';
import type { SettingsRecord } from './step-settings.ts';

/** The loss of a classifier or of a regression. */
export type Loss = ClassifierLoss | RegressionLoss;

/** The layers of a network, and its loss. */
export interface NetworkShape {
  /** Features, hidden…, classes or outputs. */
  sizes: readonly number[];
  /** The activation of each hidden layer. */
  activations: readonly Activation[];
  loss: Loss;
}

/**
 * The setup of both backends: checked options, with every default filled in. The arrays are copies,
 * on which later changes of the caller's arrays have no effect.
 */
export interface TrainingSetup extends NetworkShape {
  /** The training data, with inputs and targets in the trainer's precision. */
  data: AnyDataset;
  /** Learning rate, penalties and optimizer of each step. */
  settings: SettingsRecord;
  /** At most `data.count`; equal to it when every step sees all rows. */
  batchSize: number;
  /** The batch size that was asked for, which may exceed the number of rows. */
  askedBatchSize?: number;
  /**
   * Makes the starting weights and biases, one entry a layer. A backend calls it after the network
   * is known to fit into memory.
   */
  start: () => LayerParameters[];
  seed: number;
  precision: Precision;
}

/** The options that concern the backend. */
export type BackendChoice = Required<
  Pick<NetworkOptions, 'backend' | 'webAssembly' | 'plan' | 'tuning' | 'recovery'>
> &
  Pick<NetworkOptions, 'threads' | 'device' | 'signal'>;

/**
 * Whether every step takes all rows, however many there are: no batch size was asked for, or more
 * rows than there are.
 */
export function isFullBatch({ askedBatchSize, data }: TrainingSetup): boolean {
  return askedBatchSize === undefined || askedBatchSize > data.count;
}

/** The number of moments that the optimizer keeps for each parameter. */
export function momentCount({ settings }: TrainingSetup): number {
  return MOMENTS[settings.now.rule];
}

/** The index of the optimizer's moment that holds squares; undefined if there is none. */
export function squaresOf({ settings }: TrainingSetup): number | undefined {
  return SQUARES[settings.now.rule];
}
