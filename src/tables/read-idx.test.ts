import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FileError } from '../errors.ts';
import type { NumberArray } from './numpy/npy-array.ts';
import { readIdx } from './read-idx.ts';

/** An IDX file, written as its description says: the highest byte first. */
function idxFile(code: number, shape: number[], size: number, write: (view: DataView, at: number) => void) {
  const start = 4 + 4 * shape.length;
  const count = shape.reduce((product, length) => product * length, 1);
  const view = new DataView(new ArrayBuffer(start + count * size));
  view.setUint32(0, (code << 8) | shape.length);
  shape.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length);
  });
  for (let i = 0; i < count; i++) write(new DataView(view.buffer, start + i * size), i);
  return new Uint8Array(view.buffer);
}

const VALUES: [number, NumberArray, (view: DataView, value: number) => void][] = [
  [8, Uint8Array.of(0, 1, 128, 255, 7, 9), (view, value) => view.setUint8(0, value)],
  [9, Int8Array.of(0, 1, -128, 127, 7, 9), (view, value) => view.setInt8(0, value)],
  [11, Int16Array.of(0, 1, -32768, 32767, 7, 9), (view, value) => view.setInt16(0, value)],
  [12, Int32Array.of(0, 1, -(2 ** 31), 2 ** 31 - 1, 7, 9), (view, value) => view.setInt32(0, value)],
  [13, Float32Array.of(0.1, -0, 1e-45, Infinity, NaN, 9), (view, value) => view.setFloat32(0, value)],
  [14, Float64Array.of(0.1, -0, 5e-324, -Infinity, NaN, 9), (view, value) => view.setFloat64(0, value)],
];

test.each(VALUES)('type %i is read in every shape, also compressed', async (code, values, write) => {
  for (const shape of [[6], [2, 3], [1, 3, 2], [3, 1, 2, 1]]) {
    const file = idxFile(code, shape, values.BYTES_PER_ELEMENT, (view, i) => write(view, values[i]));
    for (const bytes of [file, new Uint8Array(gzipSync(file))]) {
      expect(await readIdx(bytes)).toEqual({ shape, data: values });
      expect(await readIdx(new Blob([bytes]).stream())).toEqual({ shape, data: values });
    }
  }
});

test('an array without numbers is read', async () => {
  expect(await readIdx(idxFile(8, [0, 28, 28], 1, () => {}))).toEqual({
    shape: [0, 28, 28],
    data: new Uint8Array(),
  });
});

const LABELS = idxFile(8, [3], 1, (view, i) => view.setUint8(0, i));
/** With lengths of 2³² − 1, although hardly anything follows. */
const lying = (axes: number) => Uint8Array.of(0, 0, 8, axes, ...new Array(4 * axes).fill(255), 1, 2, 3);

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), 'expected 4 bytes of the beginning of an IDX file, but got 0.'],
  ['a part of the lengths', LABELS.slice(0, 6), 'expected 4 bytes of the lengths of the axes, but got 2.'],
  ['a part of the numbers', LABELS.slice(0, -1), 'expected 3 bytes of numbers, but got 2.'],
  ['more', Uint8Array.of(...LABELS, 0), 'expected 11 bytes, as its header says, but got 12.'],
  ['another file', new TextEncoder().encode('a,b\n1,2'), 'but got the bytes 97, 44, 98, 10.'],
  ['an unknown type', Uint8Array.of(0, 0, 10, 1, 0, 0, 0, 0), 'but got the bytes 0, 0, 10, 1.'],
  ['no axis', Uint8Array.of(0, 0, 8, 0, 5), 'but got the bytes 0, 0, 8, 0.'],
  ['a long axis', lying(1), 'expected 4294967295 bytes of numbers, but got 3.'],
  ['a number of bytes without end', lying(255), 'expected less than 2⁵³ bytes'],
])('a damaged file is refused: %s', async (_, file, message) => {
  for (const bytes of [file, new Blob([new Uint8Array(file)])]) {
    const error = await readIdx(bytes).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FileError);
    expect(error.message).toContain(message);
  }
});

test('what a compressed file only claims takes no memory', async () => {
  const packed = new Uint8Array(gzipSync(lying(1)));
  const error = await readIdx(packed).catch((thrown) => thrown);
  expect(error.message).toContain('expected at most 268435456 bytes from a packed file of its size');
  const small = new Uint8Array(gzipSync(Uint8Array.of(0, 0, 8, 1, 15, 255, 0, 0, 1, 2, 3)));
  for (const source of [small, new Blob([small]).stream()])
    await expect(readIdx(source)).rejects.toThrow('expected 268369920 bytes of numbers, but got 3.');
});
