import type { Trainer } from '../../src/index.ts';
import { rejection } from './training.ts';

/** A budget that leaves no candidate untried, however slow the machine. */
export const AMPLE = 600_000;

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
