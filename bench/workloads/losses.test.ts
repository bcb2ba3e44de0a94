import { expect, test } from 'vitest';
import { checkLoss } from './losses.ts';

test.each([
  ['single', 1e-4],
  ['double', 1e-10],
] as const)('a loss in %s may be off by %d of the reference, not by more', (precision, tolerance) => {
  const off = (share: number) => checkLoss(3, 2 * (1 + share * tolerance), 2, precision).wrong;
  expect([off(0.99), off(-0.99), off(1.01), off(-1.01)]).toEqual([false, false, true, true]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -2])('%d is wrong', (loss) => {
  expect(checkLoss(3, loss, 2, 'single').wrong).toBe(true);
});

test('with NaN as the reference no loss is right', () => {
  expect(checkLoss(3, Number.NaN, Number.NaN, 'single').wrong).toBe(true);
});
