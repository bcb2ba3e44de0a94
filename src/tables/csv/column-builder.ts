import { Growing } from '../growing.ts';
import { type Column, type DateOrder, MISSING, type NotePlace, type Notes } from '../table.ts';
import { type TextLimits, Texts } from '../texts.ts';
import type { MissingTexts } from './missing.ts';
import type { NumberReader } from './numbers.ts';

/** How the cells of a column are read. */
export interface ColumnPlan {
  kind: 'number' | 'category';
  /** Reads a number; also of a column of texts, as later cells never make numbers of it. */
  read: NumberReader;
  time?: boolean;
  dates?: DateOrder;
  /** The caller has said what the column holds, whatever its cells are. */
  certain?: boolean;
}

/** What all columns of a table share while it is read. */
export interface Reading {
  /** The record that is being read. */
  line: number;
  record: number;
  readonly missing: MissingTexts;
  readonly limits: TextLimits;
  readonly notes: Notes;
}

/** Collects the cells of a column. */
export interface ColumnBuilder {
  readonly name: string;
  /** The column has too many different texts and is left out. */
  readonly lost: boolean;
  add(text: string): void;
  /** The column; undefined if it is left out. */
  finish(): Column | undefined;
}

/** The share of texts up to which a column still counts as numbers, and its texts as missing ones. */
export const STRAY = 0.05;
const MOST_PLACES = 10;

export function columnBuilder(name: string, plan: ColumnPlan, reading: Reading): ColumnBuilder {
  return plan.kind === 'number' ? new NumberBuilder(name, plan, reading) : new CategoryBuilder(name, reading);
}

class CategoryBuilder implements ColumnBuilder {
  readonly name: string;
  lost = false;
  readonly #reading: Reading;
  readonly #texts: Texts;
  readonly #values = new Growing(Uint32Array);

  constructor(name: string, reading: Reading) {
    this.name = name;
    this.#reading = reading;
    this.#texts = new Texts(reading.limits);
  }

  add(text: string): void {
    if (this.lost) return;
    const code = this.#texts.known(text) ?? this.#code(text);
    if (code === undefined) this.#lose();
    else this.#values.push(code);
  }

  finish(): Column | undefined {
    const { name } = this;
    if (this.lost) return undefined;
    return { name, kind: 'category', values: this.#values.take(), categories: this.#texts.list };
  }

  #code(text: string): number | undefined {
    return this.#reading.missing.anywhere(text) ? MISSING : this.#texts.code(text);
  }

  #lose(): void {
    this.lost = true;
    this.#values.clear();
    this.#texts.clear();
    lose(this.name, this.#reading);
  }
}

class NumberBuilder implements ColumnBuilder {
  readonly name: string;
  readonly lost = false;
  readonly #plan: ColumnPlan;
  readonly #read: NumberReader;
  readonly #reading: Reading;
  readonly #values = new Growing(Float64Array);
  #numbers = 0;
  /** Texts that are no numbers, with their rows: enough to make texts of the whole column. */
  #strays = 0;
  readonly #texts: Texts;
  readonly #rows = new Growing(Uint32Array);
  readonly #codes = new Growing(Uint32Array);
  readonly #places: NotePlace[] = [];
  #complete = true;

  constructor(name: string, plan: ColumnPlan, reading: Reading) {
    this.name = name;
    this.#plan = plan;
    const { missing } = reading;
    this.#read = missing.hasNumbers
      ? (text) => (missing.inNumbers(text) ? Number.NaN : plan.read(text))
      : plan.read;
    this.#reading = reading;
    this.#texts = new Texts(reading.limits);
  }

  add(text: string): void {
    const number = this.#read(text);
    if (Number.isFinite(number)) {
      this.#numbers++;
      this.#values.push(number);
      return;
    }
    if (!this.#reading.missing.inNumbers(text)) this.#addStray(text, number);
    this.#values.push(Number.NaN);
  }

  #addStray(text: string, number: number): void {
    const { line, record, notes } = this.#reading;
    if (!Number.isNaN(number)) {
      this.#numbers++;
      notes.add('not-finite', this.name, { line, record, value: text });
      return;
    }
    this.#strays++;
    if (this.#places.length < MOST_PLACES) this.#places.push({ line, record, value: text });
    const code = this.#complete ? this.#texts.code(text) : undefined;
    this.#complete = code !== undefined;
    if (code === undefined) return;
    this.#rows.push(this.#values.length);
    this.#codes.push(code);
  }

  finish(): Column | undefined {
    const { name } = this;
    const { certain, time, dates } = this.#plan;
    const { notes } = this.#reading;
    if (!certain && this.#strays > STRAY * (this.#numbers + this.#strays)) return this.#asTexts();
    for (const place of this.#places) notes.add('not-a-number', name, place);
    if (this.#strays > this.#places.length)
      notes.add('not-a-number', name, undefined, this.#strays - this.#places.length);
    if (time) notes.add('time', name);
    const values = this.#values.take();
    return { name, kind: 'number', values, ...(time && { time }), ...(dates && { dates }) };
  }

  /** The column as texts, of which the numbers are written in their shortest form. */
  #asTexts(): Column | undefined {
    const { name } = this;
    const numbers = this.#values.take();
    const values = new Uint32Array(numbers.length).fill(MISSING);
    const [rows, codes] = [this.#rows.take(), this.#codes.take()];
    rows.forEach((row, i) => {
      values[row] = codes[i];
    });
    for (let row = 0; row < numbers.length && this.#complete; row++) {
      if (Number.isNaN(numbers[row])) continue;
      const text = this.#plan.time ? new Date(numbers[row]).toISOString() : String(numbers[row]);
      const code = this.#texts.code(text);
      this.#complete = code !== undefined;
      values[row] = code ?? MISSING;
    }
    if (this.#complete) return { name, kind: 'category', values, categories: this.#texts.list };
    lose(name, this.#reading);
    return undefined;
  }
}

function lose(name: string, { notes, limits }: Reading): void {
  notes.add('many-texts', name, undefined, limits.texts);
}
