import { expect, test } from 'vitest';
import { thinned } from './thinned.ts';

const inputs = Float64Array.from({ length: 12 }, (_, i) => i);

test('rows are chosen evenly, with their labels or values', () => {
  const labels = Uint32Array.of(0, 0, 1, 1, 2, 2);
  const classified = { inputs, labels, count: 6, features: 2, classes: 3 };
  expect(thinned(classified, 7)).toEqual({
    ...classified,
    inputs: Float64Array.of(0, 1, 4, 5, 8, 9),
    labels: Uint32Array.of(0, 1, 2),
    count: 3,
  });
  const targets = Float64Array.of(0, 1, 2, 3);
  const valued = { inputs, targets, count: 2, features: 6, outputs: 2 };
  expect(thinned(valued, 6)).toEqual({
    ...valued,
    inputs: inputs.slice(0, 6),
    targets: targets.slice(0, 2),
    count: 1,
  });
});

test('few rows stay as they are, and one row is always left', () => {
  const data = { inputs, labels: Uint32Array.of(0, 1), count: 2, features: 6, classes: 2 };
  expect(thinned(data, 12)).toBe(data);
  expect(thinned(data, 1).count).toBe(1);
});
