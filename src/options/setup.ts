import { MOMENTS, type UpdateRule } from '../../shaders/lib/moments.ts';
import type { Dataset, LayerParameters, Optimizer, Precision, TrainerOptions } from '../types.ts';
import type { SettingsRecord } from './step-settings.ts';

export type { UpdateRule };

/** An {@link Optimizer} with every default filled in. */
export type ResolvedOptimizer = Required<Optimizer>;

/**
 * The setup of both backends: checked {@link TrainerOptions}, with every default filled in. The
 * arrays are copies, on which later changes of the caller's arrays have no effect.
 */
export interface TrainingSetup {
  /** The training data, with inputs in the trainer's precision. */
  data: Dataset;
  /** Features, hidden…, classes. */
  sizes: readonly number[];
  /** Learning rate and L2 of each step. */
  settings: SettingsRecord;
  optimizer: ResolvedOptimizer;
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
export type BackendChoice = Required<Pick<TrainerOptions, 'backend' | 'plan' | 'tuning' | 'recovery'>> &
  Pick<TrainerOptions, 'device' | 'signal'>;

/**
 * Whether every step takes all rows, however many there are: no batch size was asked for, or more
 * rows than there are.
 */
export function isFullBatch({ askedBatchSize, data }: TrainingSetup): boolean {
  return askedBatchSize === undefined || askedBatchSize > data.count;
}

/** The update rule of an optimizer. */
export function ruleOf(optimizer: ResolvedOptimizer): UpdateRule {
  if (optimizer.name === 'adam') return 'adam';
  return optimizer.momentum > 0 ? 'momentum' : 'sgd';
}

/** The number of moments that the optimizer keeps for each parameter. */
export function momentCount(optimizer: ResolvedOptimizer): number {
  return MOMENTS[ruleOf(optimizer)];
}
