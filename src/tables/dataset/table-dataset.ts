import { list, oneOf, optional, readOptions, type Schema, unchecked } from '../../checks/schema.ts';
import { OptionError } from '../../errors.ts';
import type { Dataset, RegressionDataset } from '../../types.ts';
import type { Column, Table } from '../table.ts';
import { checkEncoding } from './check-encoding.ts';
import { asNumbers, checkTable, findColumn, missingIn, textsIn } from './columns.ts';
import {
  type FeatureEncoding,
  type LabelEncoding,
  type MissingRule,
  namesOf,
  type TableEncoding,
} from './encoding.ts';
import { featureEncoding, isConstant, unusedReason } from './features.ts';
import { guessTask, labelEncoding } from './label.ts';
import { type ColumnReport, type DatasetReport, messagesOf, type UnusedReason } from './report.ts';
import { answersOf, inputsOf, keptRows, strangersIn } from './rows.ts';

export interface DatasetOptions {
  /** The column to predict: its name, or its index, which counts from the end if it is negative. Default: the last. */
  label?: string | number;
  /**
   * The columns to predict from, by names or indices. Default: all others but those that count the rows, have
   * no values, or have more than 100 different texts (or more than 10, and half as many as rows).
   */
  features?: readonly (string | number)[];
  /** What to do with rows that lack a value. Rows without a label are left out also with `mean`. Default `drop`. */
  missing?: MissingRule;
  /**
   * Whether the label has classes or values (regression). Default `auto`: classes if it has texts, true and
   * false, or whole numbers of at most 20 kinds; else values.
   */
  task?: 'classes' | 'values' | 'auto';
  /** The encoding of another table, such as that of the training rows; in place of all other options but `task`. */
  encoding?: TableEncoding;
}

/** What a data set of a table has beside the rows. */
export interface TableExtras {
  inputs: Float64Array;
  /** What became of the rows and columns. */
  report: DatasetReport;
  /** For other tables with the same columns: test rows, or rows to predict. */
  encoding: TableEncoding;
}

export type TableClasses = Dataset & TableExtras;
export type TableValues = RegressionDataset & TableExtras & { targets: Float64Array };

const TASKS = oneOf('auto', 'classes', 'values');
const column = (value: unknown, name: string) => {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new OptionError(name, 'the name or the index of a column', value);
};

type Checked = Omit<DatasetOptions, 'encoding'> & {
  missing: MissingRule;
  task: 'auto' | 'classes' | 'values';
  encoding: unknown;
};

const SCHEMA: Schema<Checked> = {
  label: optional(column),
  features: optional(list(column, 'an array of names or indices of columns', 2 ** 24)),
  missing: optional(oneOf('drop', 'mean', 'error'), 'drop'),
  task: optional(TASKS, 'auto'),
  encoding: unchecked,
};

const SYNONYMS = {
  label: ['target', 'y', 'labels', 'class', 'output'],
  features: ['inputs', 'x', 'columns', 'columnnames'],
  missing: ['na', 'nan', 'impute', 'fill'],
  task: ['type', 'kind', 'regression', 'problem'],
};

/**
 * Makes a data set of a table. Numbers are features as they are, true and false are 1 and 0, and each other
 * text is a feature of its own, `column=text`, which is 1 in rows with that text. Classes are in the order
 * of their numbers if all are numbers, else of their code units. Scale the data before training
 * (`standardize`).
 *
 * A label of numbers that are no classes gives data for regression. Types cannot know that: give `task:
 * 'values'`, or `task: 'auto'`, for their types.
 *
 * @returns the data set, with a report of what became of rows and columns, and the encoding for other tables
 * @throws {OptionError} if an option cannot be used, the label has one class or very many texts, no column
 * is left as a feature, or no row has all values
 * @throws {FileError} with the line, record and column of a missing value if `missing` is `error`
 * @throws {LimitError} if the rows are too large for an array
 */
export function tableDataset(table: Table, options: DatasetOptions & { task: 'values' }): TableValues;
export function tableDataset(
  table: Table,
  options: DatasetOptions & { task: 'auto' },
): TableClasses | TableValues;
export function tableDataset(table: Table, options?: DatasetOptions & { task?: 'classes' }): TableClasses;
export function tableDataset(given: Table, options: DatasetOptions = {}): TableClasses | TableValues {
  const table = checkTable(given);
  const checked = readOptions(options, SCHEMA, undefined, SYNONYMS);
  if (checked.encoding === undefined) return made(table, checked);
  const encoding = checkEncoding(checked.encoding, 'options.encoding');
  const wrong = (['label', 'features', 'missing'] as const).find((name) => options[name] !== undefined);
  if (wrong) throw new OptionError(wrong, 'no such option beside encoding, which has it', options[wrong]);
  if (checked.task !== 'auto' && checked.task !== encoding.label.kind)
    throw new OptionError('task', `'${encoding.label.kind}', as in the encoding`, checked.task);
  return encoded(table, encoding, 'options.encoding');
}

/** The features of rows without their answers. */
export interface EncodedRows {
  /** `count × features`, row-major. */
  inputs: Float64Array;
  count: number;
  features: number;
  featureNames: string[];
  report: DatasetReport;
}

/**
 * Makes the inputs of a table's rows, which need no label: for predictions with a network that was trained on
 * another table. Rows that lack a value are treated as in that table; `report.rows` says which row each is.
 * @throws {OptionError} if a column of the encoding is not in the table, or no row has all values
 * @throws {FileError} if a value is missing and the encoding's `missing` is `error`
 */
