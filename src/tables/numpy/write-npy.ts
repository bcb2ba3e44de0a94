import { wholeFrom } from '../../checks/numbers.ts';
import { counted, list } from '../../checks/schema.ts';
import { OptionError } from '../../errors.ts';
import { joined } from '../pieces.ts';
import { countOf, MAGIC, type NpyArray, type NumberArray } from './npy-array.ts';

/** NumPy's names of the types of numbers. */
const TYPES: { [array: string]: string } = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Float32Array: '<f4',
  Float64Array: '<f8',
};
/** NumPy 2 has at most so many axes. */
const MOST_AXES = 64;
/** Numbers begin at a multiple of this. */
const ALIGNMENT = 64;
/** Version 1.0, in which the length of the header has 16 bits. */
const VERSION = [1, 0];

/**
 * Writes a file that `numpy.load` reads: the numbers in their own type, texts as `<U…`.
 * @param data the values, row-major: a typed array of numbers, or an array of strings
 * @param shape the length of each axis; default: one axis
 * @returns the bytes, always the same for the same array
 * @throws {OptionError} if the shape does not fit the data, or NumPy has no such type; NumPy drops
 * the characters of code 0 from the end of a text, so that such a text is refused
 */
export function writeNpy(data: NpyArray['data'], shape: readonly number[] = [data.length]): Uint8Array {
  return npyFile(data, shape, 'data', 'shape');
}

/** As {@link writeNpy}. @param dataName, shapeName the names of the arguments, for errors */
export function npyFile(
  data: unknown,
  shape: unknown,
  dataName: string,
  shapeName: string,
): Uint8Array<ArrayBuffer> {
  const { type, count, bytes } = encoded(data, dataName);
  const lengths = list(wholeFrom(0), `at most ${MOST_AXES} lengths`, MOST_AXES)(shape, shapeName);
  if (countOf(lengths) !== count)
    throw new OptionError(shapeName, `a shape of ${counted(count, 'value')}`, lengths);
  return npyBytes(type, lengths, bytes);
}

/**
 * The file of an array without its check.
 * @param type NumPy's name of it, such as `<f4`
 */
export function npyBytes(type: string, shape: readonly number[], bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined([headerOf(type, shape), bytes]);
}

interface Encoded {
  type: string;
  count: number;
  bytes: Uint8Array;
}

function encoded(data: unknown, name: string): Encoded {
  if (Array.isArray(data)) return encodedTexts(data, name);
  const type = ArrayBuffer.isView(data)
    ? TYPES[Object.prototype.toString.call(data).slice(8, -1)]
    : undefined;
  if (type === undefined) {
    const types = Object.keys(TYPES).join(', ');
    throw new OptionError(name, `an array of strings, or one of the types ${types}`, data);
  }
  // WebGPU and every machine that has it store the lowest byte first, and so does the file.
  const { buffer, byteOffset, byteLength, length } = data as NumberArray;
  return { type, count: length, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
}

function encodedTexts(data: readonly unknown[], name: string): Encoded {
  const texts = Array.from(data, (text, i) => {
    if (typeof text === 'string' && !text.endsWith('\0')) return Array.from(text, codePoint);
    throw new OptionError(`${name}[${i}]`, 'a string, not with a character of code 0 at its end', text);
  });
  const width = texts.reduce((most, { length }) => Math.max(most, length), 1);
  const characters = new Uint32Array(texts.length * width);
  texts.forEach((text, i) => {
    characters.set(text, i * width);
  });
  return { type: `<U${width}`, count: texts.length, bytes: new Uint8Array(characters.buffer) };
}

const codePoint = (character: string) => character.codePointAt(0) as number;

/** Magic number, version, length, and the dictionary in the spelling of NumPy. */
function headerOf(type: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = MAGIC.length + VERSION.length + 2;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT - start;
  const padded = `${text.padEnd(length - 1)}\n`;
  return Uint8Array.of(...MAGIC, ...VERSION, length & 0xff, length >> 8, ...new TextEncoder().encode(padded));
}
