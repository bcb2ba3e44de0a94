import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, withTexts } from './png.ts';

interface Chunk {
  name: string;
  contents: Buffer;
}

/** The chunks of a file, whose checksums must be right. */
function chunksOf(png: Uint8Array): Chunk[] {
  const file = Buffer.from(png);
  expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks: Chunk[] = [];
  let at = 8;
  while (at < file.length) {
    const end = at + 8 + file.readUInt32BE(at);
    expect(file.readUInt32BE(end)).toBe(crcOf(file.subarray(at + 4, end)));
    chunks.push({ name: file.toString('latin1', at + 4, at + 8), contents: file.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

/** By definition: the remainder of the division by the polynomial, bit by bit. */
function crcOf(bytes: Uint8Array): number {
  let remainder = 0n;
  const flipped = [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1));
  const bits = [...flipped, ...new Array<number>(32).fill(0)].map((bit, i) => (i < 32 ? bit ^ 1 : bit));
  for (const bit of bits) {
    remainder = (remainder << 1n) | BigInt(bit);
    if (remainder >> 32n) remainder ^= 0x104c11db7n;
  }
  const reversed = remainder.toString(2).padStart(32, '0').split('').reverse().join('');
  return Number((~BigInt(`0b${reversed}`) & 0xffffffffn) as bigint);
}

/** One grey pixel. */
const PIXEL = Buffer.concat([
  Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
  ...(
    [
      ['IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])],
      ['IDAT', deflateSync(Buffer.from([0, 128]))],
      ['IEND', Buffer.alloc(0)],
    ] as const
  ).map(([name, contents]) => {
    const checked = Buffer.concat([Buffer.from(name, 'latin1'), contents]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(contents.length);
    checksum.writeUInt32BE(crcOf(checked));
    return Buffer.concat([length, checked, checksum]);
  }),
]);

describe('texts in a PNG file', () => {
  it('are chunks after the first one, in UTF-8, beside the resolution of print', () => {
    const texts = {
      Description: '나선 – 3 classes, L2 10⁻³',
      URL: 'https://example.org/#train?v=1&hidden=8',
    };
    const chunks = chunksOf(withTexts(PIXEL, texts));
    expect(chunks.map(({ name }) => name)).toEqual(['IHDR', 'pHYs', 'iTXt', 'iTXt', 'IDAT', 'IEND']);
    for (const [i, [keyword, text]] of Object.entries(texts).entries()) {
      const { contents } = chunks[2 + i];
      expect(contents.toString('utf8')).toBe(`${keyword}\0\0\0\0\0${text}`);
    }
    expect(chunks[1].contents.readUInt32BE(0) * 0.0254).toBeCloseTo(300, 1);
    expect(chunks.filter(({ name }) => !['pHYs', 'iTXt'].includes(name))).toEqual(chunksOf(PIXEL));
  });

  it('have the checksum of the standard', () => {
    expect(crc32([...Buffer.from('123456789')])).toBe(0xcbf43926);
    expect(crc32([])).toBe(0);
  });
});
