import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { property } from '../../../../tests/helpers/property.ts';
import { verdictInWords } from '../../benchmark/verdict-words.ts';
import { spread } from '../../measure/statistics.ts';
import type { SweepPoint, Way } from './results.ts';
import { compare, type Outcome, type TimedWay, verdictOf } from './verdict.ts';

/** Timings whose median is `median`, with quartiles that lie `apart` below and above it. */
const timed = (way: Way, median: number, apart = 0.1): TimedWay => ({
  way,
  step: spread([median - 2 * apart, median - apart, median, median + apart, median + 2 * apart]),
});

const at = (hidden: number, ways: TimedWay[]): SweepPoint[] =>
  ways.map(({ way, step }) => ({ way, precision: 'single', hidden, step }));

/** The times of a size with a known outcome. */
const TIMES: Record<Outcome, TimedWay[]> = {
  gpu: [timed('fused', 1), timed('layered', 3), timed('cpu', 2), timed('plain', 9)],
  cpu: [timed('fused', 2), timed('layered', 3), timed('cpu', 1), timed('plain', 9)],
  tie: [timed('fused', 1), timed('layered', 3), timed('cpu', 1.1), timed('plain', 9)],
};
const OUTCOMES = ['gpu', 'cpu', 'tie'] as const;

describe('a comparison of two sides', () => {
  test.each(OUTCOMES)('%s', (outcome) => {
    expect(compare(TIMES[outcome])).toMatchObject({ outcome, gpu: { way: 'fused' }, cpu: { way: 'cpu' } });
  });

  test('quartiles that touch are a tie', () => {
    expect(compare([timed('fused', 1, 0.5), timed('cpu', 2, 0.5)])?.outcome).toBe('tie');
    expect(compare([timed('fused', 1, 0.49), timed('cpu', 2, 0.5)])?.outcome).toBe('gpu');
  });

  test('every way of the slower side counts, not only its fastest', () => {
    const ways = [timed('fused', 1), timed('cpu', 2), timed('threads', 2.1, 1), timed('plain', 3, 2)];
    expect(compare(ways)).toMatchObject({ outcome: 'tie', gpu: { way: 'fused' }, cpu: { way: 'threads' } });
  });

  test('it says how many times as fast the faster median is, whatever is shown', () => {
    const { times } = compare([timed('fused', 2, 0.5), timed('cpu', 4, 1)]) ?? {};
    expect(times).toEqual({ median: 2, least: 3 / 2.5, most: 5 / 1.5 });
    expect(compare(TIMES.cpu)?.times.median).toBe(2);
    expect(compare(TIMES.tie)?.times.median).toBeCloseTo(1.1);
  });

  test('a side without a way, or with too few timings, is not compared', () => {
    expect(compare([timed('cpu', 1), timed('threads', 2), timed('plain', 3)])).toBeUndefined();
    expect(compare([timed('fused', 1)])).toBeUndefined();
    expect(compare([timed('fused', 1), { way: 'cpu', step: spread([1, 2]) }])).toBeUndefined();
    expect(compare([])).toBeUndefined();
  });
});

/** All tables of a number of sizes, by the outcomes of the sizes. */
function tables(sizes: number): Outcome[][] {
  if (sizes === 0) return [[]];
  return tables(sizes - 1).flatMap((table) => OUTCOMES.map((outcome) => [...table, outcome]));
}

const EXHAUSTIVE = [1, 2, 3, 4, 5].flatMap(tables);
const sizeOf = (i: number) => 8 * 2 ** i;
const pointsOf = (table: readonly Outcome[]) => table.flatMap((outcome, i) => at(sizeOf(i), TIMES[outcome]));

/** What the sentences claim of a size; undefined if they claim nothing. */
function claimOf(sentences: string[], hidden: number): Outcome | undefined {
  const [measured] = sentences;
  const claims = measured.replace(/^.*of the sizes measured, |\.$/g, '').split('; ');
  for (const claim of claims) {
    const outcome = claim.startsWith('the GPU') ? 'gpu' : claim.startsWith('the CPU') ? 'cpu' : 'tie';
    const numbers = (claim.match(/[\d,]+(?= hidden)|(?<=from )[\d,]+/g) ?? []).map((text) =>
      Number(text.replaceAll(',', '')),
    );
    if (hidden >= Math.min(...numbers) && hidden <= Math.max(...numbers)) return outcome;
  }
  return undefined;
}

/** Fails if a comparison says anything else than the ranges that it names. */
function expectShown(ways: readonly TimedWay[]): void {
  const found = compare(ways);
  if (!found) return;
  const { outcome, gpu, cpu } = found;
  const overlap = gpu.step.lower <= cpu.step.upper && cpu.step.lower <= gpu.step.upper;
  expect(overlap).toBe(outcome === 'tie');
  if (outcome === 'tie') return;
  const [first, second] = outcome === 'gpu' ? [gpu, cpu] : [cpu, gpu];
  expect(first.step.upper).toBeLessThan(second.step.lower);
}

