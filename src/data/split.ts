import { dataset } from '../checks/dataset.ts';
import { share as checkShare } from '../checks/numbers.ts';
import type { Dataset } from '../types.ts';
import { permutation } from './permutation.ts';
import { RandomState } from './random-state.ts';

/**
 * Divides a data set at random into a training set and a test set: of each class's n rows,
 * round(share · n) go to the test set, but at most n − 1, so that the training set has every class.
 * Both sets keep the order of the rows, and all arrays are copies.
 *
 * @param share the share of the rows in the test set, from 0 to below 1
 * @param seed the seed of {@link RandomState}, default 0; the same seed divides the same data set
 * in the same way
 * @returns both sets; `test` is undefined if no class has a row for it
 * @throws {OptionError} if `data`, a field of it, `share` or `seed` cannot be used
 */
export function split(data: Dataset, share: number, seed = 0): { train: Dataset; test: Dataset | undefined } {
  const copy = dataset({ float32: false })(data, 'data');
  checkShare(share, 'share');
  const { labels, count } = copy;
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  /** The number of rows of each class that the test set still lacks. */
  const lacking = new Map(
    Array.from(counts, ([label, rows]) => [label, Math.min(Math.round(share * rows), rows - 1)]),
  );
  const tested = new Uint8Array(count);
  for (const row of permutation(count, new RandomState(seed))) {
    const lacks = lacking.get(labels[row]) ?? 0;
    if (lacks === 0) continue;
    tested[row] = 1;
    lacking.set(labels[row], lacks - 1);
  }
  const rowsOf = (part: number) => labels.map((_, row) => row).filter((row) => tested[row] === part);
  const test = rowsOf(1);
  return { train: partOf(copy, rowsOf(0)), test: test.length > 0 ? partOf(copy, test) : undefined };
}

/** A data set of copies of some rows. */
function partOf(data: Dataset, rows: Uint32Array): Dataset {
  const { inputs, labels, features, classes, featureNames, classNames } = data;
  const part: Dataset = {
    inputs: inputs.slice(0, rows.length * features),
    labels: rows.map((row) => labels[row]),
    count: rows.length,
    features,
    classes,
  };
  rows.forEach((row, i) => {
    part.inputs.set(inputs.subarray(row * features, (row + 1) * features), i * features);
  });
  if (featureNames) part.featureNames = [...featureNames];
  if (classNames) part.classNames = [...classNames];
  return part;
}
