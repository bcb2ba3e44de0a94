import { FileError } from '../../errors.ts';
import { UnreadableArray } from './npy-types.ts';

/** What the header of an npy file says. */
export interface NpyHeader {
  /** The type of a value, such as `<f8`. */
  descr: string;
  fortranOrder: boolean;
  /** The length of each axis. */
  shape: number[];
}

/** The literals of Python of which a header is made; Python 2 wrote whole numbers with an L. */
const TOKEN = /\s*('[^'\\]*'|"[^"\\]*"|True|False|\d+L?|[{}()[\],:]|$)/y;
const KEYS = ['descr', 'fortran_order', 'shape'];

/**
 * Reads the dictionary `{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }`, the header of an
 * npy file: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @param what the file in words
 * @throws {FileError} if it is anything else, or of records
 */
export function parseHeader(text: string, what: string): NpyHeader {
  const parser = new Parser(text, what);
  const found = new Map<string, string | boolean | number[]>();
  parser.take('{');
  while (parser.token !== '}') {
    const key = parser.text();
    if (found.has(key)) throw parser.error();
    parser.take(':');
    found.set(key, parser.value());
    if (parser.token !== '}') parser.take(',');
  }
  parser.take('}');
  parser.take('');
  const [descr, fortranOrder, shape] = KEYS.map((key) => found.get(key));
  if (
    found.size === KEYS.length &&
    typeof descr === 'string' &&
    typeof fortranOrder === 'boolean' &&
    Array.isArray(shape)
  )
    return { descr, fortranOrder, shape };
  throw parser.error();
}

class Parser {
  /** The token that comes next; empty at the end of the text. */
  token = '';
  readonly #text: string;
  readonly #what: string;
  #end = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
    this.#advance();
  }

  take(token: string): void {
    if (this.token !== token) throw this.error();
    if (token !== '') this.#advance();
  }

  text(): string {
    const { token } = this;
    if (!/^['"]/.test(token)) throw this.error();
    this.#advance();
    return token.slice(1, -1);
  }

  value(): string | boolean | number[] {
    const { token } = this;
    if (token === '[') {
      const advice = 'Save each field of the records as an array of its own.';
      throw new UnreadableArray(
        this.#what,
        'numbers or texts',
        this.#text,
        {},
        'an array of records',
        advice,
      );
    }
    if (token === '(') return this.#tuple();
    if (token !== 'True' && token !== 'False') return this.text();
    this.#advance();
    return token === 'True';
  }

  error(): FileError {
    const expected = `a header with ${KEYS.join(', ')} of an array of numbers or texts`;
    const advice = 'Save the array anew with numpy.save.';
    return new FileError(this.#what, expected, this.#text, {}, undefined, advice);
  }

  /** Whole numbers in parentheses; one alone has a comma after it. */
  #tuple(): number[] {
    const numbers: number[] = [];
    let comma = true;
    this.take('(');
    while (this.token !== ')') {
      if (!comma || !/^\d/.test(this.token)) throw this.error();
      numbers.push(Number.parseInt(this.token, 10));
      this.#advance();
      comma = this.token === ',';
      if (comma) this.#advance();
    }
    if (numbers.length === 1 && !comma) throw this.error();
    this.#advance();
    return numbers;
  }

  #advance(): void {
    TOKEN.lastIndex = this.#end;
    const match = TOKEN.exec(this.#text);
    if (!match) throw this.error();
    this.token = match[1];
    this.#end = TOKEN.lastIndex;
  }
}
