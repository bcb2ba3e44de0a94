import { expect, test } from 'vitest';
import { gatherRows } from './gather-rows.ts';

test.each([1, 2, 20, 24, 25, 100])('rows of %i numbers are copied in their order', (columns) => {
  const values = Float32Array.from({ length: 50 * columns }, (_, i) => i);
  for (const order of [[], [7], [49, 0, 3, 3, 21]]) {
    const into = new Float32Array((order.length + 1) * columns).fill(-1);
    gatherRows(values, columns, Uint32Array.from(order), into);
    const rows = order.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]);
    expect([...into]).toEqual([...rows, ...Array(columns).fill(-1)]);
  }
});

test('labels are copied like numbers', () => {
  const into = new Uint32Array(3);
  gatherRows(Uint32Array.of(9, 2 ** 32 - 1, 5), 1, Uint32Array.of(1, 1, 2), into);
  expect([...into]).toEqual([2 ** 32 - 1, 2 ** 32 - 1, 5]);
});
