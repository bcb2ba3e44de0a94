import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

const LINE = 64;
const START = 40_960;

test('arrays begin at lines of the cache, with room for a line behind them', () => {
  const heap = new Heap(START);
  const sizes = [1, 63, 64, 65, 4096];
  const ends = sizes.map((bytes) => heap.take(bytes, false) + bytes);
  const next = heap.take(4, false);
  const starts = [...ends.map((end, i) => end - sizes[i]), next];
  for (const start of starts) expect(start % LINE).toBe(0);
  for (const [i, end] of ends.entries()) expect(starts[i + 1] - end).toBeGreaterThanOrEqual(LINE);
  // The kernels write tiles and copies of rows below all arrays.
  expect(starts[0]).toBe(START);
});

test('the memory grows by need, and keeps its arrays', () => {
  const heap = new Heap(START);
  const first = new Float64Array(heap.buffer, heap.take(800, false), 100).fill(3);
  const last = new Float32Array(heap.buffer, heap.take(4, false), 1);
  for (const bytes of [65_536, 1_000_000, 5_000_000]) {
    const at = heap.take(bytes, false);
    // The line behind the array is there, too.
    expect(heap.memory.buffer.byteLength).toBeGreaterThanOrEqual(at + bytes + LINE);
    new Uint8Array(heap.buffer, at, bytes).fill(255);
  }
  last[0] = 5;
  const again = new Float64Array(heap.buffer, heap.addressOf(first), 100);
  expect(again).toEqual(first);
  expect(again.every((x) => x === 3)).toBe(true);
  expect(new Float32Array(heap.buffer, heap.addressOf(last), 1)[0]).toBe(5);
});

test('knows its own arrays, also parts of them and those of the memory before it grew', () => {
  const [heap, other] = [new Heap(START), new Heap(START)];
  const at = heap.take(400, false);
  const before = new Float32Array(heap.buffer, at, 100);
  heap.memory.grow(100);
  const after = new Float32Array(heap.buffer, at, 100);
  other.memory.grow(1);
  expect(after.buffer).not.toBe(before.buffer);
  for (const values of [before, after]) {
    expect(heap.addressOf(values)).toBe(at);
    expect(heap.addressOf(values.subarray(7))).toBe(at + 28);
    expect(other.addressOf(values)).toBeUndefined();
  }
  expect(heap.addressOf(new Float32Array(100))).toBeUndefined();
});

test('gives back what is borrowed when nothing borrows any longer', async () => {
  const heap = new Heap(START);
  const kept = heap.take(100, false);
  let end = () => {};
  const first = heap.borrow(() => new Promise<number>((resolve) => (end = () => resolve(1))));
  const borrowed = heap.take(1000, true);
  const second = await heap.borrow(async () => heap.take(1000, true));
  // The first work still has its array.
  const third = heap.take(1000, true);
  expect(borrowed).toBeGreaterThan(kept);
  expect(second).toBeGreaterThan(borrowed);
  expect(third).toBeGreaterThan(second);
  end();
  expect(await first).toBe(1);
  expect(heap.take(1000, false)).toBe(borrowed);
});

test('gives back what failed work has borrowed, and keeps what is not borrowed', async () => {
  const heap = new Heap(START);
  const failed = heap.borrow(async () => {
    heap.take(1000, true);
    throw new Error('failed');
  });
  await expect(failed).rejects.toThrow('failed');
  const free = heap.take(64, false);
  expect(free).toBe(START);
  const kept = await heap.borrow(async () => {
    heap.take(1000, true);
    return heap.take(1000, false);
  });
  expect(heap.take(64, true)).toBeGreaterThanOrEqual(kept + 1000);
});

test('a memory beyond 4 GiB is refused, and nothing is taken', () => {
  const heap = new Heap(START);
  const before = heap.take(4, false);
  expect(() => heap.take(2 ** 33, false)).toThrow(RangeError);
  expect(heap.take(4, false)).toBe(before + 2 * LINE);
});
