import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('keeps the most recently used entries up to the capacity', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect(recent.get('a')).toBe(1);
  recent.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([1, undefined, 3]);
  recent.set('c', 4);
  recent.delete('a');
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([undefined, undefined, 4]);
});
