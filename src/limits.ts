import { LimitError, OptionError, OutOfMemoryError } from './errors.ts';

/** The longest array that every engine makes, in bytes. */
const LONGEST = 2 ** 32;

/** @throws {LimitError} if a tensor is longer than any array */
export function checkLength(
  name: string,
  length: number,
  Float: { BYTES_PER_ELEMENT: number },
  advice = 'Use a smaller network or a smaller batchSize.',
): void {
  const bytes = length * Float.BYTES_PER_ELEMENT;
  if (bytes > LONGEST) throw new LimitError(`The tensor '${name}'`, 'byteLength', bytes, LONGEST, advice);
}

/**
 * Runs code that allocates arrays.
 * @throws {OutOfMemoryError} if there is no memory left for it
 */
export function allocatingArrays<T>(what: string, allocate: () => T): T {
  try {
    return allocate();
  } catch (error) {
    throw memoryError(what, error);
  }
}

/**
 * An array for which there is no memory is a RangeError, or an option that asked for it and has
 * that for its cause; anything else stays what it is.
 */
export function memoryError(what: string, error: unknown): unknown {
  const shortage = error instanceof OptionError ? error.cause : error;
  return shortage instanceof RangeError ? new OutOfMemoryError(what, shortage.message) : error;
}
