import { MOMENTS, type UpdateRule } from '../../shaders/lib/update-rule.ts';
import type { Dataset, LayerParameters, Optimizer, Precision, TrainerOptions } from '../types.ts';
import type { SettingsRecord } from './step-settings.ts';

export type { UpdateRule };

/** {@link Optimizer} with nothing left open. */
export type ResolvedOptimizer = Required<Optimizer>;

/**
 * What both backends train from: {@link TrainerOptions} checked, with every default filled in. The
 * caller's arrays have been copied: what happens to them afterwards has no effect.
 */
export interface TrainingSetup {
  /** With inputs in the trainer's precision. */
  data: Dataset;
  /** Features, hidden…, classes. */
  sizes: readonly number[];
  /** Learning rate and L2 of each step. */
  settings: SettingsRecord;
  optimizer: ResolvedOptimizer;
  /** At most `data.count`; equal to it when every step sees all rows. */
  batchSize: number;
  /**
   * Makes the starting point, one entry a layer: nothing is drawn before it is known that the
   * network fits.
   */
  start: () => LayerParameters[];
  seed: number;
  precision: Precision;
}

/** Where and how the caller wants to train. */
export type BackendChoice = Required<Pick<TrainerOptions, 'backend' | 'plan' | 'tuning' | 'recovery'>> &
  Pick<TrainerOptions, 'device'>;

/** The rule by which an optimizer updates parameters. */
export function ruleOf(optimizer: ResolvedOptimizer): UpdateRule {
  if (optimizer.name === 'adam') return 'adam';
  return optimizer.momentum > 0 ? 'momentum' : 'sgd';
}

/** How many moments the optimizer keeps for each parameter. */
export function momentCount(optimizer: ResolvedOptimizer): number {
  return MOMENTS[ruleOf(optimizer)];
}
