import type { Trainer, TuningOptions } from '../../../src/index.ts';

import { rejection } from './training.ts';

/** A budget that is enough for every candidate on a machine of any speed. */
export const AMPLE = 600_000;

/**
 * Tuning for tests of other subjects: chooses the kernels that compile fastest. The kernels that a
 * software adapter runs fastest take several times as long to compile. The value for a key is the
 * first of the choices at the key's end.
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
