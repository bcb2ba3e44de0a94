import { expect, test } from 'vitest';
import { spread } from '../measure/statistics.ts';
import { failureInWords, formatTime, networkInWords, spreadInWords, threadsInWords } from './words.ts';

test('times have the unit that gives them few digits', () => {
  const times = [0.0123, 0.5, 0.9994, 0.9996, 1, 999, 999.6, 1000, 12_345];
  expect(times.map(formatTime)).toEqual([
    '12.3 µs',
    '500 µs',
    '999 µs',
    '1 ms',
    '1 ms',
    '999 ms',
    '1 s',
    '1 s',
    '12.3 s',
  ]);
});

test('quartiles have the unit of their median', () => {
  expect(spreadInWords(spread([837, 857, 1483]))).toEqual({ time: '857 ms', range: '847 to 1,170 ms' });
  expect(spreadInWords(spread([0.9, 1, 1.2]))).toEqual({ time: '1 ms', range: '0.95 to 1.1 ms' });
  expect(spreadInWords(spread([3]))).toEqual({ time: '3 ms' });
});

test('a time that the clock cannot tell is below its grain, everywhere', () => {
  expect(spreadInWords(spread([0, 0, 0.1]), 0.1)).toEqual({ time: 'under 100 µs' });
  expect(spreadInWords(spread([0.2, 0.2, 0.3]), 0.1)).toHaveProperty('range');
});

test('an entrant without times says why', () => {
  const result = { way: 'plain', precision: 'single', times: {} } as const;
  expect(failureInWords(result)).toBeUndefined();
  const said = (['plan', 'same', 'threads', 'slow', 'diverged', 'memory', 'unknown'] as const).map((kind) =>
    failureInWords({ ...result, failure: { kind, detail: 'the detail', seconds: 4, step: 1234 } }),
  );
  expect(said.map((words) => words?.text)).toEqual([
    'the detail',
    expect.stringContaining('WebAssembly is not allowed'),
    'It has one thread: the detail.',
    'Left out: a step takes longer than 4 s.',
    expect.stringContaining('at step 1,234'),
    'There is not enough memory.',
    'It does not run on this device.',
  ]);
  expect(failureInWords({ ...result, way: 'threads', failure: { kind: 'same' } })?.text).toMatch(
    /no operation/,
  );
});

test('the CPU has its threads, or the reason for one', () => {
  expect(threadsInWords({ threads: 8, isolated: true })).toBe('8 threads');
  expect(threadsInWords({ threads: 8, isolated: false })).toMatch(
    /^one thread of 8: this page is not isolated/,
  );
  expect(threadsInWords({ threads: 1, isolated: true })).toMatch(/one core only/);
});

test('a network has its layers and rows', () => {
  const network = { sizes: [2, 1000, 3], rows: 2000, batch: 2000 };
  expect(networkInWords(network)).toBe('2 → 1,000 → 3, 2,000 rows, all in every step');
  expect(networkInWords({ ...network, batch: 64, of: 9000 })).toBe(
    '2 → 1,000 → 3, 2,000 rows, 64 of them a step (evenly chosen from the 9,000 rows of Train)',
  );
});
