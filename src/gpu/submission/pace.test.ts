import { expect, test } from 'vitest';
import { LIMIT, Rate, SLOWEST, TARGET } from '../device/rate.ts';
import { type Executor, type Item, Pace, TooSlowError } from './pace.ts';

/** Something to be carried out, by name. */
interface Named {
  name: string;
  dispatch: { rate: Rate; workgroups: readonly [number, number]; whole: GPUBindGroup | undefined };
  stepOffset: number;
  work: number;
}

/** What was carried out of an item in one go, and how long it took. */
interface Part {
  name: string;
  first: number;
  end: number;
  milliseconds: number;
  submission: number;
}

/**
 * A GPU in simulated time, two submissions of which may be on their way.
 * @param speed multiply-adds a millisecond, by an item's name and the time
 * @param roundTrip milliseconds that every submission takes besides
 */
function simulate(speed: (name: string, now: number) => number, roundTrip = 0.5) {
  const parts: Part[] = [];
  let [now, free, submission] = [0, 0, 0];
  let recorded: Omit<Part, 'milliseconds'>[] = [];
  const works = new Map<Omit<Part, 'milliseconds'>, number>();
  const underWay: { end: number; resolve: () => void }[] = [];
  const finishOldest = async () => {
    const oldest = underWay.shift();
    if (!oldest) return;
    now = Math.max(now, oldest.end);
    oldest.resolve();
    // What waits for it comes before what waits for the next one.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const executor: Executor<Named> = {
    dispatch: (item) => executor.part(item, 0, item.dispatch.workgroups[0] * item.dispatch.workgroups[1]),
    part(item, first, end) {
      const [x, y] = item.dispatch.workgroups;
      const part = { name: item.name, first, end, submission };
      works.set(part, (item.work * (end - first)) / (x * y));
      recorded.push(part);
    },
    copy: () => {},
    full: false,
    submit() {
      if (recorded.length === 0) return undefined;
      const start = Math.max(now, free);
      free = start + roundTrip;
      for (const part of recorded) {
        const milliseconds = (works.get(part) as number) / speed(part.name, free);
        parts.push({ ...part, milliseconds });
        free += milliseconds;
      }
      recorded = [];
      submission++;
      const [end, took] = [free, free - start];
      const { promise, resolve } = withResolver(took);
      underWay.push({ end, resolve });
      return promise;
    },
    async idle() {
      while (underWay.length > 0) await finishOldest();
    },
    async room() {
      while (underWay.length >= 2) await finishOldest();
    },
  };
  // A submission that is waited for is the only one.
  const submit = executor.submit.bind(executor);
  executor.submit = () => {
    const end = submit();
    if (underWay.length === 1) void finishOldestSoon();
    return end;
  };
  const finishOldestSoon = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (underWay.length === 1) await finishOldest();
  };
  return { executor, parts, now: () => now };
}

function withResolver(value: number) {
  let resolve = () => {};
  const promise = new Promise<number>((done) => {
    resolve = () => done(value);
  });
  return { promise, resolve };
}

const PARTS = {} as GPUBindGroup;

function item(name: string, work: number, count: number, rate = new Rate()): Named {
  return { name, dispatch: { rate, workgroups: [count, 1], whole: PARTS }, stepOffset: 0, work };
}

async function run(gpu: ReturnType<typeof simulate>, items: Item<Named>[], most?: number) {
  await new Pace(gpu.executor, most).run(items);
  await gpu.executor.idle();
  return gpu.parts;
}

/** That each workgroup is in one part, in order. */
function expectWhole(parts: Part[], name: string, count: number): void {
  let next = 0;
  for (const { first, end } of parts.filter((part) => part.name === name)) {
    expect(first).toBe(next);
    expect(end).toBeGreaterThan(first);
    next = end;
  }
  expect(next).toBe(count);
}

/** What the slowest adapter takes 10 s for. */
const HUGE = 10_000 * SLOWEST;

test('on the slowest adapter known every part is within the target from the first on', async () => {
  const parts = await run(
    simulate(() => SLOWEST),
    [item('product', HUGE, 5000)],
  );
  expectWhole(parts, 'product', 5000);
  for (const { milliseconds } of parts) expect(milliseconds).toBeLessThanOrEqual(TARGET);
  expect(parts.length).toBeLessThan(1.2 * (10_000 / TARGET));
});

