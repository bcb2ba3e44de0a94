import { plainNumber } from './numbers.ts';

/** Texts that mean a missing value in any column, as pandas has them, and the question mark of UCI's files. */
const MISSING_TEXTS = [
  'NA',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  '-NaN',
  '-nan',
  'NULL',
  'null',
  'None',
  '<NA>',
  '#N/A',
  '#NA',
  '#N/A N/A',
  '#DIV/0!',
  '#VALUE!',
  '#REF!',
  '#NAME?',
  '#NUM!',
  '#NULL!',
  '1.#IND',
  '-1.#IND',
  '1.#QNAN',
  '-1.#QNAN',
  '?',
];
/** Texts that mean a missing value in a column of numbers; in others they may be categories. */
const IN_NUMBERS = [
  '-',
  '--',
  '---',
  '–',
  '—',
  '.',
  '..',
  '...',
  'na',
  'Na',
  'n.a.',
  'none',
  'missing',
  'unknown',
];

/** What means a missing value. An empty text, or one of spaces only, always does. */
export class MissingTexts {
  readonly #any: ReadonlySet<string>;
  readonly #numbers: ReadonlySet<string>;

  /** @param texts the texts that mean it in any column; default: the usual ones */
  constructor(texts?: readonly string[]) {
    this.#any = new Set(texts ?? MISSING_TEXTS);
    this.#numbers = new Set(texts ?? IN_NUMBERS);
  }

  /** Whether a number may mean it. */
  get hasNumbers(): boolean {
    return Array.from(this.#any).some((text) => !Number.isNaN(plainNumber(text)));
  }

  /** In any column. */
  anywhere(text: string): boolean {
    const plain = text.trim();
    return plain === '' || this.#any.has(plain);
  }

  /** In a column of numbers. */
  inNumbers(text: string): boolean {
    return this.anywhere(text) || this.#numbers.has(text.trim());
  }
}
