import { isObject } from '../checks/schema.ts';
import { Bytes } from './source.ts';

/** A file that is read at any place. */
export interface RandomAccess {
  /** The file in words, for errors. */
  what: string;
  size: number;
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens a source at any place: of a Blob parts are read, of other sources all is kept. */
export async function randomAccess(
  source: unknown,
  option: string,
  signal?: AbortSignal,
): Promise<RandomAccess> {
  const bytes = new Bytes(source, option, signal);
  const { what } = bytes;
  if (isObject(source) && typeof source.slice === 'function' && typeof source.stream === 'function') {
    const blob = source as unknown as Blob;
    const read = async (start: number, end: number) =>
      new Uint8Array(await blob.slice(start, end).arrayBuffer());
    return { what, size: blob.size, read };
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes.pieces()) {
    parts.push(piece);
    size += piece.length;
  }
  const all = new Uint8Array(size);
  let end = 0;
  for (const piece of parts) {
    all.set(piece, end);
    end += piece.length;
  }
  return { what, size, read: async (start, end) => all.subarray(start, end) };
}
