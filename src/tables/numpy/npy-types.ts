import { FileError } from '../../errors.ts';
import { swapBytes } from '../byte-order.ts';
import type { NpyArray } from './npy-array.ts';

/** How the values of a type are read. */
export interface NpyType {
  /** The bytes of a value. */
  size: number;
  /**
   * The values of a whole array, whose bytes may become their memory.
   * @throws {FileError} if JavaScript has no such number or text
   */
  read(bytes: Uint8Array<ArrayBuffer>): NpyArray['data'];
}

/** A whole array that JavaScript or this library has no type for. */
export class UnreadableArray extends FileError {}

/** Types by kind and size. Typed arrays have the lowest byte first, as every machine with WebGPU. */
const NUMBERS: { [type: string]: (buffer: ArrayBuffer, what: string) => NpyArray['data'] } = {
  b1: (buffer) => new Uint8Array(buffer).map((byte) => (byte === 0 ? 0 : 1)),
  i1: (buffer) => new Int8Array(buffer),
  u1: (buffer) => new Uint8Array(buffer),
  i2: (buffer) => new Int16Array(buffer),
  u2: (buffer) => new Uint16Array(buffer),
  i4: (buffer) => new Int32Array(buffer),
  u4: (buffer) => new Uint32Array(buffer),
  i8: (buffer, what) => wideIntegers(buffer, new Int32Array(buffer), what),
  u8: (buffer, what) => wideIntegers(buffer, new Uint32Array(buffer), what),
  f2: (buffer) => Float32Array.from(new Uint16Array(buffer), half),
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => new Float64Array(buffer),
};

/** The bytes of a character of the types U, code points, and S. */
const CHARACTERS: { [kind: string]: number } = { U: 4, S: 1 };

/** What to do with arrays of other kinds. */
const ADVICES: { [kind: string]: string } = {
  O: 'A file of Python objects may hold code. Give the array a type of numbers or texts, with astype.',
  c: 'Save the real and the imaginary part as two arrays.',
  M: 'Turn times into numbers, with astype.',
  m: 'Turn times into numbers, with astype.',
  V: 'Save each field of the records as an array of its own.',
  f: "Give the array the type 'f8', with astype.",
};

/**
 * How an array of a type is read: floats of 16 bits as 32, whole numbers of 64 bits as float64.
 * @param descr NumPy's name of the type, such as `<f8`
 * @param what the file in words
 * @throws {FileError} if it is no type of numbers or texts
 */
export function npyType(descr: string, what: string): NpyType {
  const [, order = '', kind = '', digits = ''] =
    /^([<>|=]?)([a-zA-Z])([1-9]\d{0,8}|)(?:\[.+\])?$/.exec(descr) ?? [];
  const numbers = Object.hasOwn(NUMBERS, kind + digits) ? NUMBERS[kind + digits] : undefined;
  const character = Object.hasOwn(CHARACTERS, kind) && digits !== '' ? CHARACTERS[kind] : undefined;
  if (!numbers && !character) {
    const expected = `numbers (${Object.keys(NUMBERS).join(', ')}) or texts (U, S)`;
    const advice = ADVICES[kind] ?? 'Give the array such a type, with astype.';
    throw new UnreadableArray(what, expected, descr, {}, `the type '${descr}'`, advice);
  }
  const size = Number(digits) * (character ?? 1);
  const swapped = order === '>' ? (character ?? size) : 1;
  return {
    size,
    read(bytes) {
      swapBytes(bytes, swapped);
      if (numbers) return numbers(bytes.buffer, what);
      return character === 1 ? byteTexts(bytes, size, what) : texts(bytes.buffer, Number(digits), what);
    },
  };
}

/** Writes each number in the place of its 64 bits. @param words the same memory, with the sign of the type */
function wideIntegers(buffer: ArrayBuffer, words: Int32Array | Uint32Array, what: string): Float64Array {
  const numbers = new Float64Array(buffer);
  for (let i = 0; i < numbers.length; i++) {
    const [low, high] = [words[2 * i] >>> 0, words[2 * i + 1]];
    const value = high * 2 ** 32 + low;
    if (!Number.isSafeInteger(value)) {
      const received = BigInt(high) * 2n ** 32n + BigInt(low);
      const advice = 'If rounded numbers will do, save the array with astype(float).';
      throw new UnreadableArray(what, 'whole numbers of less than 2⁵³', received, {}, `${received}`, advice);
    }
    numbers[i] = value;
  }
  return numbers;
}

/** A number of IEEE 754's binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Texts of code points, each padded with zeros to the same length. */
function texts(buffer: ArrayBuffer, length: number, what: string): string[] {
  const points = new Uint32Array(buffer);
  return Array.from({ length: points.length / length }, (_, i) => {
    const text = points.subarray(i * length, trimmed(points, i * length, (i + 1) * length));
    const wrong = text.find((point) => point > 0x10ffff);
    if (wrong === undefined) return String.fromCodePoint(...text);
    throw new UnreadableArray(what, 'texts of Unicode', wrong, {}, `a character of code ${wrong}`);
  });
}

/** Texts of bytes, which are read as UTF-8. */
function byteTexts(bytes: Uint8Array, length: number, what: string): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return Array.from({ length: bytes.length / length }, (_, i) => {
    const text = bytes.subarray(i * length, trimmed(bytes, i * length, (i + 1) * length));
    try {
      return decoder.decode(text);
    } catch {
      throw new UnreadableArray(
        what,
        'texts in UTF-8',
        text,
        {},
        'other bytes',
        "Save the array with astype('U').",
      );
    }
  });
}

/** The end of a text without the zeros after it. */
function trimmed(codes: ArrayLike<number>, start: number, end: number): number {
  let last = end;
  while (last > start && codes[last - 1] === 0) last--;
  return last;
}
