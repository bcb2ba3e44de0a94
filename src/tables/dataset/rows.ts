import { FileError, OptionError } from '../../errors.ts';
import { allocatingArrays, checkLength } from '../../limits.ts';
import { plainNumber } from '../csv/numbers.ts';
import { type Column, MISSING, type Table } from '../table.ts';
import { areTruths, asNumbers, isMissing, missingIn, truthOf } from './columns.ts';
import type { FeatureEncoding, LabelEncoding, MissingRule } from './encoding.ts';

/** What an encoded value is where the column has none, and where the encoding does not know it. */
const NONE = -1;
const UNKNOWN = -2;

/**
 * The rows of a table that become rows of a data set: those with a known label and, unless means take their
 * place, with a value in each of the columns.
 * @param label the column of the label; undefined for rows without one
 * @throws {FileError} if a value is missing and the rule is `error`
 * @throws {OptionError} if no row is left
 */
export function keptRows(
  table: Table,
  columns: readonly Column[],
  label: { column: Column; encoding?: LabelEncoding } | undefined,
  missing: MissingRule,
): Uint32Array {
  const needed = [...(label ? [label.column] : []), ...(missing === 'mean' ? [] : columns)];
  if (missing === 'error') refuseMissing(table, needed);
  const dropped = new Uint8Array(table.rows);
  for (const column of needed) markMissing(column, dropped);
  const complete = indicesOf(dropped);
  if (complete.length === 0) {
    const [worst] = needed
      .map((column) => ({ name: column.name, count: missingIn(column) }))
      .sort((a, b) => b.count - a.count);
    const got = `values missing in all of them, most in the column '${worst.name}' (${worst.count} of ${table.rows})`;
    const expected = `rows with all values; leave columns out of 'features', or use 'mean'`;
    throw new OptionError('missing', expected, missing, got);
  }
  if (label?.encoding?.kind !== 'classes') return complete;
  const { classes } = label.encoding;
  const read = indexReader(label.column, classes);
  const known = complete.filter((row) => read(row) !== UNKNOWN);
  if (known.length > 0) return known;
  const names = classes
    .slice(0, 10)
    .map((name) => `'${name}'`)
    .join(', ');
  throw new OptionError(
    'encoding',
    `a table with rows of its classes ${names}`,
    undefined,
    'rows of other classes only',
  );
}

function markMissing({ kind, values }: Column, rows: Uint8Array): void {
  if (kind === 'number')
    for (let row = 0; row < rows.length; row++) rows[row] |= Number(Number.isNaN(values[row]));
  else for (let row = 0; row < rows.length; row++) rows[row] |= Number(values[row] === MISSING);
}

/** The places of zeros. */
function indicesOf(marks: Uint8Array): Uint32Array {
  let count = 0;
  for (const mark of marks) count += 1 - mark;
  const indices = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === 0) indices[at++] = i;
  return indices;
}

/** @throws {FileError} if a value is missing, with the place of the first one */
function refuseMissing({ lines, skipped }: Table, columns: readonly Column[]): void {
  const isNone = (column: Column) => (_: number, row: number) => isMissing(column, row);
  const places = columns.map((column) => ({
    column: column.name,
    row: column.values.findIndex(isNone(column)),
  }));
  const [first] = places.filter(({ row }) => row >= 0).sort((a, b) => a.row - b.row);
  if (!first) return;
  const { column, row } = first;
  // Where records were skipped, the number of a row is not that of its record.
  const place = { ...(lines && { line: lines[row] }), ...(skipped === 0 && { record: row + 1 }), column };
  const advice = "missing: 'drop' leaves such rows out, 'mean' takes the mean of the column.";
  throw new FileError('The table', 'a value', undefined, place, 'none', advice);
}

