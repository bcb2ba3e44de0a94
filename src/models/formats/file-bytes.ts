import { FileError, OptionError } from '../../errors.ts';

/** The bytes of a file that a program gives; those that threads share are copied, as browsers decode no text in them. */
export async function bytesOf(given: unknown): Promise<Uint8Array> {
  if (given instanceof Blob) return new Uint8Array(await given.arrayBuffer());
  const bytes = viewOf(given);
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}

function viewOf(given: unknown): Uint8Array {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (isBuffer(given)) return new Uint8Array(given);
  throw new OptionError('bytes', 'the bytes of a file: a Uint8Array, an ArrayBuffer or a Blob', given);
}

function isBuffer(given: unknown): given is ArrayBuffer {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));
}

/** The first bytes of an unknown file in words. */
export function startOf(file: Uint8Array): string {
  if (file.length === 0) return 'an empty file';
  const text = new TextDecoder().decode(file.subarray(0, 24));
  return `${file.length} bytes that begin with ${JSON.stringify(text)}`;
}

/** @param what what the bytes are; it begins a message */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(what, 'text in UTF-8', bytes, {}, 'other bytes');
  }
}

export const utf8 = (text: string) => new TextEncoder().encode(text);
