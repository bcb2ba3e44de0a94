import { expect } from 'vitest';

/**
 * Arrays of numbers are the same where each number is, as `Object.is` has it. Without this, `toEqual` takes each index for the
 * name of a property: eighty times as long.
 */
function sameNumbers(a: unknown, b: unknown): boolean | undefined {
  if (!isNumbers(a) || !isNumbers(b)) return undefined;
  return a.constructor === b.constructor && a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}

function isNumbers(value: unknown): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

// Once in a worker, whose files share it.
expect.addEqualityTesters([sameNumbers]);