/** Makes the inputs of rows: rows × features. @returns also how many values were filled by means */
export function inputsOf(
  columns: readonly Column[],
  encodings: readonly FeatureEncoding[],
  rows: Uint32Array,
): { inputs: Float64Array; filled: number; unknown: number[] } {
  const widths = encodings.map((encoding) => (encoding.kind === 'category' ? encoding.categories.length : 1));
  const features = widths.reduce((sum, width) => sum + width, 0);
  const length = rows.length * features;
  checkLength('inputs', length, Float64Array, 'Use fewer rows, or fewer columns (features).');
  const inputs = allocatingArrays('the rows of the table', () => new Float64Array(length));
  let start = 0;
  const fillers = encodings.map((encoding, i) => {
    const place: Place = { inputs, start, features, rows };
    start += widths[i];
    if (encoding.kind === 'category') return textFiller(place, columns[i], encoding);
    return numberFiller(place, asNumbers(columns[i]).values, encoding.mean);
  });
  // Rows of a block stay in the cache of the processor until all columns have filled them.
  const found = fillers.map(() => ({ filled: 0, unknown: 0 }));
  for (let from = 0; from < rows.length; from += BLOCK)
    fillers.forEach((fill, i) => {
      const { filled, unknown } = fill(from, Math.min(from + BLOCK, rows.length));
      found[i].filled += filled;
      found[i].unknown += unknown;
    });
  return {
    inputs,
    filled: found.reduce((sum, { filled }) => sum + filled, 0),
    unknown: found.map(({ unknown }) => unknown),
  };
}

const BLOCK = 1024;

/** Where the features of a column stand in the inputs, and the rows of the table that become rows there. */
interface Place {
  inputs: Float64Array;
  start: number;
  features: number;
  rows: Uint32Array;
}

/** Fills rows of the data set. @returns how many values were missing, and how many texts unknown */
type Filler = (from: number, to: number) => { filled: number; unknown: number };

function numberFiller({ inputs, start, features, rows }: Place, values: Float64Array, mean: number): Filler {
  return (from, to) => {
    let filled = 0;
    for (let i = from, at = from * features + start; i < to; i++, at += features) {
      const value = values[rows[i]];
      if (Number.isNaN(value)) filled++;
      inputs[at] = Number.isNaN(value) ? mean : value;
    }
    return { filled, unknown: 0 };
  };
}

function textFiller(
  { inputs, start, features, rows }: Place,
  column: Column,
  { categories, means }: Extract<FeatureEncoding, { kind: 'category' }>,
): Filler {
  const read = indexReader(column, categories);
  return (from, to) => {
    let [filled, unknown] = [0, 0];
    for (let i = from, at = from * features + start; i < to; i++, at += features) {
      const index = read(rows[i]);
      if (index >= 0) inputs[at + index] = 1;
      else if (index === UNKNOWN) unknown++;
      else {
        filled++;
        inputs.set(means, at);
      }
    }
    return { filled, unknown };
  };
}

/**
 * Reads the index of the text of a row; numbers are the texts that JavaScript writes. Among the texts true and
 * false alone, letters of any case are the same, 1 is true and 0 is false.
 */
function indexReader(column: Column, texts: readonly string[]): (row: number) => number {
  const indices = new Map(texts.map((text, i) => [text, i]));
  // The same number may have been written in another way: 1.0 for 1.
  const byNumber = new Map(texts.map((text, i) => [plainNumber(text), i]));
  byNumber.delete(Number.NaN);
  const truths = new Map(areTruths(texts) ? texts.map((text, i) => [truthOf(text), i]) : []);
  for (const [word, i] of truths) byNumber.set(word === 'true' ? 1 : 0, i);
  const index = (text: string) =>
    indices.get(text) ?? byNumber.get(plainNumber(text)) ?? truths.get(truthOf(text)) ?? UNKNOWN;
  if (column.kind === 'category') {
    const known = Int32Array.from(column.categories, index);
    return (row) => (column.values[row] === MISSING ? NONE : known[column.values[row]]);
  }
  return (row) => {
    const value = column.values[row];
    return Number.isNaN(value) ? NONE : (byNumber.get(value) ?? UNKNOWN);
  };
}

/** The rows whose label is a class that the encoding does not know. */
export function strangersIn(column: Column, label: LabelEncoding): number {
  if (label.kind === 'values') return 0;
  const read = indexReader(column, label.classes);
  let count = 0;
  for (let row = 0; row < column.values.length; row++) if (read(row) === UNKNOWN) count++;
  return count;
}

/** The answers of rows: class indices, or targets. */
export function answersOf(
  column: Column,
  label: LabelEncoding,
  rows: Uint32Array,
): Uint32Array | Float64Array {
  if (label.kind === 'classes') {
    const labels = new Uint32Array(rows.length);
    const read = indexReader(column, label.classes);
    for (let i = 0; i < rows.length; i++) labels[i] = read(rows[i]);
    return labels;
  }
  const targets = new Float64Array(rows.length);
  const { values } = asNumbers(column);
  for (let i = 0; i < rows.length; i++) targets[i] = values[rows[i]];
  return targets;
}
