import type { FloatArray } from '../types.ts';

/**
 * `outputs[i, j] += biases[j]`, then `max(0, ·)` where `relu`; `rows × biases.length`, in place.
 * Keeps NaN.
 */
export function addBiases(outputs: FloatArray, biases: FloatArray, rows: number, relu: boolean): void {
  const columns = biases.length;
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const sum = outputs[at] + biases[j];
      outputs[at] = relu && sum <= 0 ? 0 : sum;
    }
  }
}

/**
 * ReLU's backward pass: `gradient[i] = 0` where the unit's output was not positive; the derivative
 * at 0 is 0.
 */
export function reluMask(gradient: FloatArray, outputs: FloatArray, count: number): void {
  for (let i = 0; i < count; i++) {
    if (outputs[i] <= 0) gradient[i] = 0;
  }
}
