/*
 * This file imports nothing of the test runner, so that tests in a page compare alike.
 */

/**
 * The worst difference beyond its tolerance, as a text; undefined if there is none. NaN never passes.
 * @param tolerance the largest absolute difference, for all entries or for each entry
 */
export function excess(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number | ((index: number) => number),
  what: string,
): string | undefined {
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
  return worst.index >= 0 ? worst.text : undefined;
}
