import { OptionError } from '../../errors.ts';
import type { Column } from '../table.ts';
import { areTruths, numbersIn, ordered, textsIn, truthOf } from './columns.ts';
import type { LabelEncoding } from './encoding.ts';

/** Whole numbers of more kinds than this are values to predict, not classes. */
const MOST_NUMBERS = 20;
/** The most classes of a label. */
const MOST_CLASSES = 1000;
/** So many texts may be as many as there are rows. */
const FEW = 20;

/**
 * What a column is as a label: classes if it has texts, or whole numbers of at most 20 kinds with at least
 * two rows for each on average, or of two kinds; else values.
 */
export function guessTask(column: Column): 'classes' | 'values' {
  if (column.kind === 'category') return 'classes';
  if (column.time) return 'values';
  const numbers = numbersIn(column.values, MOST_NUMBERS);
  const isFew =
    numbers.size <= 2 || (numbers.size <= MOST_NUMBERS && 2 * numbers.size <= column.values.length);
  return isFew && Array.from(numbers).every(Number.isInteger) ? 'classes' : 'values';
}

/**
 * How a column becomes the answers.
 * @param rows the rows that the data set has
 * @throws {OptionError} if it cannot
 */
export function labelEncoding(
  column: Column,
  task: 'classes' | 'values',
  rows: Uint32Array,
  option: string,
): LabelEncoding {
  const { name } = column;
  if (task === 'classes') return { column: name, kind: 'classes', classes: classesOf(column, rows, option) };
  if (column.kind === 'category') {
    const got = `the column '${name}' of texts, such as '${column.categories[0]}'`;
    throw new OptionError(option, "a column of numbers for task: 'values'", name, got);
  }
  const { values, dates } = column;
  const numbers = numbersIn(values, 1, rows);
  if (numbers.size > 1) return { column: name, kind: 'values', ...(dates && { dates }) };
  throw tooFew(option, name, 'different numbers', Array.from(numbers, String), rows.length);
}

/** Texts that are true and false alone, in more ways than one, become these two words. */
function spelledAlike(texts: string[]): string[] {
  if (!areTruths(texts)) return texts;
  const words = Array.from(new Set(texts.map((text) => String(truthOf(text)))));
  return words.length < texts.length ? words : texts;
}

function classesOf(column: Column, kept: Uint32Array, option: string): string[] {
  const { name } = column;
  const isNumbers = column.kind === 'number';
  const texts = isNumbers
    ? Array.from(numbersIn(column.values, Number.POSITIVE_INFINITY, kept), String)
    : spelledAlike(textsIn(column, kept));
  const rows = kept.length;
  if (texts.length < 2) throw tooFew(option, name, 'classes', texts, rows);
  if (texts.length <= MOST_CLASSES && (texts.length <= FEW || 2 * texts.length <= rows))
    return ordered(texts);
  const what = isNumbers ? 'numbers' : 'texts';
  const count = (number: number) => number.toLocaleString('en');
  throw new OptionError(
    option,
    `a column of at most ${count(MOST_CLASSES)} classes, with two rows for each or more`,
    name,
    `'${name}' with ${count(texts.length)} different ${what} in ${count(rows)} rows${isNumbers ? " (task: 'values' predicts numbers)" : ''}`,
  );
}

function tooFew(option: string, name: string, what: string, found: string[], rows: number): OptionError {
  const got =
    found.length === 0
      ? `'${name}' without values`
      : `'${name}', which is '${found[0]}' in all ${rows} rows that have values`;
  return new OptionError(option, `a column of two or more ${what}`, name, got);
}
