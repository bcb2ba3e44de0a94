import { describe, expect, test } from 'vitest';
import { spread } from '../measure/statistics.ts';
import type { BenchmarkResults, EntrantResult, Way } from '../run/benchmark/results.ts';
import { ko } from '../texts/benchmark/ko.ts';
import { headlineInWords } from './verdict-words.ts';

const entrant = (way: Way, milliseconds: number, loss = 0.7): EntrantResult => ({
  way,
  precision: 'single',
  times: { step: spread([0.9, 1, 1.1].map((factor) => factor * milliseconds)) },
  loss,
});

const results = (entrants: EntrantResult[], software = false): BenchmarkResults => ({
  options: { model: 'network', pace: 'quick' },
  network: { sizes: [2, 100, 3], rows: 300, batch: 300 },
  date: '',
  version: '',
  browser: {},
  threads: 8,
  isolated: true,
  adapter: { backend: 'webgpu', name: 'SwiftShader', software },
  clock: 0.1,
  agreement: { steps: 100, loss: 0.7, way: 'plain' },
  entrants,
  sweep: [],
  kernels: [],
});

describe('the headline', () => {
  const first = (entrants: EntrantResult[], software?: boolean) =>
    headlineInWords(results(entrants, software))[0];

  test('says which side is faster, how many times, and from where to where', () => {
    expect(first([entrant('fused', 1), entrant('cpu', 3), entrant('threads', 2)])).toBe(
      'The GPU trains this network 2 times (1.81 to 2.21) as fast as the CPU.',
    );
    expect(first([entrant('fused', 3), entrant('cpu', 1)])).toBe(
      'The CPU trains this network 3 times (2.71 to 3.32) as fast as the GPU.',
    );
  });

  test('calls a software adapter one, on either side', () => {
    expect(first([entrant('fused', 1), entrant('cpu', 3)], true)).toBe(
      'SwiftShader, a software adapter and not a GPU, trains this network 3 times (2.71 to 3.32) as fast as the CPU.',
    );
    expect(first([entrant('fused', 3), entrant('cpu', 1)], true)).toMatch(
      /as fast as SwiftShader, a software adapter and not a GPU\.$/,
    );
    expect(first([entrant('fused', 1), entrant('cpu', 1.01)], true)).toBe(
      'Neither the CPU nor SwiftShader, a software adapter and not a GPU, is shown to be faster on this network.',
    );
  });

  test('says which overlapping times are a tie', () => {
    const [tie, steps] = headlineInWords(results([entrant('fused', 1), entrant('cpu', 1.01)]));
    expect(tie).toBe('Neither the CPU nor the GPU is shown to be faster on this network.');
    expect(steps).toBe(
      'A step takes 1.01 ms (0.96 to 1.06 ms) on the CPU on one thread, and 1 ms (0.95 to 1.05 ms) on the GPU with the plan fused: the quartiles in parentheses overlap.',
    );
  });

  test('needs both sides, and enough repetitions', () => {
    expect(first([entrant('cpu', 1)])).toBe('Only the CPU was measured.');
    expect(first([entrant('fused', 1)])).toMatch(/^The CPU was not timed/);
    const once = { ...entrant('fused', 1), times: { step: spread([1]) } };
    expect(first([once])).toBe('There are too few repetitions for a result yet.');
    expect(first([])).toBe('There are too few repetitions for a result yet.');
    // What failed on the way has no times that count.
    const failed = { ...entrant('fused', 1), failure: { kind: 'unknown' } } as const;
    expect(first([failed, entrant('cpu', 1)])).toBe('Only the CPU was measured.');
  });

  test('names those whose loss is wrong, and else says that all agree', () => {
    const said = (loss: number) =>
      headlineInWords(results([entrant('fused', 1, loss), entrant('cpu', 3), entrant('plain', 30)])).join(
        ' ',
      );
    expect(said(0.7)).toContain('All 3 ways that were measured reach the same loss');
    expect(said(0.8)).toContain('These reach another loss than they should: “GPU, fused, float32”.');
    expect(said(0.7)).toContain('Plain loops take 10 times as long as the fastest way on the CPU.');
  });

  test('a small lead has digits that show it', () => {
    const close = (way: Way, milliseconds: number) => ({
      ...entrant(way, 1),
      times: { step: spread([milliseconds, milliseconds, milliseconds]) },
    });
    expect(first([close('fused', 1), close('cpu', 1.004)])).toBe(
      'The GPU trains this network 1.004 times (1.004 to 1.004) as fast as the CPU.',
    );
  });

  test('in Korean', () => {
    expect(ko.headline.faster('cpu', '3', '2.71 ~ 3.32', 'SwiftShader')).toBe(
      'CPU 쪽이 SwiftShader(GPU가 아닌 소프트웨어 어댑터) 쪽보다 이 신경망을 3배(2.71 ~ 3.32배) 빠르게 학습합니다.',
    );
  });
});
