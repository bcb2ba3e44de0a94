import { expect } from 'vitest';
import type { Precision } from '../../../src/index.ts';
import { excess } from './difference.ts';

/**
 * The only comparison of floats in the tests. NaN never passes.
 * @param tolerance the largest absolute difference, for all entries or for each entry
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number | ((index: number) => number),
  what = 'values',
): void {
  expect(actual.length, `length of ${what}`).toBe(expected.length);
  const found = excess(actual, expected, tolerance, what);
  if (found) expect.fail(found);
}

/** Distance from 1 to the next float32. */
export const EPSILON_32 = 2 ** -23;

/**
 * The largest relative error of one sum or product on a device. In single precision WGSL allows
 * either neighbouring float; shaders/arithmetic.test.ts measures double-single, also for quotients
 * and roots.
 */
export const EPSILON: Record<Precision, number> = { single: EPSILON_32, double: 2 ** -44 };
