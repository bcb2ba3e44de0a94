import type { Trainer, TuningOptions } from '../../src/index.ts';

import { rejection } from './training.ts';

/** A budget that leaves no candidate untried, however slow the machine. */
export const AMPLE = 600_000;

/**
 * For tests that are not about tuning: the kernels that compile soonest. What a software adapter runs fastest takes it several
 * times as long to compile. What is found under a key is the first of the choices that stand at its end.
 */
export const SMALL: TuningOptions = {
  budget: 0,
  cache: {
    get: (key) => JSON.stringify(JSON.parse(key.slice(key.lastIndexOf(' | ') + 3))[0]),
    set: () => new Map(),
  },
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
