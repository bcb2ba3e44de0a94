import { argmax, type ClassWeights } from '../data/answers.ts';
import type { FloatArray } from '../types.ts';
import { nothing, type Score } from './softmax.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/** The time of a class with its margin, in multiply-adds. */
export const MARGIN = 4;

/**
 * Adds to a score the sum over the rows of the hinge loss Σ max(0, z_k − z_y + 1) over all classes k
 * but the label y, and the number of rows whose largest logit is the label's. `logits` are `rows ×
 * classes`. In the notes: the loss of the multiclass support vector machine (Weston & Watkins 1999).
 */
export function* hinge(
  logits: FloatArray,
  labels: Uint32Array,
  rows: number,
  classes: number,
  before: Score,
  weights: ClassWeights,
): PausableWork<Score> {
  let { sum: total, correct } = before;
  yield* inParts(rows, MARGIN * classes, (first, end) => {
    for (let i = first, start = first * classes; i < end; i++, start += classes) {
      const label = labels[i];
      let loss = 0;
      for (let k = 0; k < classes; k++) {
        loss += nothing(logits[start + k]);
        if (k !== label) loss += Math.max(0, logits[start + k] - logits[start + label] + 1);
      }
      total += weights ? weights[label] * loss : loss;
      if (argmax(logits, start, classes) === label) correct++;
    }
  });
  return { sum: total, correct };
}

/**
 * Gradient of the mean hinge loss with respect to the logits, `rows × classes`: w_y / total for each
 * class but the label whose margin z_k − z_y + 1 is above 0, and minus their sum for the label. At the
 * kink, a margin of 0, the gradient is 0. A logit that is not finite makes its row's gradient NaN.
 */
export function* hingeGradient(
  logits: FloatArray,
  gradient: FloatArray,
  labels: Uint32Array,
  rows: number,
  classes: number,
  total: number,
  weights: ClassWeights,
): PausableWork {
  yield* inParts(rows, MARGIN * classes, (first, end) => {
    for (let i = first, start = first * classes; i < end; i++, start += classes) {
      const label = labels[i];
      const own = logits[start + label];
      const weight = (weights ? weights[label] : 1) / total;
      let [above, spoilt] = [0, 0];
      for (let k = 0; k < classes; k++) {
        spoilt += nothing(logits[start + k]);
        if (k === label) continue;
        const counts = logits[start + k] - own + 1 > 0;
        gradient[start + k] = counts ? weight : 0;
        if (counts) above++;
      }
      gradient[start + label] = -above * weight + spoilt;
    }
  });
}
