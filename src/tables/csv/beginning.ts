import { uniqueNames } from '../table.ts';
import type { ColumnPlan, Reading } from './column-builder.ts';
import { guessDialect, separatorLine } from './dialect.ts';
import { guessLayout, isEmpty, type Layout } from './layout.ts';
import { pointNumber } from './numbers.ts';
import type { CheckedOptions } from './options.ts';
import { type Decimal, type FileMarks, guessDecimal, guessPlans } from './plans.ts';
import { type Dialect, firstRecords } from './records.ts';

/** Characters from which everything is guessed, and the most records among them. */
export const SAMPLE = 2 ** 18;
const RECORDS = 5000;

/** What the beginning of a text tells of all of it. */
interface Beginning {
  /** The text without a line that only names the delimiter, and the line at which it begins. */
  body: string;
  line: number;
  dialect: Dialect;
  layout: Layout;
  names: string[];
  decimal: Decimal;
  /** Finds out how each column is read. */
  plans: () => ColumnPlan[];
}

/**
 * Finds out what a text is.
 * @param text its beginning: all of it, if it is `complete`
 */
export function beginningOf(
  text: string,
  complete: boolean,
  options: CheckedOptions,
  { missing, notes }: Reading,
): Beginning {
  const separator = separatorLine(text);
  const body = text.slice(separator?.length ?? 0);
  const line = separator ? 2 : 1;
  const sample = complete ? body : wholeLines(body);
  const start = sample.length > SAMPLE ? wholeLines(sample.slice(0, SAMPLE)) : sample;
  const dialect = guessDialect(start, options.delimiter ?? separator?.delimiter);
  const first = firstRecords(sample, dialect, RECORDS, line);
  const layout = guessLayout(first, options.header, missing, notes);
  const names = layout.header
    ? uniqueNames(layout.names, notes)
    : layout.names.map((_, i) => `column ${i + 1}`);
  const rows = first.records.slice(layout.before).filter((cells) => !isEmpty(cells));
  const marks: FileMarks = options.decimal
    ? { decimal: options.decimal, unclear: false }
    : guessDecimal(rows, dialect.delimiter);
  const plans = () => {
    const found = guessPlans(names, rows, marks, options, missing, notes);
    const indices: ColumnPlan = { kind: 'number', read: pointNumber, certain: true };
    return layout.classes ? [...found.slice(0, -1), indices] : found;
  };
  return { body, line, dialect, layout, names, plans, decimal: marks.decimal ?? '.' };
}

/** The text up to the end of its last line; all of it if it has one line. */
function wholeLines(text: string): string {
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
  return end > 0 ? text.slice(0, end) : text;
}
