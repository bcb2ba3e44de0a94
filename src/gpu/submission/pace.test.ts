import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Piece, SimulatedGpu } from '../../../tests/helpers/devices/simulated-gpu.ts';
import { LIMIT, SLOWEST, Speed, TARGET } from '../device/queue.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import { GpuMemory } from '../memory/memory.ts';
import { Commands, TooSlowError } from './commands.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Has the queue learn how late answers come. */
const learnAnswers = (gpu: SimulatedGpu) => gpu.carryOut(Promise.resolve());

/** Hands dispatches over in one go, and lets the simulated device carry them out. */
async function run(gpu: SimulatedGpu, dispatches: Dispatch[], most?: number): Promise<Piece[]> {
  await learnAnswers(gpu);
  const commands = new Commands(new GpuMemory(gpu.device, 'single'), 'test');
  commands.dispatch(dispatches);
  await gpu.carryOut(commands.submit(most));
  return gpu.pieces;
}

/** Expects every workgroup to be in one piece, in order. */
function expectWhole(pieces: Piece[], name: string, count: number): void {
  let next = 0;
  for (const { first, end } of pieces.filter((piece) => piece.name === name)) {
    expect(first).toBe(next);
    expect(end).toBeGreaterThan(first);
    next = end;
  }
  expect(next).toBe(count);
}

/** Work that takes 10 s on the slowest adapter. */
const HUGE = 10_000 * SLOWEST;

test('on the slowest adapter known every piece is within the target from the first on', async () => {
  const gpu = new SimulatedGpu(() => SLOWEST);
  const pieces = await run(gpu, [gpu.dispatch('product', HUGE, 5000)]);
  expectWhole(pieces, 'product', 5000);
  for (const { milliseconds } of pieces) expect(milliseconds).toBeLessThanOrEqual(TARGET);
  expect(pieces.length).toBeLessThan(1.2 * (10_000 / TARGET));
});

test.each([3, 10, 40])(
  'an adapter %i times as slow as any known is slow once, and never again',
  async (times) => {
    const gpu = new SimulatedGpu(() => SLOWEST / times);
    const pieces = await run(gpu, [gpu.dispatch('product', HUGE / times, 50_000)]);
    expectWhole(pieces, 'product', 50_000);
    const [first, ...others] = pieces;
    expect(first.milliseconds).toBeCloseTo(times * TARGET, -1);
    for (const { milliseconds } of others) expect(milliseconds).toBeLessThanOrEqual(TARGET * 1.01);
    expect(others[0].end - others[0].first).toBeLessThanOrEqual((first.end - first.first) / times + 1);
  },
);

test('a fast adapter gets a few pieces, then the rest; the next time all at once, and several dispatches together', async () => {
  const gpu = new SimulatedGpu(() => 10_000 * SLOWEST);
  const product = gpu.dispatch('product', HUGE, 5000);
  expectWhole(await run(gpu, [product]), 'product', 5000);
  expect(gpu.pieces.length).toBeLessThanOrEqual(8);
  const before = gpu.pieces.length;
  const names = ['a', 'b', 'c'];
  await run(
    gpu,
    names.map((name) => gpu.dispatch(name, HUGE, 5000, product)),
  );
  const later = gpu.pieces.slice(before);
  expect(later.map(({ name }) => name)).toEqual(names);
  expect(new Set(later.map(({ submission }) => submission)).size).toBe(1);
});

test('a slow kernel is never longer than the limit, however fast the others of the device are', async () => {
  const gpu = new SimulatedGpu((name) => (name === 'slow' ? 1 : 100) * SLOWEST);
  const fast = gpu.dispatch('fast', HUGE, 5000);
  await run(gpu, [fast, fast, fast]);
  const slow = gpu.dispatch('slow', HUGE, 5000);
  await run(gpu, [fast, slow, fast, slow]);
  for (const { milliseconds } of gpu.pieces) expect(milliseconds).toBeLessThan(LIMIT);
});

test('an adapter that becomes slow gets shorter pieces at once, and longer ones when it has recovered', async () => {
  const [start, end] = [500, 3000];
  const gpu = new SimulatedGpu((_, now) => (now > start && now < end ? 2 : 20) * SLOWEST);
  const pieces = await run(gpu, [gpu.dispatch('product', 8 * HUGE, 100_000)]);
  expectWhole(pieces, 'product', 100_000);
  // Pieces that are already under way cannot be shortened.
  expect(pieces.filter(({ milliseconds }) => milliseconds > LIMIT).length).toBeLessThanOrEqual(2);
  const sizes = pieces.map(({ first, end }) => end - first);
  const steady = sizes[10];
  expect(Math.min(...sizes.slice(10, -1))).toBeLessThan(steady / 5);
  expect(sizes.at(-2)).toBeGreaterThan(steady / 2);
});

test('what cannot be cut is handed over whole, and no more than the target at a time', async () => {
  const gpu = new SimulatedGpu(() => SLOWEST);
  const names = Array.from({ length: 20 }, (_, i) => `light ${i}`);
  const pieces = await run(
    gpu,
    names.map((name) => gpu.dispatch(name, 10 * SLOWEST, 1)),
  );
  expect(pieces.map(({ name }) => name)).toEqual(names);
  const took: number[] = [];
  for (const { submission, milliseconds } of pieces)
    took[submission] = (took[submission] ?? 0) + milliseconds;
  for (const milliseconds of took) expect(milliseconds).toBeLessThanOrEqual(TARGET);
  expect(took).toHaveLength(10);
});

