import { expect } from 'vitest';

/**
 * Compares arrays of numbers with `Object.is` for each number. `toEqual` alone treats each index as
 * a property name, which takes eighty times as long.
 */
function sameNumbers(a: unknown, b: unknown): boolean | undefined {
  if (!isNumbers(a) || !isNumbers(b)) return undefined;
  return a.constructor === b.constructor && a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}

function isNumbers(value: unknown): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

// Registered once in a worker, for all its test files.
expect.addEqualityTesters([sameNumbers]);
