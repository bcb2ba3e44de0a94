import { dataset } from '../checks/dataset.ts';
import { share as checkShare } from '../checks/numbers.ts';
import { OptionError } from '../errors.ts';
import type { Dataset } from '../types.ts';
import { permutation } from './permutation.ts';
import { RandomState } from './random-state.ts';

/**
 * Parts a data set at random into rows to train on and rows to test on: of each class's n rows,
 * round(share · n) are for the test. Both parts keep the order of their rows, and all their arrays
 * are copies.
 *
 * @param share of the rows that are for the test, from 0 to below 1
 * @param seed of {@link RandomState}; the same seed parts the same data set in the same way
 * @returns the two parts; `test` is undefined where the share of every class rounds to no row
 * @throws {OptionError} naming what cannot be used: `data` or a field of it, `seed`, or `share`,
 * also where no row would be left to train on
 */
export function split(data: Dataset, share: number, seed = 0): { train: Dataset; test: Dataset | undefined } {
  const own = dataset({ float32: false })(data, 'data');
  checkShare(share, 'share');
  const { labels, count } = own;
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  /** Rows of each class that the test still lacks. */
  const lacking = new Map(Array.from(counts, ([label, rows]) => [label, Math.round(share * rows)]));
  const tested = new Uint8Array(count);
  for (const row of permutation(count, new RandomState(seed))) {
    const lacks = lacking.get(labels[row]) ?? 0;
    if (lacks === 0) continue;
    tested[row] = 1;
    lacking.set(labels[row], lacks - 1);
  }
  const [train, test] = [0, 1].map((part) => rowsWhere(own, (row) => tested[row] === part));
  if (!train) throw new OptionError('share', `one that leaves one of ${count} rows to train on`, share);
  return { train, test };
}

/** A copy of some rows, or undefined where there are none. */
function rowsWhere(data: Dataset, wanted: (row: number) => boolean): Dataset | undefined {
  const { inputs, labels, features, classes, featureNames, classNames } = data;
  const rows = labels.map((_, row) => row).filter((row) => wanted(row));
  if (rows.length === 0) return undefined;
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
