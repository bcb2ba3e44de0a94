import { OptionError } from '../../errors.ts';
import type { Column } from '../table.ts';
import { areTruths, missingIn, numbersIn, ordered, textsIn, truthOf } from './columns.ts';
import type { FeatureEncoding } from './encoding.ts';
import type { UnusedReason } from './report.ts';

/** Texts of more kinds than this are left out, and so are more than {@link FEW} that are no fewer than half the rows. */
const MOST_CATEGORIES = 100;
const FEW = 10;

/** Names of columns that may only count the rows. */
const ROW_NAMES =
  /^(?:column 1|unnamed: ?0|index|id|row|row[ _.]?(?:names?|id|number|nr|no)|no\.?|nr\.?|#)$/i;

/** Why a column is no feature, unless it was asked for; undefined if it is one. */
export function unusedReason(column: Column): Exclude<UnusedReason, 'not-chosen'> | undefined {
  if (missingIn(column) === column.values.length) return 'no-values';
  if (column.kind === 'number')
    return ROW_NAMES.test(column.name) && countsRows(column.values) ? 'row-number' : undefined;
  const count = textsIn(column).length;
  const isMany = count > MOST_CATEGORIES || (count > FEW && 2 * count > column.values.length);
  return isMany ? 'many-categories' : undefined;
}

function countsRows(values: Float64Array): boolean {
  return (values[0] === 0 || values[0] === 1) && values.every((value, row) => value === values[0] + row);
}

/**
 * How a column becomes features.
 * @param rows the rows that the data set has
 * @throws {OptionError} if it has too many texts
 */
export function featureEncoding(column: Column, rows: Uint32Array, option: string): FeatureEncoding {
  const { name } = column;
  if (column.kind === 'number') {
    const { values, dates } = column;
    return { column: name, kind: 'number', mean: meanOf(values, rows), ...(dates && { dates }) };
  }
  const categories = ordered(textsIn(column, rows));
  if (categories.length > MOST_CATEGORIES) {
    const expected = `columns of numbers, or of at most ${MOST_CATEGORIES} different texts`;
    const got = `'${name}' with ${categories.length.toLocaleString('en')} different texts`;
    throw new OptionError(option, expected, name, got);
  }
  const { shares, total } = sharesOf(column, categories, rows);
  if (!areTruths(categories)) return { column: name, kind: 'category', categories, means: shares };
  const truths = categories.reduce(
    (sum, text, i) => sum + (truthOf(text) === 'true' ? shares[i] * total : 0),
    0,
  );
  return { column: name, kind: 'truth', mean: total === 0 ? 0 : truths / total };
}

/** The share of each text among the rows that have one. */
function sharesOf(
  column: Extract<Column, { kind: 'category' }>,
  texts: readonly string[],
  rows: Uint32Array,
) {
  const counts = new Float64Array(column.categories.length);
  let total = 0;
  for (const row of rows) {
    const code = column.values[row];
    if (code >= counts.length) continue;
    counts[code]++;
    total++;
  }
  return {
    total,
    shares: texts.map((text) => (total === 0 ? 0 : counts[column.categories.indexOf(text)] / total)),
  };
}

/** The mean of a column, missing values aside. */
function meanOf(values: Float64Array, rows: Uint32Array): number {
  let i = 0;
  while (i < rows.length && Number.isNaN(values[rows[i]])) i++;
  if (i === rows.length) return 0;
  // The mean of equal numbers is that number, as no difference is left.
  const first = values[rows[i]];
  let [count, sum] = [0, 0];
  for (; i < rows.length; i++) {
    const difference = values[rows[i]] - first;
    if (Number.isNaN(difference)) continue;
    count++;
    sum += difference;
  }
  if (Number.isFinite(sum)) return first + sum / count;
  let mean = 0;
  for (const row of rows) if (!Number.isNaN(values[row])) mean += values[row] / count;
  return mean;
}

/** Whether all rows have the same value. */
export function isConstant(column: Column, rows: Uint32Array): boolean {
  return column.kind === 'number'
    ? numbersIn(column.values, 1, rows).size < 2
    : textsIn(column, rows).length < 2;
}