/** Fails if a verdict, or its sentences, say anything else than the table. */
function expectTrue(points: readonly SweepPoint[]): void {
  const sizes = [...new Set(points.map(({ hidden }) => hidden))];
  const table = sizes.flatMap((hidden) => {
    const ways = points.filter((point) => point.hidden === hidden);
    expectShown(ways);
    const outcome = compare(ways)?.outcome;
    return outcome ? [{ hidden, outcome }] : [];
  });
  const verdict = verdictOf(points);
  if (table.length === 0 || !verdict) {
    expect([table, verdict]).toEqual([[], undefined]);
    return;
  }
  const sentences = verdictInWords(verdict, 'quick');
  for (const { hidden, outcome } of table) {
    const stretches = verdict.stretches.filter(({ first, last }) => first <= hidden && hidden <= last);
    expect(stretches.map(({ outcome }) => outcome)).toEqual([outcome]);
    expect(claimOf(sentences, hidden)).toBe(outcome);
  }
  const won = (side: Outcome) => table.flatMap(({ hidden, outcome }) => (outcome === side ? [hidden] : []));
  const { border, best } = verdict;
  if (border) {
    const { below, above, overtakes } = border;
    const other = overtakes === 'gpu' ? 'cpu' : 'gpu';
    // Each side has won on its own side of the border alone, and nothing lies between.
    expect([Math.max(...won(other)), Math.min(...won(overtakes))]).toEqual([below, above]);
    expect(below).toBeLessThan(above);
    expect(sentences.join(' ')).toMatch(new RegExp(`the ${overtakes.toUpperCase()} overtakes`));
  } else {
    const [gpu, cpu] = [won('gpu'), won('cpu')];
    const apart = Math.max(...gpu) < Math.min(...cpu) || Math.max(...cpu) < Math.min(...gpu);
    expect(gpu.length > 0 && cpu.length > 0 && apart).toBe(false);
  }
  for (const side of ['gpu', 'cpu'] as const) {
    const found = best[side];
    expect(found !== undefined).toBe(won(side).length > 0);
    if (!found) continue;
    expect(won(side)).toContain(found.hidden);
    expect(found.times.least).toBeGreaterThan(1);
    expect(found.times.least).toBeLessThanOrEqual(found.times.median);
    expect(found.times.most).toBeGreaterThanOrEqual(found.times.median);
  }
}

describe('a verdict', () => {
  test(`says what the table says, of all ${EXHAUSTIVE.length} tables of five sizes or fewer`, () => {
    for (const table of EXHAUSTIVE) expectTrue(pointsOf(table));
  });

  const way = fc.constantFrom<Way>('layered', 'fused', 'resident', 'cpu', 'threads', 'plain');
  const milliseconds = fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10);
  const rows = fc.array(
    fc.record({
      way,
      hidden: fc.constantFrom(1, 8, 64, 100, 512, 1024),
      timings: fc.array(milliseconds, { minLength: 1, maxLength: 7 }),
    }),
    { maxLength: 40 },
  );
  property('never contradicts a random table', rows, [[]], async (rows) => {
    const points = rows.map(
      ({ way, hidden, timings }): SweepPoint => ({
        way,
        hidden,
        precision: 'single',
        step: spread(timings),
      }),
    );
    expectTrue(points);
  });

  test('names the sizes between which one overtakes the other', () => {
    expect(verdictOf(pointsOf(['cpu', 'tie', 'tie', 'gpu']))).toMatchObject({
      stretches: [
        { outcome: 'cpu', first: 8, last: 8 },
        { outcome: 'tie', first: 16, last: 32 },
        { outcome: 'gpu', first: 64, last: 64 },
      ],
      border: { below: 8, above: 64, overtakes: 'gpu' },
    });
    expect(verdictOf(pointsOf(['gpu', 'cpu']))?.border).toEqual({ below: 8, above: 16, overtakes: 'cpu' });
    expect(verdictOf(pointsOf(['tie', 'gpu']))).not.toHaveProperty('border');
    expect(verdictOf(pointsOf(['cpu', 'gpu', 'cpu']))).not.toHaveProperty('border');
  });

  test('leaves out sizes that one side does not have', () => {
    const points = [...at(4, [timed('cpu', 1)]), ...at(8, TIMES.gpu), ...at(16, [timed('fused', 1)])];
    expect(verdictOf(points)?.stretches).toEqual([{ outcome: 'gpu', first: 8, last: 8 }]);
    expect(verdictOf(at(4, [timed('cpu', 1)]))).toBeUndefined();
  });

  test('is said in a few sentences', () => {
    const say = (table: Outcome[]) => {
      const verdict = verdictOf(pointsOf(table));
      return verdict && verdictInWords(verdict, 'quick').join(' ');
    };
    expect(say(['cpu', 'tie', 'gpu', 'gpu'])).toBe(
      'On this machine, of the sizes measured, the CPU is faster at 8 hidden units; ' +
        'neither is shown to be faster at 16 hidden units; the GPU is faster from 32 to 64 hidden units. ' +
        'Between 8 and 32 neither is shown to be faster: somewhere there the GPU overtakes the CPU. ' +
        'The pace “Thorough” narrows it. ' +
        'At 8 hidden units the CPU is 2 times as fast (1.73 to 2.33). ' +
        'At 32 hidden units the GPU is 2 times as fast (1.73 to 2.33).',
    );
    expect(say(['tie', 'tie'])).toBe(
      'On this machine, of the sizes measured, neither is shown to be faster from 8 to 16 hidden units.',
    );
    expect(say(['gpu', 'cpu', 'gpu'])).toContain(
      'The lead changes more than once, so that there is no such size.',
    );
  });
});
