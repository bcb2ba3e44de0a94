import { similarName } from '../../checks/names.ts';
import { isObject } from '../../checks/schema.ts';
import { OptionError } from '../../errors.ts';
import { plainNumber } from '../csv/numbers.ts';
import { DATES } from '../csv/times.ts';
import { type Column, type DateOrder, MISSING, type NumberColumn, type Table } from '../table.ts';

/** @throws {OptionError} if the argument is no table, such as the promise of one */
export function checkTable(table: unknown): Table {
  const expected = 'a table, as readCsv or readJson gives it';
  if (table instanceof Promise)
    throw new OptionError('table', expected, table, 'its promise (await is missing)');
  if (!isObject(table) || !Array.isArray(table.columns)) throw new OptionError('table', expected, table);
  const { columns, rows } = table as unknown as Table;
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new OptionError('table.rows', 'a number of rows of at least 1', rows);
  const names = new Set<string>();
  for (const [i, column] of columns.entries()) {
    checkColumn(column, `table.columns[${i}]`, rows);
    if (names.has(column.name))
      throw new OptionError(`table.columns[${i}].name`, 'a name of its own for each column', column.name);
    names.add(column.name);
  }
  return table as unknown as Table;
}

function checkColumn(column: unknown, name: string, rows: number): void {
  if (!isObject(column) || typeof column.name !== 'string')
    throw new OptionError(name, 'a column { name, kind, values }', column);
  const isNumbers = column.kind === 'number' && column.values instanceof Float64Array;
  const isTexts =
    column.kind === 'category' && column.values instanceof Uint32Array && Array.isArray(column.categories);
  if (!isNumbers && !isTexts)
    throw new OptionError(name, "a column of the kind 'number' or 'category' with its values", column);
  const { length } = column.values as Float64Array;
  if (length !== rows)
    throw new OptionError(`${name}.values`, `${rows} values, one a row`, column.values, `${length}`);
}

/**
 * The column of a name, or of an index, which counts from the end if it is negative.
 * @throws {OptionError} if there is none
 */
export function findColumn(table: Table, given: unknown, option: string): Column {
  const { columns } = table;
  if (typeof given === 'number') {
    const column = Number.isInteger(given) ? columns.at(given) : undefined;
    if (column) return column;
    throw new OptionError(option, `an index of one of the ${columns.length} columns`, given);
  }
  const column = columns.find(({ name }) => name === given);
  if (column) return column;
  const names = columns.map(({ name }) => name);
  const lost = table.notes?.find(({ reason, column }) => reason === 'many-texts' && column === given);
  if (lost)
    throw new OptionError(
      option,
      `one of the columns of the table`,
      given,
      `one that was left out (${lost.message})`,
    );
  const meant = typeof given === 'string' ? similarName(given, names, {}) : undefined;
  const list = names
    .slice(0, 20)
    .map((name) => `'${name}'`)
    .join(', ');
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  throw new OptionError(
    option,
    meant ? `the name '${meant}'` : `the name or index of a column: ${list}${more}`,
    given,
  );
}

/** Whether a row has no value. */
export function isMissing({ kind, values }: Column, row: number): boolean {
  return kind === 'number' ? Number.isNaN(values[row]) : values[row] === MISSING;
}

/** The word true or false that a text is, in letters of any case and with spaces around it; undefined for others. */
export function truthOf(text: string): 'true' | 'false' | undefined {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word : undefined;
}

/** Whether all texts are true or false, which may be written in several ways. */
export const areTruths = (texts: readonly string[]) =>
  texts.length > 0 && texts.every((text) => truthOf(text) !== undefined);

/**
 * A column as numbers: true is 1, false is 0, and a text that is no number is missing.
 * @param dates the order of day and month, if texts may be dates
 */
export function asNumbers(column: Column, dates?: DateOrder): NumberColumn {
  if (column.kind === 'number') return column;
  const read = (text: string) => (dates ? DATES[dates](text) : plainNumber(text));
  const numbers = Float64Array.from(column.categories, (text) => {
    const word = truthOf(text);
    return word === 'true' ? 1 : word === 'false' ? 0 : read(text);
  });
  const values = new Float64Array(column.values.length);
  for (let row = 0; row < values.length; row++) values[row] = numbers[column.values[row]] ?? Number.NaN;
  return { name: column.name, kind: 'number', values };
}

/** Rows without a value. */
export function missingIn(column: Column): number {
  const { kind, values } = column;
  let count = 0;
  // Number.isNaN and a loop for each kind of array keep this fast.
  if (kind === 'number')
    for (let row = 0; row < values.length; row++) count += Number(Number.isNaN(values[row]));
  else for (let row = 0; row < values.length; row++) count += Number(values[row] === MISSING);
  return count;
}

/** The texts of a column of texts that stand in the rows. */
export function textsIn(
  { values, categories }: Extract<Column, { kind: 'category' }>,
  rows?: Uint32Array,
): string[] {
  const used = new Uint8Array(categories.length);
  if (rows) for (const row of rows) used[values[row]] = 1;
  else for (const code of values) used[code] = 1;
  return categories.filter((_, code) => used[code]);
}

/** The different numbers of a column, missing ones aside; more than `most` are not counted. */
export function numbersIn(values: Float64Array, most: number, rows?: Uint32Array): Set<number> {
  const numbers = new Set<number>();
  const length = rows?.length ?? values.length;
  for (let i = 0; i < length && numbers.size <= most; i++) {
    const value = values[rows ? rows[i] : i];
    if (!Number.isNaN(value)) numbers.add(value);
  }
  return numbers;
}

/** Texts in the order of their numbers if all are numbers, else by code units. */
export function ordered(texts: Iterable<string>): string[] {
  const list = Array.from(new Set(texts));
  const numbers = new Map(list.map((text) => [text, plainNumber(text)]));
  if (list.some((text) => Number.isNaN(numbers.get(text)))) return list.sort();
  return list.sort((a, b) => (numbers.get(a) as number) - (numbers.get(b) as number) || (a < b ? -1 : 1));
}
