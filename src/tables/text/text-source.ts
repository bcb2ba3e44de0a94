import { nextTask } from '../../delay.ts';
import { OptionError } from '../../errors.ts';
import { joined, lengthOf } from '../pieces.ts';
import { type ByteSource, Bytes } from '../source.ts';
import type { Notes } from '../table.ts';
import { Decoding, HEAD } from './decoding.ts';
import { refuseForeign } from './foreign.ts';

/** How far the reading of a file has come. */
export interface ReadProgress {
  /** Bytes that came from the source so far: of a gzip file before unpacking, of a string characters. */
  bytes: number;
  /** All of them, if that is known. */
  total?: number;
  /** Rows of the table so far. */
  rows: number;
}

interface TextOptions {
  encoding?: string | undefined;
  signal?: AbortSignal | undefined;
  progress?: ((progress: ReadProgress) => void) | undefined;
}

/** A text that is a name or an address of a file. */
const FILE_NAME = /^\s*[^\s,;|]{1,500}\.(?:csv|tsv|tab|txt|json|gz)\s*$/i;
/** Characters of a piece of a string. */
const PIECE = 2 ** 17;
/** Milliseconds of work between two tasks of the event loop, and between two calls of `progress`. */
const SLICE = 25;
const PROGRESS = 50;

/** The characters of a source, in pieces, between which other tasks run. */
export class TextSource {
  /** The source in words, for errors. */
  readonly what: string;
  /** The encoding of the bytes; undefined for a string, and before the first piece. */
  encoding: string | undefined;
  readonly #source: string | Bytes;
  readonly #options: TextOptions;
  readonly #notes: Notes;
  readonly #expected: string;
  #taken = 0;
  #paused = performance.now();

  /**
   * @param expected what the file should be, for errors
   * @throws {OptionError} if the source has no bytes, or is the name of a file
   */
  constructor(source: string | ByteSource, options: TextOptions, notes: Notes, expected: string) {
    options.signal?.throwIfAborted();
    if (typeof source === 'string' && FILE_NAME.test(source)) {
      const expected = 'the text of a file, not its name: give a File, its bytes or `await fetch(address)`';
      throw new OptionError('source', expected, source);
    }
    this.#source = typeof source === 'string' ? source : new Bytes(source, 'source', options.signal);
    this.what = typeof this.#source === 'string' ? 'The text' : this.#source.what;
    this.#options = options;
    this.#notes = notes;
    this.#expected = expected;
  }

  /**
   * The pieces, and reports of progress.
   * @param rows the rows that have been read
   * @throws {FileError} if the file is no text
   * @throws the signal's reason after an abort
   */
  async *pieces(rows: () => number): AsyncGenerator<string> {
    let reported = performance.now();
    for await (const piece of typeof this.#source === 'string'
      ? slices(this.#source)
      : this.#decoded(this.#source)) {
      this.#taken += piece.length;
      yield piece;
      if (performance.now() - reported >= PROGRESS) {
        this.report(rows());
        reported = performance.now();
      }
      await this.pause();
    }
  }

  /** Lets other tasks run, if they had to wait for some time. @throws the signal's reason after an abort */
  async pause(): Promise<void> {
    if (performance.now() - this.#paused >= SLICE) {
      await nextTask();
      this.#paused = performance.now();
    }
    this.#options.signal?.throwIfAborted();
  }

  /** Reports the progress to the caller. */
  report(rows: number): void {
    const isText = typeof this.#source === 'string';
    const { bytes, total } = isText
      ? { bytes: this.#taken, total: (this.#source as string).length }
      : { bytes: (this.#source as Bytes).taken, total: (this.#source as Bytes).total };
    this.#options.progress?.({ bytes, ...(total !== undefined && { total }), rows });
  }

  async *#decoded(bytes: Bytes): AsyncGenerator<string> {
    const head: Uint8Array[] = [];
    let decoding: Decoding | undefined;
    for await (const piece of bytes.pieces()) {
      if (decoding) {
        yield decoding.decode(piece, false);
        continue;
      }
      head.push(piece);
      if (lengthOf(head) < HEAD) continue;
      decoding = this.#start(head);
      yield decoding.decode(joined(head), false);
    }
    if (!decoding) {
      decoding = this.#start(head);
      yield decoding.decode(joined(head), false);
    }
    yield decoding.decode(new Uint8Array(), true);
    this.encoding = decoding.encoding;
  }

  #start(head: readonly Uint8Array[]): Decoding {
    const first = joined(head);
    refuseForeign(first, this.what, this.#expected);
    return new Decoding(first, this.#options.encoding, this.#notes);
  }
}

function* slices(text: string): Generator<string> {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  for (let i = start; i < text.length; i += PIECE) yield text.slice(i, i + PIECE);
}
