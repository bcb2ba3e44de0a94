/*
 * Notes in safetensors files: texts in the metadata of the header, which other programs pass over.
 * https://huggingface.co/docs/safetensors: the length of the header in 8 bytes, the header as JSON, padded
 * with spaces to a multiple of 8, then all numbers.
 */

const PREFIX = 8;
const METADATA = '__metadata__';

/** The note with the settings of the page, as a link has them. */
export const PAGE_NOTE = 'page';

/** The file with a note more. @param file as the library writes it */
export function withNote(file: Uint8Array, name: string, text: string): Uint8Array<ArrayBuffer> {
  const header = headerOf(file);
  header[METADATA] = { ...header[METADATA], [name]: text };
  const written = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(written.length / PREFIX) * PREFIX;
  const numbers = file.subarray(PREFIX + lengthOf(file));
  const noted = new Uint8Array(PREFIX + length + numbers.length).fill(0x20, 0, PREFIX + length);
  new DataView(noted.buffer).setBigUint64(0, BigInt(length), true);
  noted.set(written, PREFIX);
  noted.set(numbers, PREFIX + length);
  return noted;
}

/** A note of a file that the library has read; undefined if there is none. */
export function noteIn(file: Uint8Array, name: string): string | undefined {
  const note = headerOf(file)[METADATA]?.[name];
  return typeof note === 'string' ? note : undefined;
}

const lengthOf = ({ buffer, byteOffset }: Uint8Array): number =>
  Number(new DataView(buffer, byteOffset).getBigUint64(0, true));

function headerOf(file: Uint8Array): { [METADATA]?: Record<string, unknown> } {
  return JSON.parse(new TextDecoder().decode(file.subarray(PREFIX, PREFIX + lengthOf(file))));
}
