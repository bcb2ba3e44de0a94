import type {
  Backend,
  Dataset,
  LayerParameters,
  Optimizer,
  PlanName,
  Precision,
  RecoveryOptions,
  TrainerOptions,
  TuningOptions,
} from '../types.ts';
import type { SettingsRecord } from './step-settings.ts';

/** {@link Optimizer} with nothing left open. */
export type ResolvedOptimizer = Required<Optimizer>;

/**
 * What both backends train from: {@link TrainerOptions} checked, with every default filled in. The caller's arrays have been
 * copied: what happens to them afterwards has no effect.
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
  /** Makes the starting point, one entry a layer: nothing is drawn before it is known that the network fits. */
  start: () => LayerParameters[];
  seed: number;
  precision: Precision;
}

/** Where and how the caller wants to train. */
export interface BackendChoice {
  backend: 'auto' | Backend;
  plan: 'auto' | PlanName;
  device: GPUDevice | undefined;
  tuning: false | TuningOptions;
  recovery: false | RecoveryOptions;
}

/** How many moments the optimizer keeps for each parameter. */
export function momentCount(optimizer: ResolvedOptimizer): number {
  if (optimizer.name === 'adam') return 2;
  return optimizer.momentum > 0 ? 1 : 0;
}