test.each([3, 10, 40])(
  'what is %i times as slow as any known is slow once, and never again',
  async (times) => {
    const parts = await run(
      simulate(() => SLOWEST / times),
      [item('product', HUGE / times, 50_000)],
    );
    expectWhole(parts, 'product', 50_000);
    const [first, ...others] = parts;
    expect(first.milliseconds).toBeCloseTo(times * TARGET, -1);
    for (const { milliseconds } of others) expect(milliseconds).toBeLessThanOrEqual(TARGET * 1.01);
    expect(others[0].end - others[0].first).toBeLessThanOrEqual((first.end - first.first) / times + 1);
  },
);

test('a fast adapter does everything in one part after a few, at once the next time, and one submission has several', async () => {
  const gpu = simulate(() => 10_000 * SLOWEST);
  const rate = new Rate();
  const parts = await run(gpu, [item('product', HUGE, 5000, rate)]);
  expectWhole(parts, 'product', 5000);
  expect(parts.length).toBeLessThanOrEqual(6);
  await run(gpu, [item('once more', HUGE, 5000, rate)]);
  expect(parts.filter(({ name }) => name === 'once more')).toHaveLength(1);
  expect(rate.known).toBe(true);
  const before = parts.length;
  const names = ['a', 'b', 'c'];
  await run(
    gpu,
    names.map((name) => item(name, HUGE, 5000, rate)),
  );
  const later = parts.slice(before);
  expect(later.map(({ name }) => name)).toEqual(names);
  expect(new Set(later.map(({ submission }) => submission)).size).toBe(1);
});

test('an adapter that becomes slow on the way gets shorter parts at once, and longer ones when it has recovered', async () => {
  const start = 500;
  const end = 3000;
  const gpu = simulate((_, now) => (now > start && now < end ? 2 : 20) * SLOWEST);
  const parts = await run(gpu, [item('product', 8 * HUGE, 100_000)]);
  expectWhole(parts, 'product', 100_000);
  const slow = parts.filter(({ milliseconds }) => milliseconds > LIMIT);
  // What is on its way when it happens cannot be shortened any more.
  expect(slow.length).toBeLessThanOrEqual(2);
  const sizes = parts.map(({ first, end }) => end - first);
  const steady = sizes[10];
  expect(Math.min(...sizes.slice(10, -1))).toBeLessThan(steady / 5);
  expect(sizes.at(-2)).toBeGreaterThan(steady / 2);
});

test('what cannot be cut is handed over whole, and no more than the target at a time', async () => {
  const gpu = simulate(() => SLOWEST);
  const whole = (name: string) => ({
    ...item(name, 10 * SLOWEST, 1),
    dispatch: { rate: new Rate(), workgroups: [1, 1] as const, whole: undefined },
  });
  const names = Array.from({ length: 20 }, (_, i) => `light ${i}`);
  const parts = await run(gpu, names.map(whole));
  expect(parts.map(({ name }) => name)).toEqual(names);
  const took: number[] = [];
  for (const { submission, milliseconds } of parts) took[submission] = (took[submission] ?? 0) + milliseconds;
  for (const milliseconds of took) expect(milliseconds).toBeLessThanOrEqual(1.2 * TARGET);
  expect(took.length).toBeGreaterThanOrEqual((20 * 10) / (1.2 * TARGET));
});

test('a pipeline is believed to be as fast as measured, or 8 times as fast as before', () => {
  const rate = new Rate();
  expect(rate.milliseconds(SLOWEST)).toBe(1);
  rate.learn(100 * SLOWEST, 1);
  expect([rate.known, rate.milliseconds(8 * SLOWEST)]).toEqual([false, 1]);
  rate.learn(16 * SLOWEST, 1);
  expect([rate.known, rate.milliseconds(16 * SLOWEST)]).toEqual([true, 1]);
  rate.learn(SLOWEST, 4);
  expect([rate.known, rate.milliseconds(SLOWEST)]).toEqual([true, 4]);
  expect([rate.times(SLOWEST, 9), rate.times(SLOWEST, 1)]).toEqual([2, 1]);
});

test('what would take longer than allowed is given up after its first parts', async () => {
  const gpu = simulate(() => SLOWEST);
  await expect(run(gpu, [item('product', HUGE, 5000)], 300)).rejects.toThrow(TooSlowError);
  expect(gpu.parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeLessThan(2 * TARGET);
  const quick = simulate(() => 100 * SLOWEST);
  expectWhole(await run(quick, [item('product', HUGE, 5000)], 300), 'product', 5000);
});
