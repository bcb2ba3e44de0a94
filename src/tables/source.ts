import { untilAborted } from '../abort.ts';
import { isObject } from '../checks/schema.ts';
import { FileError, OptionError } from '../errors.ts';
import { ByteReader, tooLarge } from './byte-reader.ts';
import { gunzipped } from './gunzip.ts';

/** Where the bytes of a file come from. A stream or a response is used up. */
export type ByteSource = Blob | Response | ReadableStream<Uint8Array> | Uint8Array | ArrayBuffer;

/** Pieces of at most this many bytes leave room for other tasks between them. */
const PIECE = 2 ** 17;
/** A packed file may hold the larger of a number of bytes and a multiple of its own. */
const UNSUSPICIOUS = { bytes: 2 ** 28, ratio: 200 };

/** The most bytes that a packed file may hold. */
export const mostUnpacked = (packed: number): number =>
  Math.max(UNSUSPICIOUS.bytes, UNSUSPICIOUS.ratio * packed);

/** The bytes of a source, in pieces; those of a gzip file unpacked. */
export class Bytes {
  /** The size of the source; undefined where it is unknown, as of a stream. */
  readonly total: number | undefined;
  /** The name of a file; undefined for other sources. */
  readonly name: string | undefined;
  /** What came from the source so far; of a gzip file before it is unpacked. */
  taken = 0;
  readonly #pieces: AsyncGenerator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  /** Whether the first bytes were those of gzip. */
  #packed = false;

  /**
   * @param option the name of the argument, for errors
   * @throws {OptionError} if `source` has no bytes
   * @throws {FileError} if a response tells of an error
   */
  constructor(source: unknown, option = 'source', signal?: AbortSignal) {
    this.#signal = signal;
    if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
      const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
      this.total = bytes.length;
      this.#pieces = this.#counted(cut(bytes));
      return;
    }
    const { stream, total, name } = opened(source, option);
    this.total = total;
    this.name = name;
    this.#pieces = this.#counted(piecesOf(stream, option, signal));
  }

  /** The source in words, for errors. */
  get what(): string {
    return this.name ?? 'The file';
  }

  /**
   * The pieces, none of them empty. An end of the loop ends the source, too.
   * @throws {FileError} if the file is a broken gzip file, or one that unpacks to far too much
   * @throws the signal's reason after an abort
   */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const source = this.#pieces;
    let head: Uint8Array = new Uint8Array();
    try {
      while (head.length < 3) {
        const { done, value } = await source.next();
        if (done) break;
        head = head.length === 0 ? value : joined(head, value);
      }
      const whole = prepended(head, source);
      this.#packed = head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
      yield* this.#packed ? this.#unpacked(whole) : whole;
    } finally {
      await source.return(undefined);
    }
  }

  async *#counted(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.taken += piece.length;
      yield piece;
    }
  }

  /**
   * Reads the whole file with a reader of known lengths.
   * @throws {FileError} if `read` leaves something of the file
   */
  async read<T>(read: (reader: ByteReader) => Promise<T>): Promise<T> {
    const pieces = this.pieces();
    try {
      const reader = new ByteReader(this.what, pieces, () =>
        this.#packed
          ? { most: this.total === undefined ? undefined : mostUnpacked(this.total) }
          : { length: this.total },
      );
      const result = await read(reader);
      await reader.end();
      return result;
    } finally {
      void pieces.return(undefined);
    }
  }

  async *#unpacked(packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const piece of gunzipped(packed, this.what)) {
      this.#signal?.throwIfAborted();
      size += piece.length;
      const most = mostUnpacked(this.total ?? this.taken);
      if (size > most) throw tooLarge(this.what, most, size);
      yield piece;
    }
  }
}

/** The stream of a source that has one. */
function opened(
  source: unknown,
  option: string,
): { stream: ReadableStream<Uint8Array>; total?: number; name?: string } {
  if (isObject(source)) {
    // Values of another realm, such as a frame's, are no instances of this one's classes.
    if (source instanceof ReadableStream || typeof source.getReader === 'function')
      return { stream: usable(source as unknown as ReadableStream<Uint8Array>, option) };
    if (source instanceof Response || ('body' in source && typeof source.ok === 'boolean')) {
      const response = source as unknown as Response;
      if (!response.ok) {
        const got = `the answer ${response.status} ${response.statusText}`.trim();
        const advice = 'Check the address of the request.';
        throw new FileError(response.url || 'The response', 'a file', response.status, {}, got, advice);
      }
      const stream = response.body ?? new ReadableStream({ start: (controller) => controller.close() });
      return { stream: usable(stream, option) };
    }
    if (source instanceof Blob || (typeof source.stream === 'function' && typeof source.size === 'number')) {
      const blob = source as unknown as File;
      return { stream: blob.stream(), total: blob.size, name: blob.name };
    }
  }
  const expected = 'a Blob (such as a File), a Response, a ReadableStream, a Uint8Array or an ArrayBuffer';
  throw new OptionError(option, expected, source);
}

function usable(stream: ReadableStream<Uint8Array>, option: string): ReadableStream<Uint8Array> {
  if (!stream.locked) return stream;
  throw new OptionError(option, 'a stream that nobody else reads', stream, 'one that is locked');
}

async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  option: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) return;
      if (!(value instanceof Uint8Array)) throw new OptionError(option, 'a stream of Uint8Arrays', value);
      yield* cut(value);
    }
  } finally {
    // A stream that hangs or has failed does not end either.
    reader.cancel().catch(() => {});
  }
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE);
}

async function* prepended(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
