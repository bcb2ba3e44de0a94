import { FileError } from '../errors.ts';
import { inflated } from './inflate.ts';
import { joined } from './pieces.ts';

/** Bytes of a packed file. */
interface Part {
  bytes: Uint8Array;
  /** What the four bytes before say, if the next ones may begin another member: its length modulo 2³². */
  length?: number;
}

/** The bytes before and after a place that show whether a member may end there: its length, and a header. */
const BEFORE = 4;
const HEADER = 4;
const NONE = new Uint8Array();
/** Each member takes a stream of its own, so that more of them than this must hold so many bytes on average. */
const MANY = { members: 1000, bytes: 2 ** 14 };

/**
 * Unpacks gzip while it is read, also a file of several members, as `bgzip`, `cat` and writers of logs make
 * them: the streams of browsers end at the first one. A member ends where a header follows and the four bytes
 * before are the number of bytes that were unpacked.
 * @param what the file in words, for errors
 * @throws {FileError} from the loop, if the bytes are damaged or end early, or are very many small members
 * Source: RFC 1952, sections 2.2 and 2.3.1.
 */
export async function* gunzipped(
  packed: AsyncGenerator<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  const parts = partsOf(packed);
  let next = await parts.next();
  let [unpacked, total] = [0, 0];
  async function* member(): AsyncGenerator<Uint8Array> {
    for (; !next.done; next = await parts.next()) {
      const { bytes, length } = next.value;
      yield bytes;
      if (length === undefined) continue;
      // A stream takes this only once all that it has unpacked has been read, and so counted.
      yield NONE;
      if (unpacked % 2 ** 32 !== length) continue;
      next = await parts.next();
      return;
    }
  }
  try {
    for (let members = 1; members === 1 || !next.done; members++) {
      if (members > MANY.members && total < members * MANY.bytes) throw tooMany(what, members, total);
      unpacked = 0;
      for await (const piece of inflated(member(), 'gzip', what)) {
        unpacked += piece.length;
        yield piece;
      }
      total += unpacked;
    }
  } finally {
    // A source that hangs does not end.
    void parts.return(undefined);
  }
}

function tooMany(what: string, members: number, total: number): FileError {
  const expected = `at most ${MANY.members} members of gzip, or ${MANY.bytes} bytes in each of them`;
  return new FileError(what, expected, members, {}, `${members} in ${total} bytes`, 'Unpack it first.');
}

/** The bytes of a file, cut before all that looks like a member's header, but the first one. */
async function* partsOf(packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Part> {
  let rest: Uint8Array = NONE;
  for await (const piece of packed) {
    const bytes = joined([rest, piece]);
    const view = new DataView(bytes.buffer);
    let start = 0;
    for (let at = bytes.indexOf(0x1f, BEFORE); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
      if (!isHeader(bytes, at)) continue;
      yield { bytes: bytes.subarray(start, at), length: view.getUint32(at - BEFORE, true) };
      start = at;
    }
    // Here a member may end whose next header has not come as a whole.
    const end = Math.max(start, bytes.length - BEFORE - HEADER + 1);
    yield { bytes: bytes.subarray(start, end) };
    rest = bytes.subarray(end);
  }
  yield { bytes: rest };
}

/** Whether a header may begin here: the mark of gzip, the method, and flags of which three are always 0. */
const isHeader = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && bytes[at + 3] < 0x20;
