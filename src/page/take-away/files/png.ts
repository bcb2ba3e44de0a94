const SIGNATURE_LENGTH = 8;
/** The first chunk, IHDR, with its length, name and checksum. */
const HEADER_LENGTH = 25;
/** Pixels in a metre at 300 per inch, the resolution of print. */
const PER_METRE = 11_811;

/**
 * Adds texts and the resolution of print to a PNG file.
 * @param texts by keyword, such as `Description`; Latin letters, at most 79
 */
export function withTexts(png: Uint8Array, texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const added = [
    chunk('pHYs', [...uint32(PER_METRE), ...uint32(PER_METRE), 1]),
    // Not compressed, of no language, under no other name.
    ...Object.entries(texts).map(([keyword, text]) =>
      chunk('iTXt', [...encode(keyword), 0, 0, 0, 0, 0, ...encode(text)]),
    ),
  ];
  const start = SIGNATURE_LENGTH + HEADER_LENGTH;
  const parts = [png.subarray(0, start), ...added, png.subarray(start)];
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A chunk of a PNG file: length, name, contents, checksum of the last two. */
function chunk(name: string, contents: readonly number[]): Uint8Array {
  const checked = [...encode(name), ...contents];
  return Uint8Array.from([...uint32(contents.length), ...checked, ...uint32(crc32(checked))]);
}

/** The checksum of PNG and zip (ISO 3309, polynomial 0x04c11db7 from the lowest bit on). */
export function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const uint32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const encode = (text: string) => new TextEncoder().encode(text);
