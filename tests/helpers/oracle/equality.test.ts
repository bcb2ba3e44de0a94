import { expect, test } from 'vitest';

test('arrays of numbers are equal where each number and the kind of array is', () => {
  const numbers = Float32Array.of(0, Number.NaN, 1);
  expect({ numbers }).toEqual({ numbers: numbers.slice() });
  for (const other of [
    Float32Array.of(-0, Number.NaN, 1),
    Float32Array.of(0, 2, 1),
    Float32Array.of(0, Number.NaN),
    Float32Array.of(0, Number.NaN, 1, 0),
    Float64Array.of(0, Number.NaN, 1),
    [0, Number.NaN, 1],
  ]) {
    expect({ numbers }).not.toEqual({ numbers: other });
    expect({ numbers: other }).not.toEqual({ numbers });
  }
});