export function encodeRows(given: Table, encoding: TableEncoding): EncodedRows {
  const table = checkTable(given);
  const checked = checkEncoding(encoding, 'encoding');
  const used = checked.features.map((feature) => columnFor(table, feature, 'encoding'));
  const rows = keptRows(table, used, undefined, checked.missing);
  return rowsOf(table, checked, used, undefined, rows);
}

function made(table: Table, { label, features, missing, task }: Checked): TableClasses | TableValues {
  const labelColumn = findColumn(table, label ?? -1, 'label');
  const { used, reasons } = chosen(table, labelColumn, features);
  const rows = keptRows(table, used, { column: labelColumn }, missing);
  const encoding: TableEncoding = {
    features: used.map((column) => featureEncoding(column, rows, 'features')),
    label: labelEncoding(labelColumn, task === 'auto' ? guessTask(labelColumn) : task, rows, 'label'),
    missing,
  };
  return together(table, encoding, used, labelColumn, rows, reasons);
}

function encoded(table: Table, encoding: TableEncoding, option: string): TableClasses | TableValues {
  const used = encoding.features.map((feature) => columnFor(table, feature, option));
  const label = columnFor(table, encoding.label, option);
  const rows = keptRows(table, used, { column: label, encoding: encoding.label }, encoding.missing);
  return together(table, encoding, used, label, rows);
}

/** The column of an encoding: as numbers, if it was one of numbers. */
function columnFor(table: Table, encoding: FeatureEncoding | LabelEncoding, option: string): Column {
  const found = findColumn(table, encoding.column, option);
  if (encoding.kind === 'category' || encoding.kind === 'classes') return found;
  return asNumbers(found, 'dates' in encoding ? encoding.dates : undefined);
}

/** The columns that become features, and why others do not. */
function chosen(
  table: Table,
  label: Column,
  features: Checked['features'],
): { used: Column[]; reasons: Map<string, UnusedReason> } {
  const reasons = new Map<string, UnusedReason>();
  if (features) {
    const used = features.map((given, i) => findColumn(table, given, `features[${i}]`));
    for (const [i, column] of used.entries()) {
      if (column === label)
        throw new OptionError(`features[${i}]`, 'a column that is not the label', features[i]);
    }
    if (new Set(used).size < used.length) throw new OptionError('features', 'each column once', features);
    if (used.length === 0) throw new OptionError('features', 'at least one column', features);
    return { used, reasons };
  }
  const others = table.columns.filter((column) => column !== label);
  for (const column of others) {
    const reason = unusedReason(column);
    if (reason) reasons.set(column.name, reason);
  }
  const used = others.filter(({ name }) => !reasons.has(name));
  if (used.length > 0) return { used, reasons };
  // A number that counts the rows is better than nothing.
  const counting = others.filter(({ name }) => reasons.get(name) === 'row-number');
  for (const { name } of counting) reasons.delete(name);
  if (counting.length > 0) return { used: counting, reasons };
  const why = Array.from(reasons, ([name, reason]) => `'${name}' (${reason})`).join(', ');
  const got = why ? `only ${why}` : 'none';
  throw new OptionError(
    'features',
    `a column beside the label '${label.name}' to predict from`,
    undefined,
    got,
  );
}

function together(
  table: Table,
  encoding: TableEncoding,
  used: readonly Column[],
  label: Column,
  rows: Uint32Array,
  reasons?: ReadonlyMap<string, UnusedReason>,
): TableClasses | TableValues {
  const { report, ...inputs } = rowsOf(table, encoding, used, label, rows, reasons);
  const answers = answersOf(label, encoding.label, rows);
  if (encoding.label.kind === 'classes') {
    const { classes: classNames } = encoding.label;
    const labels = answers as Uint32Array;
    return { ...inputs, labels, classes: classNames.length, classNames: [...classNames], report, encoding };
  }
  const targets = answers as Float64Array;
  return { ...inputs, targets, outputs: 1, outputNames: [label.name], report, encoding };
}

function rowsOf(
  table: Table,
  encoding: TableEncoding,
  used: readonly Column[],
  label: Column | undefined,
  rows: Uint32Array,
  reasons?: ReadonlyMap<string, UnusedReason>,
): EncodedRows {
  const { inputs, filled, unknown } = inputsOf(used, encoding.features, rows);
  const featureNames = encoding.features.flatMap(namesOf);
  const places = new Map(used.map(({ name }, i) => [name, i]));
  const columns = table.columns.map((column): ColumnReport => {
    const { name } = column;
    const i = places.get(name);
    // A text that is no number is missing where the encoding has numbers.
    const read = label?.name === name ? label : i === undefined ? column : used[i];
    const missing = missingIn(read);
    if (label && name === label.name)
      return {
        column: name,
        use: 'label',
        features: 0,
        missing,
        unknown: strangersIn(label, encoding.label),
      };
    const reason = reasons?.get(name) ?? 'not-chosen';
    if (i === undefined) return { column: name, use: 'unused', features: 0, reason, missing, unknown: 0 };
    const feature = encoding.features[i];
    return {
      column: name,
      use: feature.kind,
      features: namesOf(feature).length,
      missing,
      unknown: unknown[i],
      ...(reasons && isConstant(column, rows) && { constant: true }),
    };
  });
  const facts = { rows, dropped: table.rows - rows.length, filled, columns };
  const texts = (name: string) => {
    const column = findColumn(table, name, 'column');
    return column.kind === 'category' ? textsIn(column).length : 0;
  };
  const report = { ...facts, messages: messagesOf(facts, reasons && texts) };
  return { inputs, count: rows.length, features: featureNames.length, featureNames, report };
}
