import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Dataset, LayerParameters, Measurement, RunOptions, Trainer } from '../../../src/index.ts';
import { expectClose } from '../oracle/compare.ts';

/**
 * Snapshots depend on the clock, and hold a buffer until they have been read. With this interval no
 * snapshot is taken in a test.
 */
export const WITHOUT_SNAPSHOTS = { interval: 1e9 };

/** All measurements of a run. */
export async function measurements(trainer: Trainer, options: RunOptions): Promise<Measurement[]> {
  const all: Measurement[] = [];
  for await (const measurement of trainer.run(options)) all.push(measurement);
  return all;
}

/** Every read of a trainer, by the name of the call, over other rows if the call takes rows. */
export function readsOf(rows: Dataset): [call: string, read: (trainer: Trainer) => Promise<unknown>][] {
  return [
    ['measure', (trainer) => trainer.measure()],
    ['measure(data)', (trainer) => trainer.measure(rows)],
    ['predict', (trainer) => trainer.predict(rows.inputs)],
    ['activations', (trainer) => trainer.activations(rows.inputs)],
    ['gradients', (trainer) => trainer.gradients()],
    ['inspect', (trainer) => trainer.inspect()],
    ['parameters', (trainer) => trainer.parameters()],
    ['save', (trainer) => trainer.save()],
  ];
}

/** The error of a rejected promise. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection, but the promise was fulfilled');
}

/**
 * Milliseconds of CPU time of this thread, which other programs do not change; the clock's on other
 * systems than Linux.
 */
function ownTime(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

/**
 * Aborts work that ends only by an abort, given its {@link rejection}, after `after` milliseconds.
 * @returns this thread's milliseconds from the due time of the abort to the end of the work
 */
export async function abortDelay(
  controller: AbortController,
  ended: Promise<unknown>,
  after = 0,
): Promise<number> {
  const due = performance.now() + after;
  // The delay counts from the due time, even if the thread is at work then.
  let start = ownTime();
  const early = setInterval(() => {
    if (performance.now() < due) start = ownTime();
  }, 1);
  if (after > 0) await new Promise((resolve) => setTimeout(resolve, after));
  clearInterval(early);
  controller.abort();
  expect(await ended).toBe(controller.signal.reason);
  return ownTime() - start;
}

export function expectParameters(
  actual: LayerParameters[],
  expected: readonly { weights: ArrayLike<number>; biases: ArrayLike<number> }[],
  tolerance: number,
): void {
  expected.forEach((layer, i) => {
    expectClose(actual[i].weights, layer.weights, tolerance, `weights ${i}`);
    expectClose(actual[i].biases, layer.biases, tolerance, `biases ${i}`);
  });
}
