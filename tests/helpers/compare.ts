import { expect } from 'vitest';
import type { Precision } from '../../src/index.ts';

/**
 * The one comparison of floats in all tests. NaN never passes.
 * @param tolerance largest absolute difference allowed, for all entries or for each
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number | ((index: number) => number),
  what = 'values',
): void {
  expect(actual.length, `length of ${what}`).toBe(expected.length);
  let worst = { index: -1, excess: 0, text: '' };
  for (let i = 0; i < expected.length; i++) {
    const allowed = typeof tolerance === 'number' ? tolerance : tolerance(i);
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= allowed)) {
      const excess = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference / allowed;
      const text = `${what}[${i}] is ${actual[i]}, expected ${expected[i]} ± ${allowed}`;
      if (worst.index < 0 || excess > worst.excess) worst = { index: i, excess, text };
    }
  }
  if (worst.index >= 0) expect.fail(worst.text);
}

/** Distance from 1 to the next float32. */
export const EPSILON_32 = 2 ** -23;

/**
 * Largest relative error of one sum or product on a device. WGSL lets single precision round to either neighbour;
 * shaders/arithmetic.test.ts measures double-single, quotients and roots included.
 */
export const EPSILON: Record<Precision, number> = { single: EPSILON_32, double: 2 ** -44 };
