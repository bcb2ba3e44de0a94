import { LimitError, OptionError, OutOfMemoryError } from './errors.ts';

/** The size in bytes of the largest typed array that every JavaScript engine allows. */
const MAX_BYTES = 2 ** 32;

/** @throws {LimitError} if a tensor is larger than the largest typed array */
export function checkLength(
  name: string,
  length: number,
  Float: { BYTES_PER_ELEMENT: number },
  advice = 'Use a smaller network or a smaller batchSize.',
): void {
  const bytes = length * Float.BYTES_PER_ELEMENT;
  if (bytes > MAX_BYTES) throw new LimitError(`The tensor '${name}'`, 'byteLength', bytes, MAX_BYTES, advice);
}

/**
 * Runs code that allocates arrays.
 * @throws {OutOfMemoryError} if there is no memory left for the arrays
 */
export function allocatingArrays<T>(what: string, allocate: () => T): T {
  try {
    return allocate();
  } catch (error) {
    throw memoryError(what, error);
  }
}

/**
 * Converts the error of an allocation that failed, a RangeError or an OptionError with a RangeError
 * as its cause, to an OutOfMemoryError. Returns any other error as it is.
 */
export function memoryError(what: string, error: unknown): unknown {
  const shortage = error instanceof OptionError ? error.cause : error;
  return shortage instanceof RangeError ? new OutOfMemoryError(what, shortage.message) : error;
}
