import type { FloatArray } from '../types.ts';

/** Index of the largest of `count` numbers from `start`; the first of equals. */
export function argmax(values: FloatArray, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) {
    if (values[start + k] > values[start + best]) best = k;
  }
  return best;
}

/**
 * `probabilities[i, k] = exp(logits[i, k]) / Σⱼ exp(logits[i, j])`, `rows × classes`, with the
 * row's maximum subtracted first so that nothing overflows. Both may be the same array.
 */
export function softmax(logits: FloatArray, probabilities: FloatArray, rows: number, classes: number): void {
  for (let i = 0, start = 0; i < rows; i++, start += classes) {
    const maximum = logits[start + argmax(logits, start, classes)];
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const exponential = Math.exp(logits[start + k] - maximum);
      probabilities[start + k] = exponential;
      sum += exponential;
    }
    for (let k = 0; k < classes; k++) probabilities[start + k] /= sum;
  }
}

/**
 * The sum over the rows of the cross-entropy −ln p[y], in nats, and the number of rows whose
 * largest logit is the label's. `logits` are `rows × classes`.
 */
export function crossEntropy(
  logits: FloatArray,
  labels: Uint32Array,
  rows: number,
  classes: number,
): { sum: number; correct: number } {
  let total = 0;
  let correct = 0;
  for (let i = 0, start = 0; i < rows; i++, start += classes) {
    const best = argmax(logits, start, classes);
    const maximum = logits[start + best];
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[start + k] - maximum);
    total += Math.log(sum) - (logits[start + labels[i]] - maximum);
    if (best === labels[i]) correct++;
  }
  return { sum: total, correct };
}

/**
 * Gradient of the mean cross-entropy with respect to the logits, `rows × classes`, in place of the
 * probabilities: (p − 1{k = y}) / rows.
 */
export function crossEntropyGradient(
  probabilities: FloatArray,
  labels: Uint32Array,
  rows: number,
  classes: number,
): void {
  for (let i = 0; i < rows; i++) probabilities[i * classes + labels[i]] -= 1;
  for (let i = 0; i < rows * classes; i++) probabilities[i] /= rows;
}
