import type { Trainer, TuningOptions } from '../../src/index.ts';

import { rejection } from './training.ts';

/** A budget that leaves no candidate untried, however slow the machine. */
export const AMPLE = 600_000;

/**
 * For tests that are not about tuning: the kernels that compile soonest, whose invocations take one row or unit each. What a
 * software adapter runs fastest takes it ten times as long to compile.
 */
export const SMALL: TuningOptions = {
  budget: 0,
  cache: { get: () => 'fused, 1 rows × 64 and 1 units × 64 a workgroup', set: () => new Map() },
};

/** Trains until tuning has ended. */
export function trainUntilTuned(trainer: Trainer): Promise<void> {
  return trainUntil(trainer, () => trainer.tuning.done);
}

export async function trainUntil(trainer: Trainer, enough: () => boolean): Promise<void> {
  const controller = new AbortController();
  const watch = setInterval(() => enough() && controller.abort(), 5);
  await rejection(trainer.train(1_000_000_000, { signal: controller.signal }));
  clearInterval(watch);
}
