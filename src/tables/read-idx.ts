import { readOptions } from '../checks/schema.ts';
import { signal } from '../checks/signal.ts';
import { FileError } from '../errors.ts';
import { swapBytes } from './byte-order.ts';
import type { ByteReader } from './byte-reader.ts';
import { countOf, type NumberArray } from './numpy/npy-array.ts';
import { type ByteSource, Bytes } from './source.ts';

/** An array of numbers, row-major. */
export interface IdxArray {
  /** The length of each axis. */
  shape: number[];
  /** As many numbers as the product of the shape. */
  data: NumberArray;
}

/** The types of numbers, by the third byte of a file. */
const TYPES: { [code: number]: { new (buffer: ArrayBuffer): NumberArray; BYTES_PER_ELEMENT: number } } = {
  8: Uint8Array,
  9: Int8Array,
  11: Int16Array,
  12: Int32Array,
  13: Float32Array,
  14: Float64Array,
};

/** The bytes of the length of an axis. */
const LENGTH = 4;

/**
 * Reads an IDX file, the format of MNIST and Fashion-MNIST: images as `count × height × width` bytes,
 * labels as `count` bytes. The format: http://yann.lecun.com/exdb/mnist
 * @param source also compressed with gzip, as those files are published
 * @param options `signal` ends the reading
 * @throws {FileError} if it is another file, damaged, or has not as many numbers as it says
 * @throws {OptionError} if `source` has no bytes
 */
export async function readIdx(source: ByteSource, options: { signal?: AbortSignal } = {}): Promise<IdxArray> {
  const { signal: ended } = readOptions<{ signal: AbortSignal | undefined }>(options, { signal });
  return new Bytes(source, 'source', ended).read(readArray);
}

async function readArray(reader: ByteReader): Promise<IdxArray> {
  const magic = await reader.take(4, 'the beginning of an IDX file');
  const [zero, alsoZero, code, axes] = magic;
  const Type = TYPES[code];
  if (zero !== 0 || alsoZero !== 0 || !Type || axes === 0) {
    const expected = `an IDX file: 0, 0, a type (${Object.keys(TYPES).join(', ')}) and the number of axes`;
    throw new FileError(reader.what, expected, magic, {}, `the bytes ${magic.join(', ')}`);
  }
  const lengths = new DataView((await reader.take(axes * LENGTH, 'the lengths of the axes')).buffer);
  const shape = Array.from({ length: axes }, (_, axis) => lengths.getUint32(axis * LENGTH));
  const size = countOf(shape) * Type.BYTES_PER_ELEMENT;
  if (!Number.isSafeInteger(size)) throw new FileError(reader.what, 'less than 2⁵³ bytes', shape);
  const bytes = await reader.take(size, 'numbers');
  swapBytes(bytes, Type.BYTES_PER_ELEMENT);
  return { shape, data: new Type(bytes.buffer) };
}
