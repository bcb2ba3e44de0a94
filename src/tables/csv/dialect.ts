import { commaNumber, commasNumber, plainNumber } from './numbers.ts';
import { type Dialect, firstRecords } from './records.ts';
import { isoTime } from './times.ts';

/** The delimiters that are looked for; earlier ones go before others that fit as well. */
const DELIMITERS = ['\t', ';', '|', ','];
/** Records that are looked at, and the share of them that must have the same number of cells. */
const RECORDS = 200;
const ALIKE = 0.7;

/** Excel's first line, which names the delimiter. */
const SEPARATOR_LINE = /^"?sep=(.)"?(?:\r\n|\n|\r|$)/i;

/** The delimiter that Excel's first line names, and the length of that line. */
export function separatorLine(text: string): { delimiter: string; length: number } | undefined {
  const found = SEPARATOR_LINE.exec(text);
  return found ? { delimiter: found[1], length: found[0].length } : undefined;
}

/**
 * Finds out how cells and records stand apart.
 * @param sample whole records
 * @param given the delimiter, if it is known
 */
export function guessDialect(sample: string, given?: string): Dialect {
  const newline = lineEnd(sample);
  const dialect = (delimiter: string): Dialect => ({ delimiter, newline, spaced: false });
  const guess = given ?? guessDelimiter(sample, dialect);
  const delimiter = !given && guess === ',' && isOneColumn(sample, dialect(',')) ? ';' : guess;
  return { delimiter, newline, spaced: isSpaced(sample, dialect(delimiter)) };
}

/** Lines end with a carriage return only where no line feed stands outside quotes. */
function lineEnd(sample: string): '\n' | '\r' {
  let quoted = false;
  let returns = 0;
  for (const [sign] of sample.matchAll(/["\n\r]/g)) {
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '\n') return '\n';
    else returns++;
  }
  return returns > 0 && (!quoted || !sample.includes('\n')) ? '\r' : '\n';
}

function guessDelimiter(sample: string, dialect: (delimiter: string) => Dialect): string {
  let best = { delimiter: ',', alike: ALIKE, typed: -1 };
  for (const delimiter of DELIMITERS) {
    const found = quality(sample, dialect(delimiter));
    const alike = Math.round(found.alike * 20) / 20;
    if (found.width < 2 || alike < best.alike) continue;
    if (alike > best.alike || found.typed > best.typed) best = { delimiter, alike, typed: found.typed };
  }
  if (best.typed >= 0 && best.delimiter !== '\t') return best.delimiter;
  const lines = /^[^\r\n]*(?:\r\n|\n|\r)/;
  // The header may have a name less, for the names of rows, or a sign that marks a comment.
  const spaces = quality(sample.replace(lines, '') || sample, dialect(' '));
  const fits = spaces.width >= 2 && spaces.alike > 0.95 && spaces.typed > 0.25;
  if (best.typed < 0) return fits ? ' ' : ',';
  // A tab may be one of the spaces between columns: then most numbers stand before it, in one cell.
  return fits && spaces.typed > 0.5 && 2 * best.typed < spaces.typed ? ' ' : best.delimiter;
}

/**
 * How well a delimiter fits: the cells of most records, the share of records that have as many, and the
 * share of their cells that are numbers or points in time.
 */
function quality(sample: string, dialect: Dialect): { width: number; alike: number; typed: number } {
  const { records, malformed } = firstRecords(sample, dialect, RECORDS);
  const all = records.filter((cells) => cells.length > 1 || cells[0]?.trim());
  const width = usualWidth(all);
  // A title, or a header without a name for the names of rows, says little of a short file.
  const full = all.length > 2 && all[0].length !== width ? all.slice(1) : all;
  const usual = full.filter((cells) => cells.length === width);
  // Names of columns are no numbers: they would speak for a delimiter that does not divide them.
  const cells = (usual.length > 1 && usual[0] === all[0] ? usual.slice(1) : usual).flat();
  const isTyped = (cell: string) =>
    [plainNumber, commaNumber, commasNumber, isoTime].some((read) => !Number.isNaN(read(cell)));
  return {
    width,
    alike: (usual.length - malformed) / full.length || 0,
    typed: cells.filter(isTyped).length / cells.length || 0,
  };
}

/** Whether commas are decimal ones of the only column, as its name is the only one: not below the names of rows. */
function isOneColumn(sample: string, dialect: Dialect): boolean {
  const [[name, ...others] = [''], ...rows] = firstRecords(sample, dialect, RECORDS).records;
  if (others.length > 0 || !/[^\d\s.,;+-]/.test(name) || rows.length === 0) return false;
  const countsRows = rows.every(([whole], i) => Number(whole) === i + 1);
  return !countsRows && rows.every((cells) => cells.length < 3 && COMMA_NUMBER.test(cells.join(',')));
}

const COMMA_NUMBER = /^\s*[+-]?\d*(?:,\d+)?\s*$/;

/** The number of cells that most records have; the larger one of equals. */
export function usualWidth(records: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  let [width, most] = [0, 0];
  for (const [length, count] of counts) {
    if (count > most || (count === most && length > width)) [width, most] = [length, count];
  }
  return width;
}

/** Whether nearly every cell after a delimiter begins with a space. */
function isSpaced(sample: string, dialect: Dialect): boolean {
  if (dialect.delimiter === ' ' || !sample.includes(`${dialect.delimiter} `)) return false;
  const { records } = firstRecords(sample, dialect, RECORDS);
  const cells = records.flatMap((record) => record.slice(1)).filter((cell) => cell.trim() !== '');
  return cells.length > 0 && cells.filter((cell) => cell.startsWith(' ')).length > 0.9 * cells.length;
}
