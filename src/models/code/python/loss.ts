import type { CheckedRun } from '../check.ts';
import type { Uses } from '../uses.ts';
import type { Names } from './names.ts';

/** The loss of rows in NumPy: what loss and gradient share, the mean loss, and its gradient. */
export interface LossText {
  shared: string[];
  mean: string;
  gradient: string[];
}

/**
 * @param answers the labels or targets of the rows
 * @param n the number of rows
 */
export function lossText({ loss }: CheckedRun, uses: Uses, answers: string, n: string): LossText {
  const own = `[range(${n}), ${answers}]`;
  const weights = uses.classWeights
    ? [`w = class_weights[${answers}]`, `total = np.sum(w)${uses.weightless ? ' or 1' : ''}`]
    : [];
  const mean = (losses: string) =>
    uses.classWeights ? `np.sum(w * ${losses}) / total` : `np.mean(${losses})`;
  const divide = uses.classWeights ? 'dscores *= (w / total)[:, np.newaxis]' : `dscores /= ${n}`;
  switch (loss) {
    case 'cross-entropy':
      return {
        shared: [
          'scores -= np.max(scores, axis=1, keepdims=True)',
          'logprobs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))',
          ...weights,
        ],
        mean: mean(`-logprobs${own}`),
        gradient: ['dscores = np.exp(logprobs)', `dscores${own} -= 1`, divide],
      };
    case 'hinge':
      return {
        shared: [
          `margins = np.maximum(0, scores - scores${own}[:, np.newaxis] + 1)`,
          `margins${own} = 0`,
          ...weights,
        ],
        mean: mean('np.sum(margins, axis=1)'),
        gradient: [
          'dscores = (margins > 0).astype(float)',
          `dscores${own} = -np.sum(dscores, axis=1)`,
          divide,
        ],
      };
    case 'squared-error':
      return {
        shared: [],
        mean: `0.5 * np.sum((values - ${answers})**2) / ${n}`,
        gradient: [`dvalues = (values - ${answers}) / ${n}`],
      };
  }
}

/** The layers of which a sum is written out. */
const WRITTEN_OUT = 2;

/** The penalties of the loss as terms of a sum. */
export function penalties(uses: Uses, { weights }: Names, sum: (expression: string) => string): string[] {
  const of = (factor: string, term: (w: string) => string) =>
    weights.length <= WRITTEN_OUT
      ? weights.map((w) => `${factor} * ${sum(term(w))}`)
      : [`${factor} * sum(${sum(term('w'))} for w in (${weights.join(', ')}))`];
  return [
    ...(uses.l2 ? of('0.5 * l2', (w) => `${w} * ${w}`) : []),
    ...(uses.l1 ? of('l1', (w) => `abs(${w})`) : []),
  ];
}
