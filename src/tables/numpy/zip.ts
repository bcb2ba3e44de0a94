import { FileError } from '../../errors.ts';
import { inflated } from '../inflate.ts';
import type { RandomAccess } from '../random-access.ts';
import { checksum } from './checksum.ts';
import { ALL16, ALL32, CENTRAL, END, END64, LOCAL, LOCATOR64 } from './zip-records.ts';

/** A file in a zip file, as the directory at the end of the zip file describes it. */
export interface ZipEntry {
  name: string;
  /** The bytes when unpacked. */
  size: number;
  packedSize: number;
  /** Where its record begins, after which its bytes lie, and where the next one begins. */
  start: number;
  end: number;
  method: number;
  encrypted: boolean;
  checksum: number;
}

/** The header of the extra field with values of 64 bits. */
const EXTRA64 = 1;
const STORED = 0;
const DEFLATED = 8;
const OTHERS: { [method: number]: string } = {
  9: 'deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
};
const LONGEST_COMMENT = ALL16;
/** No file of arrays has more; memory for its directory is refused. */
const MOST = { entries: ALL16, bytes: 2 ** 25 };
const ADVICE = 'Copy the file anew, or write it with numpy.savez.';

/**
 * Reads the directory of a zip file.
 * @throws {FileError} if it is damaged, or larger than a file of arrays has
 */
export async function zipEntries(file: RandomAccess): Promise<ZipEntry[]> {
  const { start, size, count } = await directoryOf(file);
  if (count > MOST.entries || size > MOST.bytes) {
    const expected = `at most ${MOST.entries} files in ${MOST.bytes} bytes of directory`;
    throw new FileError(file.what, expected, count, {}, `${count} in ${size} bytes`);
  }
  const view = viewOf(await file.read(start, start + size));
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL.length > size || view.getUint32(at, true) !== CENTRAL.signature)
      throw damaged(file.what);
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const length = CENTRAL.length + name + extra + comment;
    if (at + length > size) throw damaged(file.what);
    entries.push(entryOf(file.what, new DataView(view.buffer, view.byteOffset + at, length)));
    at += length;
  }
  if (at !== size) throw damaged(file.what);
  const inOrder = entries.toSorted((a, b) => a.start - b.start);
  inOrder.forEach((entry, i) => {
    entry.end = inOrder[i + 1]?.start ?? start;
  });
  return entries;
}

/**
 * The bytes of an entry.
 * @throws {FileError} from the loop, if they are not those of which the directory tells
 */
export async function* unpackedEntry(file: RandomAccess, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const { size, packedSize, method } = entry;
  const what = `${file.what}, ${entry.name}`;
  if (entry.encrypted || (method !== STORED && method !== DEFLATED)) {
    const got = entry.encrypted ? 'one with a password' : `method ${method} (${OTHERS[method] ?? 'unknown'})`;
    throw new FileError(what, 'a file that is stored or deflated', method, {}, got, ADVICE);
  }
  const local = viewOf(await part(file, entry.start, LOCAL.length));
  if (local.getUint32(0, true) !== LOCAL.signature) throw damaged(what);
  const start = entry.start + LOCAL.length + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + packedSize > entry.end || (method === STORED && size !== packedSize)) throw damaged(what);
  const packed = one(await part(file, start, packedSize));
  let [bytes, sum] = [0, 0];
  for await (const piece of method === STORED ? packed : inflated(packed, 'deflate-raw', what)) {
    bytes += piece.length;
    if (bytes > size) throw damaged(what);
    sum = checksum(piece, sum);
    yield piece;
  }
  if (bytes !== size || sum !== entry.checksum) throw damaged(what);
}

interface Directory {
  start: number;
  size: number;
  count: number;
}

/** Finds the directory, from the record at the end of the file. */
async function directoryOf(file: RandomAccess): Promise<Directory> {
  const first = Math.max(0, file.size - END.length - LONGEST_COMMENT);
  const tail = viewOf(await part(file, first, file.size - first));
  let at = tail.byteLength - END.length;
  // Only the comment comes after the record.
  const isEnd = () =>
    tail.getUint32(at, true) === END.signature &&
    tail.getUint16(at + 20, true) === tail.byteLength - at - END.length;
  while (at >= 0 && !isEnd()) at--;
  if (at < 0)
    throw new FileError(
      file.what,
      'a whole zip file',
      undefined,
      {},
      'another file, or a part of one',
      ADVICE,
    );
  const directory = (await directory64(file, first + at)) ?? {
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    start: tail.getUint32(at + 16, true),
  };
  if (directory.start + directory.size > first + at) throw damaged(file.what);
  return directory;
}

/** The directory of a file with the records of 64 bits. @param end where the last record begins */
async function directory64(file: RandomAccess, end: number): Promise<Directory | undefined> {
  const place = end - LOCATOR64.length;
  if (place < 0) return undefined;
  const locator = viewOf(await part(file, place, LOCATOR64.length));
  if (locator.getUint32(0, true) !== LOCATOR64.signature) return undefined;
  const record = viewOf(await part(file, wide(locator, 8, file.what), END64.length));
  if (record.getUint32(0, true) !== END64.signature) throw damaged(file.what);
  const [count, size, start] = [32, 40, 48].map((field) => wide(record, field, file.what));
  return { count, size, start };
}

function entryOf(what: string, record: DataView): ZipEntry {
  const [nameLength, extraLength] = [record.getUint16(28, true), record.getUint16(30, true)];
  const nameBytes = new Uint8Array(record.buffer, record.byteOffset + CENTRAL.length, nameLength);
  const extra = extra64(record, CENTRAL.length + nameLength, extraLength);
  let next = 0;
  const [size, packedSize, start] = [24, 20, 42].map((field) => {
    const value = record.getUint32(field, true);
    if (value !== ALL32 || !extra) return value;
    if (next + 8 > extra.byteLength) throw damaged(what);
    next += 8;
    return wide(extra, next - 8, what);
  });
  return {
    name: new TextDecoder().decode(nameBytes),
    size,
    packedSize,
    start,
    end: start,
    method: record.getUint16(10, true),
    encrypted: (record.getUint16(8, true) & 1) !== 0,
    checksum: record.getUint32(16, true),
  };
}

/** The extra field with the values for which 32 bits are too few. */
function extra64(record: DataView, from: number, length: number): DataView | undefined {
  for (let at = from; at + 4 <= from + length; ) {
    const [header, size] = [record.getUint16(at, true), record.getUint16(at + 2, true)];
    if (header === EXTRA64 && at + 4 + size <= from + length)
      return new DataView(record.buffer, record.byteOffset + at + 4, size);
    at += 4 + size;
  }
  return undefined;
}

/** A number of 64 bits. */
function wide(view: DataView, at: number, what: string): number {
  const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  if (!Number.isSafeInteger(value)) throw damaged(what);
  return value;
}

async function part(file: RandomAccess, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  if (start + length > file.size) throw damaged(file.what);
  return file.read(start, start + length);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const damaged = (what: string) =>
  new FileError(what, 'a zip file whose parts agree', undefined, {}, 'one that is damaged', ADVICE);
