import { LimitError, OutOfMemoryError } from '../errors.ts';

/** The longest array that every engine makes, in bytes. */
const LONGEST = 2 ** 32;

/** @throws {LimitError} if a tensor is longer than any array */
export function checkLength(name: string, length: number, Float: { BYTES_PER_ELEMENT: number }): void {
  const bytes = length * Float.BYTES_PER_ELEMENT;
  if (bytes > LONGEST) {
    const advice = 'Use a smaller network or a smaller batchSize.';
    throw new LimitError(`The tensor '${name}'`, 'byteLength', bytes, LONGEST, advice);
  }
}

/**
 * Runs code that allocates.
 * @throws {OutOfMemoryError} if there is no memory left for it
 */
export function allocating<T>(what: string, allocate: () => T): T {
  try {
    return allocate();
  } catch (error) {
    if (error instanceof RangeError) throw new OutOfMemoryError(what, error.message);
    throw error;
  }
}
