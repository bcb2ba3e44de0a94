import type { CheckedRun, Piece } from './check.ts';

/** What the steps of a run use, so that a script has nothing else. */
export interface Uses {
  /** Of the optimizer: its rule, or that which it has after a change of the momentum. */
  rule: Piece['settings']['rule'];
  l2: boolean;
  l1: boolean;
  weightDecay: boolean;
  dropout: boolean;
  classWeights: boolean;
  /** Whether some rows may have no weight, so that a total weight may be 0. */
  weightless: boolean;
  batches: boolean;
  test: boolean;
  /** Whether a step computes on other rows or units than a loss that is printed. */
  separateLoss: boolean;
  /** Whether the learning rate is a function of the step. */
  schedule: boolean;
}

export function usesOf({ pieces, batchSize, source, sizes }: CheckedRun): Uses {
  const some = (holds: (settings: Piece['settings']) => boolean) =>
    pieces.some(({ settings }) => holds(settings));
  const [batches, test] = [batchSize !== undefined, 'test' in source && source.test !== undefined];
  const dropout = sizes.length > 2 && some(({ dropout }) => dropout > 0);
  return {
    rule: some(({ rule }) => rule === 'momentum') ? 'momentum' : pieces[0].settings.rule,
    l2: some(({ l2 }) => l2 > 0),
    l1: some(({ l1 }) => l1 > 0),
    weightDecay: some(({ weightDecay }) => weightDecay > 0),
    dropout,
    classWeights: some(({ classWeights }) => classWeights !== undefined),
    weightless: some(({ classWeights }) => classWeights?.includes(0) ?? false),
    batches,
    test,
    separateLoss: batches || dropout || test,
    schedule: pieces.some(({ rate }) => typeof rate !== 'number'),
  };
}
