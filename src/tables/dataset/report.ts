/** Why a column is no feature. */
export type UnusedReason = keyof typeof REASONS;

const REASONS = {
  'not-chosen': () => 'not among the features that were asked for',
  'no-values': () => 'it has no values',
  'row-number': () => 'it counts the rows',
  'many-categories': (texts: number) => `it has ${texts.toLocaleString('en')} different texts`,
};

/** Columns that a sentence names. */
const MOST_SHOWN = 10;

/** What became of a column of a table. */
export interface ColumnReport {
  column: string;
  use: 'label' | 'number' | 'truth' | 'category' | 'unused';
  /** The features that it became. */
  features: number;
  /** Why it is unused. */
  reason?: UnusedReason;
  /** Rows of the table without a value in it. */
  missing: number;
  /** Rows with a text that the encoding does not know: of a feature taken as 0, of a label left out. */
  unknown: number;
  /** All rows of the data set have the same value. */
  constant?: true;
}

/** What became of a table in a data set. */
export interface DatasetReport {
  /** The row of the table, from 0, that each row of the data set comes from. */
  rows: Uint32Array;
  /** Rows of the table that were left out, as they lack a value or their label is unknown. */
  dropped: number;
  /** Values that were missing and have become a mean. */
  filled: number;
  /** One for each column of the table, in its order. */
  columns: ColumnReport[];
  /** All that is worth telling, in English. */
  messages: string[];
}

/**
 * The sentences of a report.
 * @param texts the different texts of a column; undefined if the encoding is that of another table
 */
export function messagesOf(
  { dropped, filled, columns }: Omit<DatasetReport, 'messages'>,
  texts?: (column: string) => number,
): string[] {
  const many = (count: number, noun: string) =>
    `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
  const messages: string[] = [];
  const lacking = columns.filter(({ use, missing }) => use !== 'unused' && missing > 0);
  const shown = lacking
    .slice(0, MOST_SHOWN)
    .map(({ column, missing }) => `'${column}' (${missing.toLocaleString('en')})`);
  if (lacking.length > MOST_SHOWN) shown.push(many(lacking.length - MOST_SHOWN, 'other column'));
  const where = shown.join(', ');
  if (dropped > 0)
    messages.push(`${many(dropped, 'row')} left out${where && `; values are missing in ${where}`}.`);
  if (filled > 0) messages.push(`${many(filled, 'missing value')} taken as the mean of the column.`);
  for (const { column, use, features, reason, unknown, constant } of columns) {
    if (texts && reason && reason !== 'not-chosen')
      messages.push(`Column '${column}' is no feature: ${REASONS[reason](texts(column))}.`);
    if (texts && use === 'category')
      messages.push(`Column '${column}' became ${many(features, 'feature')}, one for each text.`);
    if (constant)
      messages.push(`Column '${column}' has the same value in all rows: nothing can be learned from it.`);
    if (unknown > 0 && use === 'label')
      messages.push(`${many(unknown, 'row')} left out: the label is an unknown class.`);
    else if (unknown > 0) messages.push(`Column '${column}' has unknown texts in ${many(unknown, 'row')}.`);
  }
  return messages;
}
