import { FileError } from '../errors.ts';
import { allocatingArrays } from '../limits.ts';

/** What is certain of the bytes that will come. */
export interface Expected {
  /** How many they are. */
  length?: number;
  /** The most that are allowed. */
  most?: number;
}

/** Memory for what a file only says that it has grows with what comes, from this size on. */
const FIRST = 2 ** 20;

/** Reads a file from its start, in parts of known lengths. */
export class ByteReader {
  /** The file in words, for errors. */
  readonly what: string;
  /** How many bytes have been taken. */
  position = 0;
  readonly #pieces: AsyncGenerator<Uint8Array>;
  readonly #expected: () => Expected;
  #piece: Uint8Array = new Uint8Array();

  /** @param expected is asked when the first bytes have come */
  constructor(what: string, pieces: AsyncGenerator<Uint8Array>, expected: () => Expected) {
    this.what = what;
    this.#pieces = pieces;
    this.#expected = expected;
  }

  /**
   * The next bytes, in memory of their own.
   * @param part what they are, in words
   * @throws {FileError} if the file has fewer, as early as that is certain
   */
  async take(count: number, part: string): Promise<Uint8Array<ArrayBuffer>> {
    await this.#more();
    this.#refuse(count, part);
    const known = this.#expected().length !== undefined;
    let bytes = this.#allocate(known ? count : Math.min(count, FIRST));
    for (let filled = 0; filled < count; ) {
      if (!(await this.#more())) throw this.#tooShort(count, filled, part);
      if (filled === bytes.length) {
        const larger = this.#allocate(Math.min(count, 2 * bytes.length));
        larger.set(bytes);
        bytes = larger;
      }
      const piece = this.#piece.subarray(0, bytes.length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      this.#piece = this.#piece.subarray(piece.length);
    }
    this.position += count;
    return bytes;
  }

  /** @throws {FileError} if the file goes on */
  async end(): Promise<void> {
    if (!(await this.#more())) return;
    const { length } = this.#expected();
    const got = length === undefined ? 'more' : `${length}`;
    throw new FileError(this.what, `${this.position} bytes, as its header says`, length, {}, got);
  }

  /** Whether there are bytes to take; waits for the next piece. */
  async #more(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.#piece = value;
    }
    return true;
  }

  /** Refuses a part that cannot come, before there is memory for it. */
  #refuse(count: number, part: string): void {
    const { length, most } = this.#expected();
    const end = this.position + count;
    if (length !== undefined && end > length) throw this.#tooShort(count, length - this.position, part);
    if (most !== undefined && end > most) throw tooLarge(this.what, most, end);
  }

  #tooShort(count: number, bytes: number, part: string): FileError {
    const advice = 'Copy the file anew.';
    return new FileError(this.what, `${count} bytes of ${part}`, bytes, {}, `${bytes}`, advice);
  }

  #allocate(length: number): Uint8Array<ArrayBuffer> {
    return allocatingArrays(this.what, () => new Uint8Array(length));
  }
}

/** The error of a packed file that holds too much. @param bytes how much, if that is known */
export function tooLarge(what: string, most: number, bytes: number): FileError {
  const got = `${bytes}`;
  return new FileError(
    what,
    `at most ${most} bytes from a packed file of its size`,
    bytes,
    {},
    got,
    'Unpack it first.',
  );
}
