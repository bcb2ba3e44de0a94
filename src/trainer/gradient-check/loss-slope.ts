import type { Answers } from '../../data/answers.ts';
import type { Loss } from '../../options/setup.ts';

/** The places of a difference of fourth order, in steps. */
export const PLACES = [-2, -1, 1, 2];
/**
 * The largest change of a logit, against the label's where there is one, and of the sum of an activation
 * that is not linear, between two neighbours in a difference.
 */
const STEP = 2 ** -12;

/** The changes of a row's logits that its loss depends on: against the label's change, for a label. */
export function relativeChanges(loss: Loss, changes: Float64Array, [label]: Answers): Float64Array {
  return loss === 'squared-error' ? changes : changes.map((change) => change - changes[label]);
}

/**
 * The power of two that scales relative changes, and other changes of at most `most`, to {@link STEP}; 0
 * if there is no change.
 */
export function scaleOf(changes: Float64Array, most: number): number {
  const size = changes.reduce((size, change) => Math.max(size, Math.abs(change)), most);
  // A row's share of 10⁻³⁰⁸ would make the scale infinite.
  return size === 0 ? 0 : Math.min(powerBelow(STEP / size), 2 ** 1000);
}

/**
 * The slope of the loss of a row of logits, by a difference of fourth order: (8·(L(h) − L(−h)) − (L(2h)
 * − L(−2h))) / 12h.
 * @param places the changes of the logits at {@link PLACES}
 * @param atKink by default, margins at a kink count as they do without a change
 */
export function lossSlope(
  loss: Loss,
  logits: Float64Array,
  places: readonly Float64Array[],
  answer: Answers,
  h: number,
  atKink?: 'mean',
): number {
  const [below2, below, above, above2] = places.map((changes) => relativeChanges(loss, changes, answer));
  const difference = DIFFERENCES[loss];
  const near = difference(logits, below, above, answer, atKink);
  return (8 * near - difference(logits, below2, above2, answer, atKink)) / (12 * h);
}

/** Whether the loss of a row has no derivative somewhere between the places. */
export function hasKink(
  loss: Loss,
  logits: Float64Array,
  places: readonly Float64Array[],
  answer: Answers,
): boolean {
  if (loss !== 'hinge') return false;
  const [label] = answer;
  const changes = places.map((place) => relativeChanges(loss, place, answer));
  return logits.some((z, k) => {
    const margin = z - logits[label] + 1;
    // On only one side of its change the margin counts.
    return (
      k !== label && changes.some((change) => change[k] !== 0 && Math.abs(margin) <= Math.abs(change[k]))
    );
  });
}

/** L(above) − L(below), from relative changes of the logits. */
type LossDifference = (
  z: Float64Array,
  below: Float64Array,
  above: Float64Array,
  answer: Answers,
  atKink?: 'mean',
) => number;

const DIFFERENCES: Record<Loss, LossDifference> = {
  /**
   * ln(1 + Σ p_k·(e^(above_k − below_k) − 1)) over all classes but the label, with p = softmax(z +
   * below) and changes of the label 0. The rounding error is relative to the change of the label's
   * probability.
   */
  'cross-entropy'(z, below, above, [label]) {
    let [maximum, sum, change] = [z[0], 0, 0];
    for (const logit of z) maximum = Math.max(maximum, logit);
    for (let k = 0; k < z.length; k++) {
      const exponential = Math.exp(z[k] - maximum + below[k]);
      sum += exponential;
      if (k !== label) change += exponential * Math.expm1(above[k] - below[k]);
    }
    return Math.log1p(change / sum);
  },

  /** Σ above_k − below_k over the margins above 0; at a kink, each counts from 0 on. */
  hinge(z, below, above, [label], atKink) {
    let sum = 0;
    for (let k = 0; k < z.length; k++) {
      const margin = z[k] - z[label] + 1;
      if (k === label) continue;
      if (atKink) sum += Math.max(above[k], -margin) - Math.max(below[k], -margin);
      else if (margin > 0) sum += above[k] - below[k];
    }
    return sum;
  },

  /** Σ (above − below)·(z − t + (above + below) / 2). */
  'squared-error'(z, below, above, targets) {
    return z.reduce((sum, value, k) => {
      return sum + (above[k] - below[k]) * (value - targets[k] + (above[k] + below[k]) / 2);
    }, 0);
  },
};

/** A power of two of at most x, or twice as much where the logarithm is rounded. */
export const powerBelow = (x: number) => 2 ** Math.floor(Math.log2(x));
