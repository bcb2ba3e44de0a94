import { type Check, list, optional, readOptions, type Schema } from '../../checks/schema.ts';
import { signal } from '../../checks/signal.ts';
import { FileError, OptionError } from '../../errors.ts';
import { ByteReader, tooLarge } from '../byte-reader.ts';
import { type RandomAccess, randomAccess } from '../random-access.ts';
import { type ByteSource, mostUnpacked } from '../source.ts';
import type { NpyArray } from './npy-array.ts';
import { UnreadableArray } from './npy-types.ts';
import { readArray } from './read-npy.ts';
import { unpackedEntry, type ZipEntry, zipEntries } from './zip.ts';
import { ALL16 } from './zip-records.ts';

export interface NpzOptions {
  /** The arrays to read, if others are not wanted. Default: all. */
  names?: readonly string[];
  /**
   * Is told of each array that cannot be read, as of Python objects, and why; the others are read. Default:
   * the reason is thrown.
   */
  skip?: (name: string, reason: FileError) => void;
  /** Ends the reading; the promise rejects with its reason. */
  signal?: AbortSignal;
}

const EXTENSION = '.npy';

const text: Check<string> = (value, name) => {
  if (typeof value === 'string') return value;
  throw new OptionError(name, 'the name of an array', value);
};

const callback: Check<NonNullable<NpzOptions['skip']>> = (value, name) => {
  if (typeof value === 'function') return value as NonNullable<NpzOptions['skip']>;
  throw new OptionError(name, 'a function of a name and a FileError', value);
};

const SCHEMA: Schema<Omit<NpzOptions, 'names'> & { names?: string[] }> = {
  names: optional(list(text, 'an array of names', ALL16)),
  skip: optional(callback),
  signal,
};

/**
 * Reads a file of `numpy.savez` or `numpy.savez_compressed`, with the arrays of {@link readNpy}. Other
 * files in it are left out.
 * @returns the arrays by their names
 * @throws {FileError} if the file is damaged, has no array, or one that {@link readNpy} refuses
 * @throws {OptionError} if `source` has no bytes, or `names` has the name of no array
 */
export async function readNpz(
  source: ByteSource,
  options: NpzOptions = {},
): Promise<{ [name: string]: NpyArray }> {
  const { names, skip, signal: ended } = readOptions(options, SCHEMA);
  const file = await randomAccess(source, 'source', ended);
  const all = (await zipEntries(file)).filter(({ name }) => name.endsWith(EXTENSION));
  const entries = names ? chosen(all, names) : all;
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  const most = mostUnpacked(file.size);
  if (unpacked > most) throw tooLarge(file.what, most, unpacked);
  const arrays = new Map<string, NpyArray>();
  for (const entry of entries) {
    ended?.throwIfAborted();
    const name = nameOf(entry);
    if (arrays.has(name))
      throw new FileError(file.what, 'a name for each array', name, {}, `two of '${name}'`);
    try {
      arrays.set(name, await arrayOf(file, entry));
    } catch (error) {
      if (!(skip && error instanceof UnreadableArray)) throw error;
      skip(name, error);
    }
  }
  if (arrays.size > 0) return Object.fromEntries(arrays);
  throw new FileError(
    file.what,
    'arrays of numpy.savez',
    undefined,
    {},
    'a zip file without any that can be read',
  );
}

async function arrayOf(file: RandomAccess, entry: ZipEntry): Promise<NpyArray> {
  const pieces = unpackedEntry(file, entry);
  try {
    const reader = new ByteReader(`${file.what}, ${entry.name}`, pieces, () => ({ length: entry.size }));
    const array = await readArray(reader);
    await reader.end();
    return array;
  } finally {
    void pieces.return(undefined);
  }
}

function chosen(entries: readonly ZipEntry[], names: readonly string[]): ZipEntry[] {
  const found = entries.map(nameOf);
  const absent = names.findIndex((name) => !found.includes(name));
  if (absent < 0) return entries.filter((entry) => names.includes(nameOf(entry)));
  throw new OptionError(`names[${absent}]`, oneOfThe(found), names[absent]);
}

/** Names for a message, not all of very many. */
function oneOfThe(names: readonly string[]): string {
  const few = names.slice(0, 20).map((name) => `'${name}'`);
  return `one of the arrays ${few.join(', ')}${names.length > few.length ? ', …' : ''}`;
}

const nameOf = ({ name }: ZipEntry) => name.slice(0, -EXTENSION.length);
