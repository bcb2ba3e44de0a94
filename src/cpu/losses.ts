import { type Answers, type ClassWeights, totalWeight } from '../data/answers.ts';
import type { Loss } from '../options/setup.ts';
import type { FloatArray } from '../types.ts';
import { hinge, hingeGradient } from './hinge.ts';
import { crossEntropy, crossEntropyGradient, type Score } from './softmax.ts';
import { squaredError, squaredErrorGradient } from './squared-error.ts';
import type { PausableWork } from './time-slices.ts';

/** The mathematics of a loss, on logits of `rows × width` and on the answers that its data has. */
interface LossFunctions {
  /** Adds the losses of rows, and the number of rows whose largest logit is the label's, to a score. */
  score(
    logits: FloatArray,
    answers: Answers,
    rows: number,
    width: number,
    before: Score,
    weights: ClassWeights,
  ): PausableWork<Score>;
  /** The gradient of the mean loss on the logits. @param total the sum of the rows' weights, or 1 */
  gradient(
    logits: FloatArray,
    gradient: FloatArray,
    answers: Answers,
    rows: number,
    width: number,
    total: number,
    weights: ClassWeights,
  ): PausableWork;
}

const FUNCTIONS: Record<Loss, LossFunctions> = {
  'cross-entropy': { score: crossEntropy, gradient: crossEntropyGradient },
  hinge: { score: hinge, gradient: hingeGradient },
  'squared-error': { score: squaredError, gradient: squaredErrorGradient },
};

/** Adds the losses of rows to a score; by default to 0. */
export function score(
  loss: Loss,
  logits: FloatArray,
  answers: Answers,
  rows: number,
  width: number,
  weights: ClassWeights,
  before: Score = { sum: 0, correct: 0 },
): PausableWork<Score> {
  return FUNCTIONS[loss].score(logits, answers, rows, width, before, weights);
}

/** The gradient of the mean loss on the logits, which is 0 if the rows have a total weight of 0. */
export function lossGradient(
  loss: Loss,
  logits: FloatArray,
  gradient: FloatArray,
  answers: Answers,
  rows: number,
  width: number,
  weights: ClassWeights,
): PausableWork {
  const total = totalWeight(answers, rows, weights) || 1;
  return FUNCTIONS[loss].gradient(logits, gradient, answers, rows, width, total, weights);
}
