import { dataset } from '../checks/dataset.ts';
import { share as checkShare } from '../checks/numbers.ts';
import { list } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { AnyDataset, Dataset, FloatArray, RegressionDataset } from '../types.ts';
import { gatherAnswers } from './answers.ts';
import { gatherRows } from './gather-rows.ts';
import { permutation } from './permutation.ts';
import { RandomState } from './random-state.ts';

/** A data set in two parts; `test` is undefined if it has no rows. */
interface Halves<D> {
  train: D;
  test: D | undefined;
}

/** A data set in three parts; `validation`, too, is undefined if it has no rows. */
interface Thirds<D> extends Halves<D> {
  validation: D | undefined;
}

/**
 * Divides a data set at random into a training set and a test set, and on request a validation set:
 * of each class's n rows, round(share · n) go to the test set, but at most n − 1, then as many of the
 * others to the validation set, so that the training set has every class. Of a data set with targets,
 * the same shares of all rows. All sets keep the order of the rows, and all arrays are copies.
 *
 * @param share the share of the rows in the test set, from 0 to below 1; or the shares of the test set
 * and the validation set, together below 1
 * @param seed the seed of {@link RandomState}, default 0; the same seed divides the same data set
 * in the same way
 * @returns the sets; `test` or `validation` is undefined if no class has a row for it
 * @throws {OptionError} if `data`, a field of it, `share` or `seed` cannot be used
 */
export function split(data: Dataset, share: number, seed?: number): Halves<Dataset>;
export function split(data: RegressionDataset, share: number, seed?: number): Halves<RegressionDataset>;
export function split(data: Dataset, shares: readonly [number, number], seed?: number): Thirds<Dataset>;
export function split(
  data: RegressionDataset,
  shares: readonly [number, number],
  seed?: number,
): Thirds<RegressionDataset>;
export function split(
  data: AnyDataset,
  share: number | readonly [number, number],
  seed = 0,
): Halves<AnyDataset> | Thirds<AnyDataset> {
  const copy = dataset({ float32: false })(data, 'data');
  const shares = sharesOf(share);
  const { count } = copy;
  const classOf = (row: number) => ('labels' in copy ? copy.labels[row] : 0);
  const counts = new Map<number, number>();
  for (let row = 0; row < count; row++) counts.set(classOf(row), (counts.get(classOf(row)) ?? 0) + 1);
  /** The numbers of rows of each class that the other sets still lack. */
  const lacking = new Map(Array.from(counts, ([label, rows]) => [label, partsOf(rows, shares)]));
  /** The set of each row: 0 for the training set, then the others. */
  const sets = new Uint8Array(count);
  for (const row of permutation(count, new RandomState(seed))) {
    const lacks = lacking.get(classOf(row)) ?? [];
    const set = lacks.findIndex((rows) => rows > 0);
    if (set < 0) continue;
    sets[row] = 1 + set;
    lacks[set]--;
  }
  const part = (set: number) =>
    partOf(
      copy,
      new Uint32Array(count).map((_, row) => row).filter((row) => sets[row] === set),
    );
  const some = (set: number) => (sets.includes(set) ? part(set) : undefined);
  return { train: part(0), test: some(1), ...(typeof share !== 'number' && { validation: some(2) }) };
}

function sharesOf(share: unknown): number[] {
  if (!Array.isArray(share)) return [checkShare(share, 'share')];
  const expected = 'a share of test rows, or the shares of test and validation rows';
  const shares = list(checkShare, expected, 2)(share, 'share');
  if (shares.length !== 2) throw new OptionError('share', expected, share, `an array of ${shares.length}`);
  if (shares[0] + shares[1] < 1) return shares;
  throw new OptionError('share', 'shares that are together below 1', share, shares.join(' and '));
}

/** The rows of each share of `rows` rows, of which at least one is left. */
function partsOf(rows: number, shares: readonly number[]): number[] {
  let left = rows - 1;
  return shares.map((share) => {
    const part = Math.min(Math.round(share * rows), left);
    left -= part;
    return part;
  });
}

/** A data set of copies of some rows. */
function partOf(data: AnyDataset, rows: Uint32Array): AnyDataset {
  const { inputs, features, featureNames } = data;
  const count = rows.length;
  const copy = (values: FloatArray, columns: number) => values.slice(0, count * columns);
  const part: AnyDataset =
    'labels' in data
      ? { ...data, inputs: copy(inputs, features), labels: new Uint32Array(count), count }
      : { ...data, inputs: copy(inputs, features), targets: copy(data.targets, data.outputs), count };
  gatherRows(inputs, features, rows, part.inputs);
  gatherAnswers(rows, data, 'labels' in part ? part.labels : part.targets);
  if (featureNames) part.featureNames = [...featureNames];
  if ('classNames' in part && part.classNames) part.classNames = [...part.classNames];
  if ('outputNames' in part && part.outputNames) part.outputNames = [...part.outputNames];
  return part;
}
