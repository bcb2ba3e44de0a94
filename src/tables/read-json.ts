import { isObject, optional, readOptions, type Schema } from '../checks/schema.ts';
import { signal } from '../checks/signal.ts';
import { FileError } from '../errors.ts';
import { columnBuilder, type Reading } from './csv/column-builder.ts';
import { MissingTexts } from './csv/missing.ts';
import { kinds, limits, missing, progress, type ReadLimits } from './csv/options.ts';
import { guessPlans } from './csv/plans.ts';
import { cellsOf } from './json/cells.ts';
import { parseJson } from './json/parse.ts';
import type { ByteSource } from './source.ts';
import { Notes, type Table, uniqueNames } from './table.ts';
import { type ReadProgress, TextSource } from './text/text-source.ts';

export interface JsonOptions {
  /** What columns hold, by name. Default: found out. */
  kinds?: Readonly<Record<string, 'number' | 'category'>>;
  /** Texts that mean a missing value, as in `CsvOptions`. `null`, and an absent value, always do. */
  missing?: readonly string[];
  /** As in `CsvOptions`; the characters are those of the whole text, default 2²⁸. */
  limits?: Partial<ReadLimits>;
  /** Ends the reading; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Is called now and then, and once at the end. */
  progress?: (progress: ReadProgress) => void;
}

type Checked = Omit<JsonOptions, 'kinds' | 'limits'> & {
  kinds: Readonly<Record<string, 'number' | 'category'>>;
  limits: ReadLimits;
};

/** What `JSON.parse` makes of a table: records, arrays, or columns by name. */
export type JsonTable = readonly object[] | { readonly [column: string]: ArrayLike<unknown> };

/** Characters of different texts that a table may keep. */
const CHARACTERS = 2 ** 27;
/** Characters of a file, which is read as a whole. */
const MOST = 2 ** 28;

const SCHEMA: Schema<Checked> = {
  kinds,
  missing,
  limits: (value = {}, name) => limits(isObject(value) ? { characters: MOST, ...value } : value, name),
  signal: optional(signal),
  progress,
};

/**
 * Reads a table from JSON: an array of records (`[{ "a": 1 }, …]`, also one a line without the array), an
 * array of arrays of which the first may be the names, or an object of columns (`{ "a": [1, …] }`, also as
 * pandas writes it: `{ "a": { "0": 1, … } }`). Texts are understood as in a file for `readCsv`; true and
 * false are texts.
 *
 * @param source the text, where its bytes come from, or such an array or object itself, in which a `Date` is a
 * point in time
 * @throws {FileError} if the text is no JSON, has no rows, holds arrays or objects in place of values, or
 * exceeds `limits`
 * @throws {OptionError} if an option or the source cannot be used
 * @throws the signal's reason after an abort
 */
export async function readJson(
  source: string | ByteSource | JsonTable,
  options: JsonOptions = {},
): Promise<Table> {
  const checked = readOptions(options, SCHEMA);
  const notes = new Notes();
  checked.signal?.throwIfAborted();
  if (isTable(source)) return tableOf(cellsOf(source, VALUE, checked.limits), checked, notes, VALUE);
  const text = new TextSource(source, checked, notes, 'JSON');
  const pieces: string[] = [];
  let size = 0;
  for await (const piece of text.pieces(() => 0)) {
    size += piece.length;
    const most = checked.limits.characters;
    const advice = 'Write the table as CSV, which is read in pieces, or raise limits.characters.';
    if (size > most)
      throw new FileError(text.what, `JSON of at most ${most} characters`, size, {}, 'more', advice);
    pieces.push(piece);
  }
  const table = tableOf(
    cellsOf(parseJson(pieces.join(''), text.what), text.what, checked.limits),
    checked,
    notes,
    text.what,
  );
  text.report(table.rows);
  return table;
}

/** The array or object in words, for errors. */
const VALUE = 'The value';

/** Whether a source is the table itself: an array, or an object of no class, as those of bytes are. */
function isTable(source: unknown): source is JsonTable {
  if (Array.isArray(source) || !isObject(source)) return Array.isArray(source);
  const prototype = Object.getPrototypeOf(source);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function tableOf(
  { names, rows }: { names: string[]; rows: string[][] },
  options: Checked,
  notes: Notes,
  what: string,
): Table {
  const { texts } = options.limits;
  const reading: Reading = {
    line: 0,
    record: 0,
    missing: new MissingTexts(options.missing),
    limits: { texts, characters: CHARACTERS },
    notes,
  };
  const unique = uniqueNames(names, notes);
  const plans = guessPlans(
    unique,
    rows,
    { decimal: undefined, unclear: false },
    options,
    reading.missing,
    notes,
  );
  const builders = plans.map((plan, i) => columnBuilder(unique[i], plan, reading));
  for (const cells of rows) {
    reading.record++;
    builders.forEach((builder, i) => {
      builder.add(cells[i]);
    });
  }
  const columns = builders.flatMap((builder) => builder.finish() ?? []);
  if (columns.length > 0) return { columns, rows: rows.length, skipped: 0, notes: notes.list() };
  const expected = `a column of numbers, or of at most ${texts} different texts`;
  throw new FileError(what, expected, undefined, {}, 'none', 'Raise limits.texts if so many are meant.');
}
