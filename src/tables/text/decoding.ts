import { OptionError } from '../../errors.ts';
import type { Notes } from '../table.ts';

/** The bytes from which the encoding is found out. */
export const HEAD = 4096;

/** Encodings of files that are no Unicode: of Korean, as Excel writes CSV there, and of Western Europe. */
const KOREAN = 'euc-kr';
const WESTERN = 'windows-1252';
const BOM = '\ufeff';

/** Turns the bytes of a text into characters, piece by piece. */
export class Decoding {
  readonly #notes: Notes;
  #encoding: string;
  #decoder: TextDecoder;
  /** The beginning of a character of UTF-8 at the end of the last piece. */
  #pending = new Uint8Array();
  /** UTF-8 is certain, as a character of several bytes has been read. */
  #certain: boolean;
  #first = true;

  /**
   * @param head the first bytes: all, or at least {@link HEAD}
   * @param given the encoding, if it is known
   * @throws {OptionError} if the encoding is unknown
   */
  constructor(head: Uint8Array, given: string | undefined, notes: Notes) {
    this.#notes = notes;
    this.#certain = given !== undefined;
    try {
      this.#encoding = given === undefined ? guessEncoding(head) : new TextDecoder(given).encoding;
    } catch {
      throw new OptionError('encoding', "a name that TextDecoder knows, such as 'utf-8'", given);
    }
    const fatal = this.#encoding === 'utf-8';
    this.#decoder = new TextDecoder(this.#encoding, { fatal, ignoreBOM: true });
  }

  get encoding(): string {
    return this.#encoding;
  }

  /** @param last whether no bytes follow */
  decode(bytes: Uint8Array, last: boolean): string {
    const text = this.#encoding === 'utf-8' ? this.#utf8(bytes, last) : this.#other(bytes, last);
    if (!this.#first || text === '') return text;
    this.#first = false;
    return text.startsWith(BOM) ? text.slice(1) : text;
  }

  #other(bytes: Uint8Array, last: boolean): string {
    return this.#decoder.decode(bytes, { stream: !last });
  }

  #utf8(given: Uint8Array, last: boolean): string {
    let bytes = given;
    if (this.#pending.length > 0) {
      bytes = new Uint8Array(this.#pending.length + given.length);
      bytes.set(this.#pending);
      bytes.set(given, this.#pending.length);
    }
    const end = last ? bytes.length : wholeCharacters(bytes);
    this.#pending = bytes.slice(end);
    const whole = bytes.subarray(0, end);
    try {
      const text = this.#decoder.decode(whole);
      if (text.length < whole.length) this.#certain = true;
      return text;
    } catch {
      return this.#broken(whole, last);
    }
  }

  /** Bytes that are no UTF-8: those of another encoding, or broken ones. */
  #broken(bytes: Uint8Array, last: boolean): string {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    if (this.#certain || count(/[^\0-\x7f\ufffd]/g) >= count(/\ufffd/g)) {
      this.#certain = true;
      this.#notes.add('broken-text');
      return text;
    }
    this.#encoding = isKorean(bytes) ? KOREAN : WESTERN;
    this.#decoder = new TextDecoder(this.#encoding);
    this.#notes.add('encoding', undefined, { value: this.#encoding });
    const pending = this.#pending;
    return this.#other(bytes, false) + this.#other(pending, last);
  }
}

/** Whether bytes are characters of Korean, nearly all of them Hangul: Western texts are hardly ever so. */
function isKorean(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder(KOREAN, { fatal: true }).decode(bytes, { stream: true });
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    return count(/[\uac00-\ud7a3]/g) > 0.9 * count(/[^\0-\x7f]/g);
  } catch {
    return false;
  }
}

/** The bytes up to the end of the last whole character. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** UTF-16 by its mark, or by the zeros of Latin letters; else UTF-8. */
function guessEncoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const length = Math.min(HEAD, head.length - (head.length % 2));
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i % 2]++;
  const [high, low] = zeros.map((count) => (2 * count) / length);
  if (low > 0.4 && high < 0.1) return 'utf-16le';
  if (high > 0.4 && low < 0.1) return 'utf-16be';
  return 'utf-8';
}
