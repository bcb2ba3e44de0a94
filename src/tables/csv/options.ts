import { size } from '../../checks/numbers.ts';
import { flag, isObject, list, oneOf, optional, readOptions, type Schema } from '../../checks/schema.ts';
import { signal } from '../../checks/signal.ts';
import { OptionError } from '../../errors.ts';
import type { ReadProgress } from '../text/text-source.ts';

/** What a file may at most need, so that a hostile one ends soon. */
export interface ReadLimits {
  /** Columns; default 100,000. */
  columns: number;
  /** Rows times columns; default 2²⁷ (134,217,728), which take a gigabyte. */
  cells: number;
  /** Characters of a record; default 2²¹ (2,097,152). */
  characters: number;
  /** Different texts of a column, which is left out above; default 100,000. */
  texts: number;
}

export interface CsvOptions {
  /** The character between columns; a space stands for any number of spaces and tabs. Default: found out. */
  delimiter?: string;
  /** Whether the first record is the names of the columns. Default: found out. */
  header?: boolean;
  /** The mark before the decimals of all numbers. Default: found out, column by column. */
  decimal?: '.' | ',';
  /** What columns hold, by name. Default: found out. */
  kinds?: Readonly<Record<string, 'number' | 'category'>>;
  /**
   * Texts that mean a missing value, in place of the usual ones (`NA`, `NaN`, `?`, `null`, …; in columns of
   * numbers also `-`). An empty text always does.
   */
  missing?: readonly string[];
  /** The encoding of the bytes, as `TextDecoder` names it. Default: found out. */
  encoding?: string;
  limits?: Partial<ReadLimits>;
  /** Ends the reading; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Is called now and then, and once at the end. */
  progress?: (progress: ReadProgress) => void;
}

const text = (expected: string, holds: (value: string) => boolean) => (value: unknown, name: string) => {
  if (typeof value === 'string' && holds(value)) return value;
  throw new OptionError(name, expected, value);
};

const delimiter = text("one character, such as ',' or ';', and no quote or line break", (value) =>
  /^[^"\r\n\ufeff]$/.test(value),
);

const kind = oneOf('number', 'category');

const LIMITS: Schema<ReadLimits> = {
  columns: optional(size, 100_000),
  cells: optional(size, 2 ** 27),
  characters: optional(size, 2 ** 21),
  texts: optional(size, 100_000),
};

/** Checks an option that is a function. */
export const progress = optional((value: unknown, name: string) => {
  if (typeof value === 'function') return value as (progress: ReadProgress) => void;
  throw new OptionError(name, 'a function that takes { bytes, total, rows }', value);
});

export const limits = (value: unknown, name: string): ReadLimits => readOptions(value ?? {}, LIMITS, name);

/** Checks what columns hold, by name. */
export const kinds = (value: unknown, name: string): Record<string, 'number' | 'category'> => {
  if (value === undefined) return {};
  if (!isObject(value)) throw new OptionError(name, "an object, such as { age: 'number' }", value);
  return Object.fromEntries(
    Object.entries(value).map(([column, given]) => [column, kind(given, `${name}.${column}`)]),
  );
};

export const missing = optional(
  list(
    text('a text', () => true),
    "an array of texts, such as ['NA', '-999']",
    10_000,
  ),
);

export type CheckedOptions = Omit<CsvOptions, 'limits' | 'kinds'> & {
  limits: ReadLimits;
  kinds: Readonly<Record<string, 'number' | 'category'>>;
};

const SCHEMA: Schema<CheckedOptions> = {
  delimiter: optional(delimiter),
  header: optional(flag),
  decimal: optional(oneOf('.', ',')),
  kinds,
  missing,
  encoding: optional(text("a name that TextDecoder knows, such as 'utf-8'", () => true)),
  limits,
  signal,
  progress,
};

const SYNONYMS = {
  delimiter: ['sep', 'separator', 'fielddelimiter'],
  header: ['hasheader', 'columns', 'names', 'fields'],
  decimal: ['dec', 'decimalseparator', 'decimalcomma'],
  kinds: ['types', 'dtype', 'dtypes', 'coltypes', 'columntypes', 'kind', 'schema'],
  missing: ['navalues', 'nastrings', 'na'],
  encoding: ['charset', 'fileencoding'],
  progress: ['onprogress'],
};

/** @throws {OptionError} */
export function csvOptions(given: unknown): CheckedOptions {
  return readOptions(given, SCHEMA, undefined, SYNONYMS);
}
