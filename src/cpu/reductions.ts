import type { FloatArray } from '../types.ts';
import { inParts, MOST_TERMS, type PausableWork } from './time-slices.ts';

/**
 * `out[j] = Σᵢ values[i, j]` over `rows` rows of `out.length` columns: the gradient of biases. Four
 * columns at a time, each sum in float64 and from the first row to the last.
 */
export function* columnSums(values: FloatArray, out: FloatArray, rows: number): PausableWork {
  const columns = out.length;
  for (let j = 0; j < columns; j += 4) {
    if (j > 0 && rows * columns > MOST_TERMS) yield;
    const sums = [0, 0, 0, 0];
    yield* inParts(rows, 4, (start, end) => {
      if (j + 4 <= columns) addFour(values, columns, start * columns + j, end * columns, sums);
      else
        for (let k = 0; j + k < columns; k++)
          addOne(values, columns, start * columns + j, end * columns, sums, k);
    });
    for (let k = 0; k < 4 && j + k < columns; k++) out[j + k] = sums[k];
  }
}

/** Adds four neighbouring columns to their sums, in local variables. */
function addFour(values: FloatArray, columns: number, from: number, end: number, sums: number[]): void {
  let [s0, s1, s2, s3] = sums;
  for (let at = from; at < end; at += columns) {
    s0 += values[at];
    s1 += values[at + 1];
    s2 += values[at + 2];
    s3 += values[at + 3];
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

/** Adds column number `k` of a block to its sum. */
function addOne(
  values: FloatArray,
  columns: number,
  from: number,
  end: number,
  sums: number[],
  k: number,
): void {
  let sum = sums[k];
  for (let at = from + k; at < end; at += columns) sum += values[at];
  sums[k] = sum;
}

/** Σ values². */
export function* sumOfSquares(values: FloatArray): PausableWork<number> {
  let sum = 0;
  yield* inParts(values.length, 1, (start, end) => {
    for (let i = start; i < end; i++) sum += values[i] * values[i];
  });
  return sum;
}
