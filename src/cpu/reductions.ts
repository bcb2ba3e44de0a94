import type { FloatArray } from '../data/dataset.ts';

/** `out[j] = Σᵢ values[i, j]` over `rows` rows of `out.length` columns: the gradient of biases. */
export function columnSums(values: FloatArray, out: FloatArray, rows: number): void {
  const columns = out.length;
  const sums = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) sums[j] += values[at];
  }
  out.set(sums);
}

/** Σ values². */
export function sumOfSquares(values: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
