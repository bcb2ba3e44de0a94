import { isObject } from '../../checks/schema.ts';
import { LimitError, OptionError } from '../../errors.ts';
import { joined, lengthOf } from '../pieces.ts';
import { checksum } from './checksum.ts';
import type { NpyArray } from './npy-array.ts';
import { npyFile } from './write-npy.ts';
import { ALL16, ALL32, CENTRAL, END, LOCAL } from './zip-records.ts';

/** The version that is needed to read the file, 2.0. */
const VERSION = 20;
/** Names are in UTF-8. */
const FLAGS = 1 << 11;
/** 1 January 1980, the first date of zip files, so that the same arrays give the same bytes. */
const DATE = 0x21;

/**
 * Writes a file that `numpy.load` reads: arrays by name, in a zip file without compression.
 * @param arrays as {@link readNpz} gives them; without `shape` an array has one axis
 * @returns the bytes, always the same for the same arrays in the same order
 * @throws {OptionError} if an array cannot be written, see {@link writeNpy}
 * @throws {LimitError} if the file were larger than 4 GiB
 */
export function writeNpz(arrays: {
  readonly [name: string]: { readonly data: NpyArray['data']; readonly shape?: readonly number[] };
}): Uint8Array {
  if (!isObject(arrays)) throw new OptionError('arrays', 'an object of arrays { data, shape }', arrays);
  const names = Object.keys(arrays);
  if (names.length > ALL16)
    throw new OptionError('arrays', `at most ${ALL16} arrays`, arrays, `${names.length}`);
  return zipFile(names.map((name) => entryOf(name, arrays[name])));
}

/**
 * A zip file without compression.
 * @throws {LimitError} if it were larger than 4 GiB
 */
export function zipFile(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const directory: Uint8Array[] = [];
  let start = 0;
  const files = entries.flatMap(({ name, file }) => {
    // The fields that stand in both records of a file: not compressed, no extra field.
    const fields = [
      halves(VERSION, FLAGS, 0, 0, DATE),
      words(checksum(file), file.length, file.length),
      halves(name.length, 0),
    ];
    // No comment, disk 0, no attributes.
    const rest = [halves(0, 0, 0), words(0, start), name];
    directory.push(words(CENTRAL.signature), halves(VERSION), ...fields, ...rest);
    const parts = [words(LOCAL.signature), ...fields, name, file];
    start += lengthOf(parts);
    return parts;
  });
  const { length } = entries;
  const end = [
    words(END.signature),
    halves(0, 0, length, length),
    words(lengthOf(directory), start),
    halves(0),
  ];
  const pieces = [...files, ...directory, ...end];
  const bytes = lengthOf(pieces);
  if (bytes <= ALL32) return joined(pieces);
  throw new LimitError('The npz file', 'byteLength', bytes, ALL32, 'Write the arrays to several files.');
}

// WebGPU and every machine that has it store the lowest byte first, and so does the file.
const halves = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** A file in a zip file, with its name in UTF-8. */
interface Entry {
  name: Uint8Array;
  file: Uint8Array;
}

function entryOf(name: string, array: unknown): Entry {
  const path = `arrays.${name}`;
  if (!isObject(array)) throw new OptionError(path, 'an array { data, shape }', array);
  const { data, shape = [(data as { length?: number })?.length] } = array;
  return {
    name: new TextEncoder().encode(`${name}.npy`),
    file: npyFile(data, shape, `${path}.data`, `${path}.shape`),
  };
}