test('a dispatch that comes again begins with its first workgroup each time', async () => {
  const gpu = new SimulatedGpu(() => SLOWEST);
  const product = gpu.dispatch('product', 30 * SLOWEST, 30);
  const pieces = await run(gpu, [product, product, product]);
  expect(pieces).toHaveLength(6);
  for (const i of [0, 2, 4]) expectWhole(pieces.slice(i, i + 2), 'product', 30);
});

test('what would take longer than allowed is given up after its first pieces', async () => {
  const gpu = new SimulatedGpu(() => SLOWEST / 1.1);
  const product = gpu.dispatch('product', HUGE, 5000);
  await expect(run(gpu, [product], 300)).rejects.toThrow(TooSlowError);
  expect(gpu.pieces.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeLessThan(2 * TARGET);
  const quick = new SimulatedGpu(() => 100 * SLOWEST);
  expectWhole(await run(quick, [quick.dispatch('product', HUGE, 5000)], 300), 'product', 5000);
});

test('a device that answers every 100 ms is reminded, and so gets as much to do as any other', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const pieces = async (answers: number) => {
    const gpu = new SimulatedGpu(() => 10 * SLOWEST, answers);
    await learnAnswers(gpu);
    const start = gpu.now;
    const found = await run(gpu, [gpu.dispatch('product', HUGE, 5000)]);
    return { found, milliseconds: gpu.now - start };
  };
  const [late, prompt] = [await pieces(100), await pieces(0)];
  expectWhole(late.found, 'product', 5000);
  for (const { milliseconds } of late.found) expect(milliseconds).toBeLessThan(LIMIT);
  expect(late.milliseconds).toBeLessThan(1.2 * prompt.milliseconds);
});

test('where timers stand still, the time of a late answer does not make a device slow', async () => {
  const gpu = new SimulatedGpu(() => 10 * SLOWEST, 100);
  const pieces = await run(gpu, [gpu.dispatch('product', HUGE, 5000)]);
  expectWhole(pieces, 'product', 5000);
  const sizes = pieces.map(({ first, end }) => end - first);
  expect(Math.min(...sizes.slice(0, -1))).toBe(sizes[0]);
});

test('a slow dispatch on a device that answers late is noticed by the reminders without an answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const gpu = new SimulatedGpu(() => SLOWEST / 10, 100);
  const [first, ...others] = await run(gpu, [gpu.dispatch('product', HUGE / 10, 50_000)]);
  expect(first.milliseconds).toBeGreaterThan(LIMIT);
  for (const { milliseconds } of others) expect(milliseconds).toBeLessThan(LIMIT);
});

describe('the speed of a device', () => {
  const [one, other] = ['one', 'other'].map((label) => ({ label }));
  const known = (...pipelines: object[]) => new Map(pipelines.map((pipeline) => [pipeline, SLOWEST]));

  const exactly = (milliseconds: number) => ({ least: milliseconds, most: milliseconds });

  test('grows 8-fold at most by a measurement of one kernel, and 2-fold by one of several', () => {
    const speed = new Speed();
    expect([speed.knows(one), speed.rate(one)]).toEqual([false, SLOWEST]);
    speed.learn({ rates: known(one), milliseconds: 5 }, exactly(1));
    expect([speed.knows(one), speed.rate(one)]).toEqual([true, 5 * SLOWEST]);
    speed.learn({ rates: known(one), milliseconds: 100 }, exactly(1));
    expect(speed.rate(one)).toBe(8 * SLOWEST);
    speed.learn({ rates: known(one, other), milliseconds: 100 }, exactly(1));
    expect([speed.rate(one), speed.rate(other)]).toEqual([2 * SLOWEST, 2 * SLOWEST]);
  });

  test('falls at once, but not by what a short submission takes longer', () => {
    const speed = new Speed();
    speed.learn({ rates: known(one, other), milliseconds: 4 }, exactly(40));
    expect([speed.rate(one), speed.rate(other)]).toEqual([SLOWEST / 10, SLOWEST / 10]);
    speed.learn({ rates: known(one), milliseconds: 1 }, exactly(TARGET - 1));
    expect(speed.rate(one)).toBe(SLOWEST / 10);
  });

  test('changes no further than a measurement tells that has a least and a most time', () => {
    const speed = new Speed();
    speed.learn({ rates: known(one), milliseconds: 40 }, { least: 0, most: 100 });
    expect([speed.knows(one), speed.rate(one)]).toEqual([true, SLOWEST]);
    speed.learn({ rates: known(one), milliseconds: 40 }, { least: 80, most: 100 });
    expect(speed.rate(one)).toBe(SLOWEST / 2);
    speed.learn({ rates: known(one), milliseconds: 40 }, { least: 5, most: 20 });
    expect(speed.rate(one)).toBe(2 * SLOWEST);
  });
});
