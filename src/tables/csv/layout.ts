import type { Notes } from '../table.ts';
import { usualWidth } from './dialect.ts';
import type { MissingTexts } from './missing.ts';
import { commaNumber, commasNumber, type NumberReader, plainNumber } from './numbers.ts';
import type { FirstRecords } from './records.ts';
import { dayFirst, isoTime, monthFirst } from './times.ts';

/** Where the rows of a table begin, and what stands before them. */
export interface Layout {
  /** The records before the first row. */
  before: number;
  header: boolean;
  /** One for each column; empty where the file has none. */
  names: string[];
  /** The names of the classes in the last column, which has their indices. */
  classes?: string[];
}

/** Records that may stand before a table. */
const MOST_BEFORE = 20;

const isBlank = (text: string) => text.trim() === '';
export const isEmpty = (cells: readonly string[]) => cells.every(isBlank);
const isReadBy = (readers: readonly NumberReader[]) => (text: string) =>
  !isBlank(text) && readers.some((read) => !Number.isNaN(read(text)));
const isTime = isReadBy([isoTime, dayFirst, monthFirst]);
const isNumber = isReadBy([plainNumber, commaNumber, commasNumber]);
const isTyped = (text: string) => isNumber(text) || isTime(text);
const isPercentage = (text: string) => text.trimEnd().endsWith('%');

/**
 * Finds out where the rows begin and what the columns are called.
 * @param header whether there is a header, if it is known
 */
export function guessLayout(
  { records, lines }: Pick<FirstRecords, 'records' | 'lines'>,
  header: boolean | undefined,
  missing: MissingTexts,
  notes: Notes,
): Layout {
  const width = usualWidth(records.filter((cells) => !isEmpty(cells)));
  let before = 0;
  const isTitle = (cells: readonly string[]) => {
    if (isEmpty(cells)) return true;
    if (cells[0].startsWith('#') && cells.length !== width) return withoutMark(cells, width).length !== width;
    return header !== false && width > 2 && cells.filter((cell) => !isBlank(cell)).length === 1;
  };
  while (before < Math.min(MOST_BEFORE, records.length - 1) && isTitle(records[before])) {
    if (!isEmpty(records[before]))
      notes.add('preamble', undefined, { line: lines[before], value: records[before][0] });
    before++;
  }
  const first = withoutMark(records[before] ?? [], width);
  const rest = records.slice(before + 1).filter((cells) => !isEmpty(cells));
  const classes = header === undefined ? classesOf(first, rest) : undefined;
  if (classes) {
    notes.add('counts', undefined, { line: lines[before], value: first.join(',') });
    return { before: before + 1, header: false, names: new Array(usualWidth(rest)).fill(''), classes };
  }
  if (!(header ?? isHeader(first, rest, missing)))
    return { before, header: false, names: new Array(width).fill('') };
  return { before: before + 1, header: true, names: namesOf(first, rest, notes) };
}

/** The header without the sign by which NumPy makes a comment of it. */
function withoutMark([first = '', ...others]: readonly string[], width: number): string[] {
  if (first === '#' && others.length === width) return others;
  return [first.replace(/^#\s+/, ''), ...others];
}

/** The names of a header, as many as the rows have cells, or more. */
function namesOf(first: readonly string[], rest: readonly string[][], notes: Notes): string[] {
  const usually = usualWidth(rest);
  const isUsual = rest.filter(({ length }) => length === usually).length > rest.length / 2;
  const width = isUsual ? usually : first.length;
  const names = first.map((name) => name.trim());
  const usual = rest.filter(({ length }) => length === width);
  if (names.length === width - 1 && usual.some((cells) => !isBlank(cells[width - 1]))) {
    notes.add('row-names', undefined);
    names.unshift('');
  }
  while (names.length < width) names.push('');
  return names;
}

/**
 * The names of the classes in the first line of scikit-learn's data sets: `150,4,setosa,versicolor,virginica`.
 * Undefined if the line is another.
 */
function classesOf(first: readonly string[], rest: readonly string[][]): string[] | undefined {
  const [rows, features, ...others] = first;
  const classes = others.map((name) => name.trim()).filter((name) => name !== '');
  if (!/^\d+$/.test(rows?.trim() ?? '') || !/^\d+$/.test(features?.trim() ?? '') || classes.length < 2)
    return undefined;
  const width = Number(features) + 1;
  const isRow = (cells: readonly string[]) => {
    const label = cells.length === width && !isBlank(cells[width - 1]) ? plainNumber(cells[width - 1]) : -1;
    return Number.isInteger(label) && label >= 0 && label < classes.length;
  };
  const fits = rest.length > 0 && rest.length <= Number(rows) && rest.every(isRow);
  return fits && classes.every((name) => !isTyped(name)) ? classes : undefined;
}

/** Whether the first record holds names: texts above numbers, texts that do not recur, or numbered columns. */
function isHeader(first: readonly string[], rest: readonly string[][], missing: MissingTexts): boolean {
  const named = first.filter((cell) => !isBlank(cell));
  if (named.length === 0 || new Set(named).size < named.length / 2) return false;
  const offset = usualWidth(rest) === first.length + 1 ? 1 : 0;
  const below = (i: number) => rest.map((cells) => cells[i + offset] ?? '').filter((cell) => !isBlank(cell));
  // 75% and 2024-01-31 are names of columns above cells of another kind.
  const isValue = (cell: string, i: number) =>
    isTyped(cell) && [isPercentage, isTime].every((is) => !is(cell) || below(i).some(is));
  const typed = first.filter(isValue);
  if (typed.length > 0) return areNumbered(first, typed, rest);
  if (rest.length === 0) return true;
  const overNumbers = (cell: string, i: number) => {
    // A value that is missing stands above numbers too.
    if (missing.inNumbers(cell)) return false;
    const cells = below(i);
    return cells.length > 0 && cells.filter(isTyped).length > 0.5 * cells.length;
  };
  if (first.some(overNumbers)) return true;
  const isName = (cell: string) => !missing.anywhere(cell);
  return named.every(isName) && new Set(named).size === named.length && !recurs(first, rest, offset);
}

/** Whether a cell of the first record stands in its column again. */
function recurs(first: readonly string[], rest: readonly string[][], offset = 0): boolean {
  return first.some((cell, i) => !isBlank(cell) && rest.some((cells) => cells[i + offset] === cell));
}

/**
 * Whether the numbers of a record number its columns, as in `,0,1,2` or `country,1990,1991,1992`: one
 * follows the other, and the texts among them do not recur.
 */
function areNumbered(first: readonly string[], typed: readonly string[], rest: readonly string[][]): boolean {
  const numbers = typed.map(plainNumber);
  const follows = numbers.every(
    (number, i) => Number.isInteger(number) && (i === 0 || number === numbers[i - 1] + 1),
  );
  if (!follows || typed.length < 2 || rest.length === 0) return false;
  const texts = first.filter((cell) => !isBlank(cell)).length - typed.length;
  if (texts > 0) return typed.length > 2 && !recurs(first, rest);
  return numbers[0] <= 1 && (isBlank(first[0]) || typed.length >= 10);
}
