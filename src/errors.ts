/**
 * The base class of the errors that the library throws on purpose. Catch it to tell the library's
 * errors from the program's own.
 */
export class SpiralnetError extends Error {
  override readonly name: string = 'SpiralnetError';
}

/**
 * An option or argument that cannot be used, with its name, the expected and the received value.
 */
export class OptionError extends SpiralnetError {
  override readonly name = 'OptionError';
  readonly option: string;
  readonly expected: string;
  readonly received: unknown;

  /** @param got the received value in the words of the message; default: the value itself */
  constructor(option: string, expected: string, received: unknown, got = describe(received)) {
    super(`${option}: expected ${expected}, but got ${got}.`);
    this.option = option;
    this.expected = expected;
    this.received = received;
  }
}

/** Where in a file something stands, as far as it is known. */
export interface FilePlace {
  /** The line of the file, from 1; a record with line breaks in quotes begins at its first line. */
  line?: number;
  /** The record, from 1; a header is not counted. */
  record?: number;
  /** The name of the column or, without a header, its number from 1. */
  column?: string;
  /** The text that stands there. */
  value?: string;
}

/** A file that cannot be read, with what was expected, what came instead, and where. */
export class FileError extends SpiralnetError {
  override readonly name = 'FileError';
  /** The file, or the part of it, in words. */
  readonly what: string;
  readonly expected: string;
  readonly received: unknown;
  readonly line: number | undefined;
  readonly record: number | undefined;
  readonly column: string | undefined;
  readonly value: string | undefined;

  /**
   * @param what the file, or the part of it, in words; it begins the message
   * @param got the received value in the words of the message; default: the value itself
   * @param advice what to do, in a sentence
   */
  constructor(
    what: string,
    expected: string,
    received: unknown,
    { line, record, column, value }: FilePlace = {},
    got = describe(received),
    advice?: string,
  ) {
    const place = [
      line !== undefined && `line ${line}`,
      record !== undefined && `record ${record}`,
      column !== undefined && `column '${shorten(column)}'`,
    ].filter((part) => part !== false);
    const sentence = `${[what, ...place].join(', ')}: expected ${expected}, but got ${got}.`;
    super(advice ? `${sentence} ${advice}` : sentence);
    this.what = what;
    this.expected = expected;
    this.received = received;
    this.line = line;
    this.record = record;
    this.column = column;
    this.value = value;
  }
}

/** A request exceeds a limit of the GPU or, on the CPU, the size of an array. */
export class LimitError extends SpiralnetError {
  override readonly name = 'LimitError';
  /**
   * The limit's name in the WebGPU specification, such as `maxBufferSize`; on the CPU `byteLength`,
   * the size of a typed array.
   */
  readonly limit: string;
  readonly needed: number;
  readonly available: number;

  constructor(what: string, limit: string, needed: number, available: number, advice: string) {
    super(`${what} needs ${limit} ≥ ${needed}, but this machine allows ${available}. ${advice}`);
    this.limit = limit;
    this.needed = needed;
    this.available = available;
  }
}

/** The GPU or the machine has no memory left for the request. */
export class OutOfMemoryError extends SpiralnetError {
  override readonly name = 'OutOfMemoryError';

  constructor(what: string, detail: string) {
    super(`There is no memory left for ${what}. Use a smaller network or a smaller batchSize. (${detail})`);
  }
}

/** The largest number of characters of a value in an error message. */
const MAX_LENGTH = 80;

/** The text of any value for an error message: short, and without the contents of a typed array. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `'${shorten(value)}'`;
  if (typeof value === 'bigint') return shorten(`${value}n`);
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) return withArticle(Object.prototype.toString.call(value).slice(8, -1));
  if (typeof value !== 'object' || value === null) return shorten(String(value));
  try {
    const type = Object.prototype.toString.call(value).slice(8, -1);
    if (type !== 'Object' && type !== 'Array') return withArticle(type);
    return Array.isArray(value) && value.length > MAX_LENGTH ? arrayOf(value) : textOf(value);
  } catch {
    // The value is circular, or a getter or toJSON of its own throws or returns nothing.
    return 'an object';
  }
}

/** The text of a plain object or a short array. */
function textOf(value: object): string {
  let entries = 0;
  const plain = (_key: string, entry: unknown) => {
    // The text of a sparse array has a `null` for each hole, and may exceed the longest string.
    if (++entries > MAX_LENGTH) throw new RangeError('more than can be shown');
    return typeof entry === 'bigint' || ArrayBuffer.isView(entry) ? describe(entry) : entry;
  };
  return shorten(JSON.stringify(value, plain));
}

/** A long array in words: an array of 600 numbers. */
function arrayOf({ length, 0: first }: readonly unknown[]): string {
  const what = Array.isArray(first) ? ' arrays' : typeof first === 'number' ? ' numbers' : '';
  return `an array of ${length}${what}`;
}

/** A type's name with its article: an Int32Array, a Float32Array. */
function withArticle(type: string): string {
  return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
}

function shorten(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 3)}...` : text;
}
