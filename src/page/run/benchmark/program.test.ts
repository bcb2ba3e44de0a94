import { describe, expect, test } from 'vitest';
import { entrantsOn, type Machine, machineOf, Program, sizesOf, unitsOf } from './program.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { BenchmarkProgress } from './results.ts';

const LAPTOP: Machine = { gpu: 'card', threads: 8 };
const STUDY = { sizes: [2, 100, 3], batch: 300 };

describe('the ways of a machine', () => {
  const ways = (machine: Machine) => entrantsOn(machine).map(({ way }) => way);

  test('every plan, and the CPU on one thread, on all, and in plain loops, in both precisions', () => {
    const all = ['layered', 'fused', 'resident', 'cpu', 'threads', 'plain'];
    expect(ways(LAPTOP)).toEqual([...all, ...all]);
  });

  test('no plans without a GPU, and one thread where there are no more', () => {
    expect(ways({ gpu: 'none', threads: 1 })).toEqual(['cpu', 'plain', 'cpu', 'plain']);
  });

  test('threads need isolation and cores', () => {
    const card = { backend: 'webgpu', software: false } as const;
    expect(machineOf(card, 8, true)).toEqual(LAPTOP);
    expect(machineOf(card, 8, false)).toEqual({ gpu: 'card', threads: 1 });
    expect(machineOf({ ...card, software: true }, 100, true)).toEqual({ gpu: 'software', threads: 64 });
    expect(machineOf({ ...card, backend: 'cpu' }, 1, true)).toEqual({ gpu: 'none', threads: 1 });
  });
});

test('the sizes have that of the network among them, if its hidden layers have one', () => {
  expect(sizesOf('quick', STUDY)).toEqual([8, 64, 100, 512]);
  expect(sizesOf('quick', { sizes: [2, 64, 64, 3] })).toEqual([8, 64, 512]);
  expect(sizesOf('quick', { sizes: [2, 3] })).toEqual([8, 64, 512]);
  expect([
    unitsOf({ sizes: [2, 9, 9, 3] }),
    unitsOf({ sizes: [2, 9, 8, 3] }),
    unitsOf({ sizes: [2, 3] }),
  ]).toEqual([9, undefined, undefined]);
});

describe('the estimate', () => {
  const of = (network = STUDY, machine = LAPTOP, pace: 'quick' | 'thorough' = 'quick') =>
    new Program(pace, network, machine).milliseconds;

  test('grows with the network, the pace and the slowness of the machine', () => {
    expect(of(STUDY, LAPTOP, 'thorough')).toBeGreaterThan(of());
    expect(of({ sizes: [784, 1024, 3], batch: 5000 })).toBeGreaterThan(2 * of());
    expect(of(STUDY, { gpu: 'software', threads: 1 })).toBeGreaterThan(of());
    expect(of(STUDY, { gpu: 'none', threads: 8 })).toBeLessThan(of());
  });

  test('has an end, however large the network', () => {
    const most = of({ sizes: [784, 1024, 3], batch: 5000 }, { gpu: 'software', threads: 8 }, 'thorough');
    expect(most).toBeLessThan(15 * 60_000);
    const absurd = of({ sizes: [1e6, 1e6, 3], batch: 1e6 }, { gpu: 'software', threads: 8 }, 'thorough');
    expect(absurd).toBeLessThan(15 * 60_000);
  });

  test('is the sum of the parts that a benchmark begins', () => {
    const program = new Program('quick', STUDY, LAPTOP);
    const entrants = entrantsOn(LAPTOP);
    const works = [
      ...entrants.map((entrant) => ({ kind: 'prepare' as const, entrant })),
      ...[1, 2, 3, 4, 5, 6, 7].flatMap((repetition) =>
        entrants.map((entrant) => {
          const kind = repetition <= 3 ? ('stages' as const) : ('steps' as const);
          return { kind, entrant, repetition, of: 7 };
        }),
      ),
      ...[8, 64, 100, 512].map((hidden) => ({ kind: 'sizes' as const, hidden })),
      { kind: 'peak' as const },
      ...(['layered', 'fused', 'resident'] as const).map((way) => ({
        kind: 'kernels' as const,
        entrant: { way, precision: 'single' as const },
      })),
    ];
    expect(works.reduce((sum, work) => sum + program.of(work), 0)).toBeCloseTo(program.milliseconds, 6);
  });
});

describe('progress', () => {
  /** What a meter tells of parts that take `slowness` times as long as expected. */
  function told(slowness: number): (BenchmarkProgress & { real: number })[] {
    const program = new Program('quick', STUDY, LAPTOP);
    const all: (BenchmarkProgress & { real: number })[] = [];
    let now = 0;
    const meter = new ProgressMeter(
      (progress) => all.push({ ...progress, real: (slowness * program.milliseconds - now) / 1000 }),
      program,
      () => now,
    );
    for (let repetition = 1; repetition <= 7; repetition++) {
      for (const entrant of entrantsOn(LAPTOP)) {
        const work = { kind: repetition <= 3 ? 'stages' : 'steps', entrant, repetition, of: 7 } as const;
        meter.begin(work);
        now += slowness * program.of(work);
      }
    }
    return all;
  }

  test('rises from 0 and never falls, and the time left is there at once', () => {
    const progress = told(1);
    expect(progress[0].done).toBe(0);
    expect(progress[0].left).toBeCloseTo(progress[0].real);
    const done = progress.map(({ done }) => done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done[done.length - 1]).toBeLessThan(1);
  });

  test.each([0.25, 4])(
    'on a machine that is %s times as slow as expected, the time left becomes right',
    (slowness) => {
      const { left = 0, real } = told(slowness).slice(-1)[0];
      expect(left / real).toBeGreaterThan(0.6);
      expect(left / real).toBeLessThan(1.7);
    },
  );
});
