import { FileError } from '../../errors.ts';
import { Growing } from '../growing.ts';
import { type Column, MISSING, type Notes, type Table } from '../table.ts';
import { refuseNul, refuseOtherText } from '../text/foreign.ts';
import { beginningOf, SAMPLE } from './beginning.ts';
import { type ColumnBuilder, columnBuilder, type Reading } from './column-builder.ts';
import { isEmpty, type Layout } from './layout.ts';
import { MissingTexts } from './missing.ts';
import type { CheckedOptions } from './options.ts';
import type { Decimal } from './plans.ts';
import { type Dialect, Records } from './records.ts';

/** Characters of different texts that a table may keep. */
const CHARACTERS = 2 ** 27;

/** What is known once the beginning of a text has been looked at. */
interface Started {
  dialect: Dialect;
  layout: Layout;
  decimal: Decimal;
  records: Records;
  builders: ColumnBuilder[];
}

/** Makes a table of a text that comes in pieces. */
export class CsvReading {
  rows = 0;
  readonly #notes: Notes;
  readonly #options: CheckedOptions;
  readonly #what: string;
  readonly #reading: Reading;
  readonly #lines = new Growing(Uint32Array);
  #sample: string[] = [];
  #size = 0;
  /** Line ends of the sample, as far as needed. */
  #ends = 0;
  #started: Started | undefined;
  /** Records of the file so far, empty lines among them. */
  #records = 0;
  #skipped = 0;

  constructor(options: CheckedOptions, what: string, notes: Notes) {
    this.#options = options;
    this.#what = what;
    this.#notes = notes;
    this.#reading = {
      line: 0,
      record: 0,
      missing: new MissingTexts(options.missing),
      limits: { texts: options.limits.texts, characters: CHARACTERS },
      notes,
    };
  }

  /** @throws {FileError} if the text cannot be a table */
  push(text: string): void {
    if (this.#started) {
      const { records, builders } = this.#started;
      refuseNul(text, this.#what, records.line);
      records.push(text);
      if (builders.every(({ lost }) => lost)) throw this.#nothing();
      return;
    }
    this.#sample.push(text);
    this.#size += text.length;
    this.#ends += text.split(/\r\n|\n|\r/, 3).length - 1;
    if ((this.#size >= SAMPLE && this.#ends > 1) || this.#size > this.#options.limits.characters)
      this.#start(false);
  }

  /**
   * Takes the end of the text.
   * @param pause lets other tasks run between the columns
   * @throws {FileError} if there are no rows
   */
  async end(encoding: string | undefined, pause: () => Promise<void>): Promise<Table> {
    const { records, builders, layout, dialect, decimal } = this.#started ?? this.#start(true);
    records.end();
    if (this.rows === 0) throw this.#noRows(layout.header ? 'a header only' : 'none');
    const columns: Column[] = [];
    for (const [i, builder] of builders.entries()) {
      const column = builder.finish();
      if (column) columns.push(...this.#finished(column, i, layout));
      await pause();
    }
    if (columns.length === 0) throw this.#nothing();
    return {
      columns,
      rows: this.rows,
      lines: this.#lines.take(),
      skipped: this.#skipped,
      notes: this.#notes.list(),
      format: {
        delimiter: dialect.delimiter,
        decimal,
        header: layout.header,
        ...(encoding !== undefined && { encoding }),
      },
    };
  }

  #start(complete: boolean): Started {
    const text = this.#sample.join('');
    this.#sample = [];
    refuseNul(text, this.#what);
    refuseOtherText(text, this.#what);
    const { limits } = this.#options;
    const { body, line, dialect, layout, names, plans, decimal } = beginningOf(
      text,
      complete,
      this.#options,
      this.#reading,
    );
    if (names.length === 0) throw this.#unfinished(body, dialect, line);
    if (names.length > limits.columns) {
      const advice = 'Check the delimiter, or raise limits.columns.';
      const expected = `at most ${limits.columns} columns`;
      const got = `${names.length} columns`;
      throw new FileError(this.#what, expected, names.length, { line }, got, advice);
    }
    const builders = plans().map((plan, i) => columnBuilder(names[i], plan, this.#reading));
    const take = (cells: string[], at: number, malformed: boolean) => this.#take(cells, at, malformed);
    const records = new Records(dialect, this.#what, limits.characters, take, line);
    this.#started = { dialect, layout, decimal, records, builders };
    records.push(body);
    return this.#started;
  }

  #take(cells: string[], line: number, malformed: boolean): void {
    const { builders, layout, dialect } = this.#started as Started;
    if (this.#records++ < layout.before || (cells.length <= 1 && isEmpty(cells))) return;
    const reading = this.#reading;
    const record = ++reading.record;
    reading.line = line;
    const { length: width } = builders;
    const place = () => ({ line, record, value: cells.slice(0, 80).join(dialect.delimiter) });
    if (malformed) this.#notes.add('quotes', undefined, place());
    if (cells.length !== width || cells[0].trim() === '') {
      const reason = isEmpty(cells)
        ? 'blank'
        : cells.length > width && !isEmpty(cells.slice(width))
          ? 'long'
          : undefined;
      if (reason) {
        this.#skipped++;
        this.#notes.add(reason, undefined, place());
        return;
      }
      if (cells.length < width) this.#notes.add('short', undefined, place());
    }
    for (let i = 0; i < width; i++) builders[i].add(i < cells.length ? cells[i] : '');
    this.#lines.push(line);
    this.rows++;
    const most = this.#options.limits.cells;
    if (this.rows * width <= most) return;
    const got = `${this.rows} rows of ${width} columns`;
    const advice = 'Read a part of the file, or raise limits.cells.';
    throw new FileError(
      this.#what,
      `at most ${most} values`,
      this.rows * width,
      { line, record },
      got,
      advice,
    );
  }

  /** The column, of classes with their names; none if it has neither a name nor values. */
  #finished(column: Column, i: number, { names, classes }: Layout): Column[] {
    if (classes && i === names.length - 1 && column.kind === 'number') {
      const isIndex = (value: number) => Number.isInteger(value) && value >= 0 && value < classes.length;
      const values = Uint32Array.from(column.values, (value) => (isIndex(value) ? value : MISSING));
      return [{ name: column.name, kind: 'category', values, categories: classes }];
    }
    const unnamed = names[i] === '' && column.kind === 'number' && column.values.every(Number.isNaN);
    if (!unnamed) return [column];
    this.#notes.drop('renamed', column.name);
    this.#notes.add('empty-column', column.name);
    return [];
  }

  /** The error of a text without a whole record. */
  #unfinished(body: string, dialect: Dialect, line: number): FileError {
    const records = new Records(dialect, this.#what, this.#options.limits.characters, () => {}, line);
    records.push(body);
    records.end();
    return this.#noRows('none');
  }

  #noRows(got: string): FileError {
    const advice = 'Check that it is the right file.';
    return new FileError(this.#what, 'at least one row of values', 0, {}, got, advice);
  }

  /** The error of a table of which no column can be kept. */
  #nothing(): FileError {
    const { texts } = this.#options.limits;
    const expected = `a column of numbers, or of at most ${texts} different texts`;
    return new FileError(
      this.#what,
      expected,
      undefined,
      {},
      'none',
      'Raise limits.texts if so many are meant.',
    );
  }
}
