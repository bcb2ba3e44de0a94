/** The code of a missing value among the values of a {@link CategoryColumn}. */
export const MISSING = 0xffffffff;

/** A column of numbers. */
export interface NumberColumn {
  name: string;
  kind: 'number';
  /** A number a row; NaN where it is missing. */
  values: Float64Array;
  /** The numbers are points in time: milliseconds since the beginning of 1970, UTC. */
  time?: true;
  /** What comes first in the dates of the file, such as 03/04/2025; absent if the year does, or no date is there. */
  dates?: DateOrder;
}

/** Whether the day comes before the month, or the month before the day. */
export type DateOrder = 'day-first' | 'month-first';

/** A column of texts. */
export interface CategoryColumn {
  name: string;
  kind: 'category';
  /** An index of `categories` a row; {@link MISSING} where the text is missing. */
  values: Uint32Array;
  /** The different texts, in the order in which they first appear. */
  categories: string[];
}

export type Column = NumberColumn | CategoryColumn;

/** Rows of named columns: plain data, which can be posted to another thread. */
export interface Table {
  columns: Column[];
  rows: number;
  /** The line of the file at which each row begins, from 1; absent if the file has no lines. */
  lines?: Uint32Array;
  /**
   * How many records of the file are no rows of the table; `notes` say why. Empty lines, and lines before
   * the table, do not count.
   */
  skipped: number;
  /** What was skipped, changed or decided, one note for each reason and column. */
  notes: Note[];
  /** How a text was understood; absent for other files. */
  format?: TextFormat;
}

/** How the text of a table was understood. */
export interface TextFormat {
  /** The character between columns; a space stands for any number of spaces and tabs. */
  delimiter: string;
  /** The mark between whole and broken part of numbers, as most columns have it. */
  decimal: '.' | ',';
  /** Whether the first record is the names of the columns. */
  header: boolean;
  /** The encoding of the bytes, as `TextDecoder` names it; absent if the source is a string. */
  encoding?: string;
}

/** Why a {@link Note} was made. */
export type NoteReason = keyof typeof MESSAGES;

/** Where something was found in a file. */
export interface NotePlace {
  /** The line of the file, from 1. */
  line?: number;
  /** The record, from 1; a header is not counted. */
  record?: number;
  /** The text that was found, of which at most 80 characters are kept. */
  value?: string;
}

/** Something that a reader skipped, changed or decided. */
export interface Note {
  reason: NoteReason;
  /** The column that it is about, if it is about one. */
  column?: string;
  /** How often. */
  count: number;
  /** The first ten places, where places mean something. */
  places: NotePlace[];
  /** All of it in English. */
  message: string;
}

const MOST_PLACES = 10;
const MOST_CHARACTERS = 80;

/** A count with its noun: `1 row`, `2,000 rows`. */
const many = (count: number, noun: string) =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** What each note says, after the name of the column. */
const MESSAGES = {
  encoding: (_: number, value = '') => `The bytes are no UTF-8, and were read as ${value}.`,
  'broken-text': () => 'Bytes that are no UTF-8 were read as the character U+FFFD.',
  preamble: (n: number) => `${many(n, 'line')} before the table skipped.`,
  counts: () =>
    'The first line holds the numbers of rows and features and the names of the classes, which are the last column.',
  'row-names': () => 'The header names all columns but the first one, which holds names of rows.',
  renamed: (_: number, value = '') =>
    value
      ? `Renamed, as '${value}' is the name of another column.`
      : 'Named, as the header has no name for it.',
  'empty-column': () => 'Left out: the column has neither a name nor values.',
  blank: (n: number) => `${many(n, 'record')} without any value skipped.`,
  short: (n: number) => `${many(n, 'record')} with too few values: the last ones are taken as missing.`,
  long: (n: number) => `${many(n, 'record')} with too many values skipped.`,
  quotes: (n: number) => `${many(n, 'record')} with a quote that is not doubled inside quotes.`,
  'not-a-number': (n: number) => `${many(n, 'value')} of a column of numbers taken as missing: no number.`,
  'not-finite': (n: number) => `${many(n, 'number')} taken as missing: not finite, or too large for 64 bits.`,
  'uncertain-number': () =>
    "Read as texts, as the comma may mark decimals or thousands: the option 'decimal' tells which.",
  'decimal-comma': () => 'The comma marks the decimals.',
  'thousands-point': () => 'The point marks thousands.',
  'unclear-point': () =>
    "The point marks decimals, though it may mark thousands: the option 'decimal' tells.",
  time: () => 'Points in time, read as milliseconds since the beginning of 1970, UTC.',
  'many-texts': (n: number) =>
    `Left out: the column has more than ${many(n, 'different text')}, or very long ones.`,
};

/** The notes of a table while it is read. */
export class Notes {
  readonly #notes = new Map<string, Note>();

  /**
   * @param about the column that it is about
   * @param count how often, of a note without places
   */
  add(reason: NoteReason, about?: string, place?: NotePlace, count = 1): void {
    const key = `${reason} ${about ?? ''}`;
    let note = this.#notes.get(key);
    if (!note) {
      note = { reason, ...(about !== undefined && { column: about }), count: 0, places: [], message: '' };
      this.#notes.set(key, note);
    }
    note.count += count;
    if (!place || note.places.length >= MOST_PLACES) return;
    const { value } = place;
    note.places.push(value === undefined ? place : { ...place, value: value.slice(0, MOST_CHARACTERS) });
  }

  drop(reason: NoteReason, about: string): void {
    this.#notes.delete(`${reason} ${about}`);
  }

  list(): Note[] {
    return Array.from(this.#notes.values(), (note) => {
      const text = MESSAGES[note.reason](note.count, note.places[0]?.value);
      return { ...note, message: note.column === undefined ? text : `Column '${note.column}': ${text}` };
    });
  }
}

/**
 * Names for columns: those without one are numbered, and equal ones told apart.
 * @param notes gets a note for each change
 */
export function uniqueNames(names: readonly string[], notes: Notes): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name, i) => {
    let unique = name === '' ? `column ${i + 1}` : name;
    for (let k = 2; seen.has(unique) || (unique !== name && taken.has(unique)); k++)
      unique = `${name || `column ${i + 1}`} (${k})`;
    seen.add(unique);
    if (unique !== name) notes.add('renamed', unique, name === '' ? undefined : { value: name });
    return unique;
  });
}
