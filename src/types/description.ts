import type {
  Activation,
  ClassifierLoss,
  Optimizer,
  Precision,
  RegressionLoss,
  ScheduleData,
} from './options.ts';

/**
 * A network and its settings as plain data, without rows and weights. It can be posted and kept as
 * JSON.
 */
export interface Description {
  /** Features, hidden…, classes or outputs. */
  sizes: number[];
  featureNames?: string[];
  classNames?: string[];
  outputNames?: string[];
  /**
   * Options with which `createTrainer` makes the same network for other data: what was given, with
   * every default filled in and the changes of `set`.
   */
  options: DescribedOptions;
}

/** The options that a {@link Description} holds. */
export interface DescribedOptions {
  hidden: number[];
  /** The activation of each hidden layer. */
  activation: Activation[];
  loss: ClassifierLoss | RegressionLoss;
  /** Absent if the learning rate is a function of the caller's own, which is no plain data. */
  learningRate?: number | ScheduleData;
  l2: number;
  l1: number;
  weightDecay: number;
  dropout: number;
  classWeights?: number[];
  optimizer: Required<Optimizer>;
  /** As it was given; absent if every step takes all rows. */
  batchSize?: number;
  seed: number;
  precision: Precision;
}
