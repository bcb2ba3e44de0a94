import { expect, test } from 'vitest';
import { agrees, type EntrantResult, operationsOfStep } from './results.ts';

test('operations of a step are those of its matrix products', () => {
  expect(operationsOfStep(300, [2, 3])).toBe(2 * 2 * 300 * 2 * 3);
  // Forward and dW of both layers, and the gradient on the hidden outputs.
  expect(operationsOfStep(300, [2, 100, 3])).toBe(2 * 300 * (2 * 200 + 3 * 300));
});

const agreement = (loss: number) => ({ steps: 100, loss, way: 'plain' as const });
const result = { way: 'fused', precision: 'single', times: {} } satisfies EntrantResult;

test('a loss agrees within rounding, and a missing or infinite one does not', () => {
  const known = { agreement: agreement(0.719349), entrants: [] };
  expect(agrees({ ...result, loss: 0.71935 }, known)).toBe(true);
  expect(agrees({ ...result, loss: 0.7196 }, known)).toBe(false);
  expect(agrees({ ...result, precision: 'double', loss: 0.71935 }, known)).toBe(false);
  expect(agrees({ ...result, loss: Number.NaN }, known)).toBe(false);
  expect(agrees(result, known)).toBe(false);
  expect(agrees({ ...result, loss: 0.719349 }, { entrants: [] })).toBe(false);
});

test('a large loss agrees relative to its size', () => {
  const known = { agreement: agreement(5e6), entrants: [] };
  expect(agrees({ ...result, loss: 5e6 + 100 }, known)).toBe(true);
  expect(agrees({ ...result, loss: 5e6 + 1000 }, known)).toBe(false);
});

test('where plain loops in float32 are far from float64, the network magnifies roundings', () => {
  const plain = (loss: number): EntrantResult => ({ way: 'plain', precision: 'single', times: {}, loss });
  const among = (loss: number) => ({ agreement: agreement(1), entrants: [plain(loss)] });
  expect(agrees({ ...result, loss: 1.01 }, among(1 + 1e-6))).toBe(false);
  expect(agrees({ ...result, loss: 1.01 }, among(1 + 1e-3))).toBe(true);
  expect(agrees({ ...result, precision: 'double', loss: 1 + 1e-7 }, among(1 + 1e-6))).toBe(false);
  expect(agrees({ ...result, precision: 'double', loss: 1 + 5e-8 }, among(1 + 1e-3))).toBe(true);
  expect(agrees({ ...result, loss: 1.01 }, among(Number.NaN))).toBe(false);
});
