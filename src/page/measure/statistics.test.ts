import { expect, test } from 'vitest';
import { spread } from './statistics.ts';

test('quartiles lie between two values in proportion, in any order of the values', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ count: 4, min: 1, lower: 1.75, median: 2.5, upper: 3.25, max: 4 });
  expect(spread([30, 10, 20])).toEqual({ count: 3, min: 10, lower: 15, median: 20, upper: 25, max: 30 });
});

test('numbers are sorted by size, not by their digits', () => {
  expect(spread([100, 9, 20]).median).toBe(20);
});

test('one value is its own spread', () => {
  expect(spread([7])).toEqual({ count: 1, min: 7, lower: 7, median: 7, upper: 7, max: 7 });
});

test('the values stay as they were', () => {
  const values = [3, 1, 2];
  spread(values);
  expect(values).toEqual([3, 1, 2]);
});

test.each([[[]], [[1, Number.NaN]], [[Number.POSITIVE_INFINITY]]])('%j has none', (values) => {
  expect(() => spread(values)).toThrow(RangeError);
});
