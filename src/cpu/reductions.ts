import type { FloatArray } from '../types.ts';

/**
 * `out[j] = Σᵢ values[i, j]` over `rows` rows of `out.length` columns: the gradient of biases. Four
 * columns at a time, each from the first row to the last, in local variables.
 */
export function columnSums(values: FloatArray, out: FloatArray, rows: number): void {
  const columns = out.length;
  const end = rows * columns;
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let at = j; at < end; at += columns) {
      s0 += values[at];
      s1 += values[at + 1];
      s2 += values[at + 2];
      s3 += values[at + 3];
    }
    out[j] = s0;
    out[j + 1] = s1;
    out[j + 2] = s2;
    out[j + 3] = s3;
  }
  for (; j < columns; j++) {
    let sum = 0;
    for (let at = j; at < end; at += columns) sum += values[at];
    out[j] = sum;
  }
}

/** Σ values². */
export function sumOfSquares(values: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
