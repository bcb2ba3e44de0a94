import { argmax, type ClassWeights } from '../data/answers.ts';
import type { FloatArray } from '../types.ts';
import { EXPONENTIAL, inParts, type PausableWork } from './time-slices.ts';

/** 0, or NaN for a number that is not finite. */
export const nothing = (value: number) => 0 * value;

/**
 * `probabilities[i, k] = exp(logits[i, k]) / Σⱼ exp(logits[i, j])`, `rows × classes`, with the
 * row's maximum subtracted first so that nothing overflows. Both may be the same array. A logit that
 * is not finite makes its row's probabilities NaN, so that no −∞ passes as a probability of 0.
 */
export function* softmax(
  logits: FloatArray,
  probabilities: FloatArray,
  rows: number,
  classes: number,
): PausableWork {
  yield* inParts(rows, EXPONENTIAL * classes, (first, end) => {
    softmaxOf(logits, probabilities, classes, first, end);
  });
}

function softmaxOf(
  logits: FloatArray,
  probabilities: FloatArray,
  classes: number,
  first: number,
  end: number,
): void {
  for (let i = first, start = first * classes; i < end; i++, start += classes) {
    const maximum = logits[start + argmax(logits, start, classes)];
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const exponential = Math.exp(logits[start + k] - maximum);
      sum += exponential + nothing(logits[start + k]);
      probabilities[start + k] = exponential;
    }
    for (let k = 0; k < classes; k++) probabilities[start + k] /= sum;
  }
}

/** A sum of losses, by class weights where there are any, and a number of correct rows. */
export interface Score {
  sum: number;
  correct: number;
}

/**
 * Adds to a score the sum over the rows of the cross-entropy −ln p[y], in nats, and the number of rows whose
 * largest logit is the label's. `logits` are `rows × classes`.
 *
 * The largest logit's own exponential is 1, so that the loss of a row is (max − z[y]) + ln(1 + r),
 * where r is the sum of all other exponentials. `log1p` keeps the digits of an r far below 1.
 */
export function* crossEntropy(
  logits: FloatArray,
  labels: Uint32Array,
  rows: number,
  classes: number,
  before: Score = { sum: 0, correct: 0 },
  weights?: ClassWeights,
): PausableWork<Score> {
  let score = before;
  yield* inParts(rows, EXPONENTIAL * classes, (first, end) => {
    score = scoreOf(logits, labels, classes, first, end, score, weights);
  });
  return score;
}

/** Adds the losses and the correct rows from `first` to before `end` to a score. */
function scoreOf(
  logits: FloatArray,
  labels: Uint32Array,
  classes: number,
  first: number,
  end: number,
  before: Score,
  weights: ClassWeights,
): Score {
  let { sum: total, correct } = before;
  for (let i = first, start = first * classes; i < end; i++, start += classes) {
    const best = argmax(logits, start, classes);
    const maximum = logits[start + best];
    let rest = 0;
    for (let k = 0; k < classes; k++) {
      rest += nothing(logits[start + k]);
      if (k !== best) rest += Math.exp(logits[start + k] - maximum);
    }
    const loss = maximum - logits[start + labels[i]] + Math.log1p(rest);
    total += weights ? weights[labels[i]] * loss : loss;
    if (best === labels[i]) correct++;
  }
  return { sum: total, correct };
}

/**
 * Gradient of the mean cross-entropy with respect to the logits, `rows × classes`: (p − 1{k = y}) /
 * total, times the weight of the row's class. p[y] − 1 is minus the sum of the other probabilities, because a subtraction of 1 would lose
 * the digits of a row that the network is sure of. Both may be the same array.
 */
export function* crossEntropyGradient(
  logits: FloatArray,
  gradient: FloatArray,
  labels: Uint32Array,
  rows: number,
  classes: number,
  total = rows,
  weights?: ClassWeights,
): PausableWork {
  yield* inParts(rows, EXPONENTIAL * classes, (first, end) => {
    gradientOf(logits, gradient, labels, classes, first, end, total, weights);
  });
}

/** The gradient of the rows from `first` to before `end`. */
function gradientOf(
  logits: FloatArray,
  gradient: FloatArray,
  labels: Uint32Array,
  classes: number,
  first: number,
  end: number,
  total: number,
  weights: ClassWeights,
): void {
  for (let i = first, start = first * classes; i < end; i++, start += classes) {
    const maximum = logits[start + argmax(logits, start, classes)];
    let [sum, others] = [0, 0];
    for (let k = 0; k < classes; k++) {
      const exponential = Math.exp(logits[start + k] - maximum);
      sum += exponential + nothing(logits[start + k]);
      gradient[start + k] = exponential;
      if (k !== labels[i]) others += exponential;
    }
    gradient[start + labels[i]] = 0 - others;
    const weight = weights ? weights[labels[i]] / total : undefined;
    for (let k = 0; k < classes; k++) {
      const share = gradient[start + k] / sum;
      gradient[start + k] = weight === undefined ? share / total : share * weight;
    }
  }
}
