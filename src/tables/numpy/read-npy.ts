import { readOptions } from '../../checks/schema.ts';
import { signal } from '../../checks/signal.ts';
import { FileError } from '../../errors.ts';
import { allocatingArrays } from '../../limits.ts';
import type { ByteReader } from '../byte-reader.ts';
import { type ByteSource, Bytes } from '../source.ts';
import { countOf, MAGIC, type NpyArray } from './npy-array.ts';
import { parseHeader } from './npy-header.ts';
import { npyType } from './npy-types.ts';

/** The bytes of the length of the header, by version. */
const LENGTHS = [2, 4, 4];
/** Only the names of many fields make a header as long as that. */
const LONGEST_HEADER = 2 ** 16;
const MOST_AXES = 64;

/**
 * Reads a file of `numpy.save`, of numbers or texts. Floats of 16 bits come as 32 bits, whole numbers of
 * 64 bits as float64, truth values as 0 and 1, texts as strings. Any order of bytes and axes is read; the
 * array is row-major.
 * @param source also compressed with gzip
 * @param options `signal` ends the reading
 * @throws {FileError} if the file is damaged, or has Python objects, records, complex numbers or times,
 * or whole numbers from 2⁵³, which float64 would round
 * @throws {OptionError} if `source` has no bytes
 */
export async function readNpy(source: ByteSource, options: { signal?: AbortSignal } = {}): Promise<NpyArray> {
  const { signal: ended } = readOptions<{ signal: AbortSignal | undefined }>(options, { signal });
  return new Bytes(source, 'source', ended).read(readArray);
}

/** Reads the array of an npy file. */
export async function readArray(reader: ByteReader): Promise<NpyArray> {
  const { what } = reader;
  const magic = await reader.take(8, 'the beginning of an npy file');
  const lengthBytes = LENGTHS[magic[6] - 1];
  if (!MAGIC.every((byte, i) => magic[i] === byte) || !lengthBytes) {
    const advice = 'Save an array with numpy.save.';
    throw new FileError(what, 'an npy file of version 1, 2 or 3', magic, {}, 'another file', advice);
  }
  const length = littleEndian(await reader.take(lengthBytes, 'the length of the header'));
  if (length > LONGEST_HEADER)
    throw new FileError(what, `a header of at most ${LONGEST_HEADER} bytes`, length, {}, `${length} bytes`);
  // A header of numbers or texts has no other letters than those of ASCII, in every version.
  const header = parseHeader(new TextDecoder().decode(await reader.take(length, 'header')), what);
  const { size, read } = npyType(header.descr, what);
  const { shape, fortranOrder } = header;
  const count = countOf(shape);
  if (shape.length > MOST_AXES || !shape.every(Number.isSafeInteger) || !Number.isSafeInteger(count * size))
    throw new FileError(what, `at most ${MOST_AXES} axes with less than 2⁵³ bytes`, shape);
  const bytes = await reader.take(count * size, 'values');
  const data = allocatingArrays(what, () => read(bytes));
  return { shape, data: fortranOrder ? allocatingArrays(what, () => rowMajor(data, shape)) : data };
}

const littleEndian = (bytes: Uint8Array) => bytes.reduceRight((number, byte) => number * 256 + byte, 0);

/** The values of an array whose first axis comes first in memory, in the order of rows. */
function rowMajor(data: NpyArray['data'], shape: readonly number[]): NpyArray['data'] {
  const sorted = data.slice();
  const steps = shape.map((_, axis) => countOf(shape.slice(0, axis)));
  const place = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    sorted[to] = data[from];
    // The last axis runs first, as the digits of a counter do.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++place[axis] < shape[axis]) break;
      from -= steps[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return sorted;
}
