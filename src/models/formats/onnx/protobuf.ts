import { FileError } from '../../../errors.ts';
import { lengthOf, type Pieces } from '../../../tables/pieces.ts';

/*
 * The part of Protocol Buffers that ONNX needs: messages of numbered fields, each a varint, 4 or 8
 * bytes, or bytes with their length before them (https://protobuf.dev/programming-guides/encoding).
 */

const VARINT = 0;
const BYTES = 2;
/** The bytes of the kinds of fixed length; there are no others. */
const LENGTHS: { [kind: number]: number | undefined } = { 1: 8, 5: 4 };

/** Of a varint of 64 bits, with 7 bits each. */
const MOST_GROUPS = 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Splits into groups of 7 bits, the lowest first; the highest bit of a byte says that more follow. */
function varint(value: number): number[] {
  const groups: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) groups.push((value % 128) | 128);
  return [...groups, value];
}

const key = (field: number, kind: number) => varint(field * 8 + kind);

/** A whole number from 0. */
export function number(field: number, value: number): Pieces {
  return [Uint8Array.from([...key(field, VARINT), ...varint(value)])];
}

export function bytes(field: number, content: Uint8Array): Pieces {
  return message(field, [content]);
}

export function text(field: number, content: string): Pieces {
  return bytes(field, encoder.encode(content));
}

/** A message within a message. */
export function message(field: number, ...parts: Pieces[]): Pieces {
  const pieces = parts.flat();
  return [Uint8Array.from([...key(field, BYTES), ...varint(lengthOf(pieces))]), ...pieces];
}

/** The subject of every message about a file. */
export const WHAT = 'The ONNX model';
/** More fields than the message of any network has. */
const MOST_FIELDS = 2 ** 16;

/**
 * A message that was read. Its fields are found when it is made, but what they hold is looked at when it is
 * asked for, so that nothing in a file makes more work than its length.
 */
export class Message {
  readonly #fields = new Map<number, (number | Uint8Array)[]>();

  /**
   * @param bytes of this message alone
   * @throws {FileError} if they are no message
   */
  constructor(bytes: Uint8Array) {
    let at = 0;
    const refuse = (): never => {
      const advice = 'The file is damaged or of another kind.';
      throw new FileError(WHAT, 'messages of Protocol Buffers', bytes, {}, 'other bytes', advice);
    };
    const next = (): number => {
      let value = 0;
      for (let i = 0; i < MOST_GROUPS && at < bytes.length; i++) {
        const byte = bytes[at++];
        value += (byte & 127) * 128 ** i;
        if (byte < 128) return value;
      }
      return refuse();
    };
    const take = (length = Number.POSITIVE_INFINITY): Uint8Array => {
      if (length > bytes.length - at) refuse();
      at += length;
      return bytes.subarray(at - length, at);
    };
    for (let count = 0; at < bytes.length; count++) {
      const key = next();
      const [field, kind] = [Math.floor(key / 8), key % 8];
      const value = kind === VARINT ? next() : take(kind === BYTES ? next() : LENGTHS[kind]);
      if (count === MOST_FIELDS) refuse();
      const values = this.#fields.get(field) ?? [];
      values.push(value);
      this.#fields.set(field, values);
    }
  }

  /** The whole numbers of a field. */
  numbers(field: number): number[] {
    return this.#values(field).filter((value) => typeof value === 'number');
  }

  /** The bytes of a field, each time that it comes. */
  list(field: number): Uint8Array[] {
    return this.#values(field).filter((value) => typeof value !== 'number');
  }

  texts(field: number): string[] {
    return this.list(field).map((bytes) => decoder.decode(bytes));
  }

  /** The first text of a field, '' without one. */
  text(field: number): string {
    return this.texts(field)[0] ?? '';
  }

  messages(field: number): Message[] {
    return this.list(field).map((bytes) => new Message(bytes));
  }

  /** The first message of a field, an empty one without one. */
  message(field: number): Message {
    return this.messages(field)[0] ?? new Message(new Uint8Array());
  }

  #values(field: number): (number | Uint8Array)[] {
    return this.#fields.get(field) ?? [];
  }
}
