import Papa from 'papaparse/papaparse.js';
import { FileError } from '../../errors.ts';

/** How records and their cells stand apart. */
export interface Dialect {
  /** A space stands for any number of spaces and tabs. */
  delimiter: string;
  /** `\n` also ends lines that have `\r` before it. */
  newline: '\n' | '\r';
  /** Each delimiter has a space after it that belongs to no cell. */
  spaced: boolean;
}

/** @param malformed a quote inside quotes is not doubled */
export type TakeRecord = (cells: string[], line: number, malformed: boolean) => void;

const RETURN = 13;
const NEWLINE = 10;
const QUOTE = 34;

/** The records of a text that comes in pieces, which may end anywhere. */
export class Records {
  readonly #dialect: Dialect;
  readonly #what: string;
  readonly #most: number;
  readonly #take: TakeRecord;
  /** Text after the last whole record. */
  #pieces: string[] = [];
  #size = 0;
  /** A piece that ends no record is not looked at again until the text has doubled. */
  #wanted = 0;
  #line: number;

  /**
   * @param most the characters that a record may have
   * @param line the line at which the text begins
   */
  constructor(dialect: Dialect, what: string, most: number, take: TakeRecord, line = 1) {
    this.#dialect = dialect;
    this.#what = what;
    this.#most = most;
    this.#take = take;
    this.#line = line;
  }

  /** The line at which the next record begins. */
  get line(): number {
    return this.#line;
  }

  /** Takes the next piece of the text. @throws {FileError} if a record is too long */
  push(text: string): void {
    this.#pieces.push(text);
    this.#size += text.length;
    if (this.#size < this.#wanted) return;
    const rest = this.#parse(this.#pieces.join(''));
    this.#pieces = [rest];
    this.#wanted = this.#size === rest.length ? 2 * rest.length : 0;
    this.#size = rest.length;
    if (rest.length > this.#most) throw this.#endless(rest);
  }

  /** Takes the end of the text. @throws {FileError} if it ends within quotes */
  end(): void {
    const { newline } = this.#dialect;
    const text = this.#pieces.join('');
    const rest = this.#parse(text === '' || text.endsWith(newline) ? text : text + newline);
    this.#pieces = [];
    if (rest !== '') throw this.#endless(rest);
  }

  /** @returns the text after the last whole record */
  #parse(given: string): string {
    const { delimiter, newline, spaced } = this.#dialect;
    let text = given;
    if (delimiter === ' ') text = text.replaceAll('\t', ' ');
    if (spaced) text = text.replaceAll(`${delimiter} "`, `${delimiter}"`);
    const hasQuotes = text.includes('"');
    let start = 0;
    const parser = new Papa.Parser({
      delimiter,
      newline,
      step: ({ data: [cells], meta: { cursor }, errors }) => {
        const line = this.#line;
        this.#line += hasQuotes ? linesIn(text, newline, start, cursor) : 1;
        start = cursor;
        if (newline === '\n') dropReturn(cells, text, cursor);
        if (spaced) dropSpaces(cells);
        this.#take(delimiter === ' ' ? cells.filter((cell) => cell !== '') : cells, line, errors.length > 0);
      },
    });
    parser.parse(text, 0, true);
    return text.slice(start);
  }

  /** The error of a record that is too long, or of one that does not end. */
  #endless(rest: string): FileError {
    const { delimiter, newline } = this.#dialect;
    const { errors } = new Papa.Parser({ delimiter, newline }).parse(rest, 0, false);
    const open = errors.find(({ code }) => code === 'MissingQuotes');
    const place = { line: this.#line, value: rest.slice(0, 80) };
    if (!open) {
      const expected = `records of at most ${this.#most} characters`;
      const advice = 'Separate the records by line breaks, or raise limits.characters.';
      return new FileError(this.#what, expected, rest.length, place, 'a longer one', advice);
    }
    const line = this.#line + linesIn(rest, newline, 0, open.index);
    const advice = 'Add the quote, or double it if it is part of a text.';
    const got = 'none';
    const value = rest.slice(open.index - 1, open.index + 79);
    return new FileError(this.#what, 'a quote that closes this one', value, { line, value }, got, advice);
  }
}

/** The line ends from `start` to before `end`. */
function linesIn(text: string, newline: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf(newline, start); at >= 0 && at < end; at = text.indexOf(newline, at + 1))
    lines++;
  return lines;
}

/** Drops the carriage return of a line end from the last cell, unless it stands within quotes there. */
function dropReturn(cells: string[], text: string, end: number): void {
  const last = cells.length - 1;
  const cell = cells[last];
  if (cell.charCodeAt(cell.length - 1) !== RETURN) return;
  const at = text.charCodeAt(end - 1) === NEWLINE ? end - 2 : end - 1;
  const quoted = text.charCodeAt(at - 1) === QUOTE && text.charCodeAt(at - 2) === RETURN;
  if (text.charCodeAt(at) === RETURN && !quoted) cells[last] = cell.slice(0, -1);
}

function dropSpaces(cells: string[]): void {
  for (let i = 1; i < cells.length; i++) if (cells[i].startsWith(' ')) cells[i] = cells[i].trimStart();
}

/** The first records of a text with the lines at which they begin, and how many have a wrong quote. */
export interface FirstRecords {
  records: string[][];
  lines: number[];
  malformed: number;
}

/** At most `count` first records of a text; what does not end is left out. */
export function firstRecords(text: string, dialect: Dialect, count: number, line = 1): FirstRecords {
  const records: string[][] = [];
  const lines: number[] = [];
  let malformed = 0;
  const enough = new Error('enough');
  const take: TakeRecord = (cells, begin, wrong) => {
    records.push(cells);
    lines.push(begin);
    if (wrong) malformed++;
    if (records.length >= count) throw enough;
  };
  try {
    const reader = new Records(dialect, '', Number.POSITIVE_INFINITY, take, line);
    reader.push(text);
    reader.end();
  } catch (error) {
    if (error !== enough && !(error instanceof FileError)) throw error;
  }
  return { records, lines, malformed };
}
