import { FileError } from '../errors.ts';

/** A stream unpacks each piece as a whole, to a thousand times as many bytes at most. */
const PIECE = 2 ** 14;

/**
 * Unpacks bytes while they are read. A loop that ends early ends the reading.
 * @param packed an empty piece is taken once all that was unpacked has been read, in browsers
 * @param what the file in words, for errors
 * @throws {FileError} from the loop, if the bytes are damaged or end early
 */
export async function* inflated(
  packed: AsyncGenerator<Uint8Array>,
  format: 'gzip' | 'deflate-raw',
  what: string,
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream(format);
  const reader: ReadableStreamDefaultReader<Uint8Array> = readable.getReader();
  const writer = writable.getWriter();
  /** An error of reading the packed bytes, which is none of the format. */
  let failure: { error: unknown } | undefined;
  async function feed(): Promise<void> {
    try {
      for await (const chunk of packed) {
        let start = 0;
        do {
          const piece = chunk.subarray(start, start + PIECE) as Uint8Array<ArrayBuffer>;
          if (!(await succeeds(writer.write(piece)))) return;
          start += PIECE;
        } while (start < chunk.length);
      }
      await succeeds(writer.close());
    } catch (error) {
      failure = { error };
      await succeeds(writer.abort(error));
    }
  }
  const fed = feed();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    await fed;
    if (failure) throw failure.error;
    const got = `bytes that do not unpack (${error instanceof Error ? error.message : error})`;
    throw new FileError(what, `whole ${NAMES[format]}`, error, {}, got, 'Copy the file anew.');
  } finally {
    // A source that hangs or has failed does not end either.
    void succeeds(reader.cancel());
  }
}

const NAMES = { gzip: 'gzip', 'deflate-raw': 'deflate' };

/** Whether a stream did what was asked; where it did not, its reader has the error. */
const succeeds = (promise: Promise<unknown>) =>
  promise.then(
    () => true,
    () => false,
  );
