import { describe, expect, test } from 'vitest';
import {
  cosineDecay,
  createTrainer,
  exponentialDecay,
  type LearningRate,
  type Schedule,
  spiral,
  stepDecay,
  warmup,
} from '../index.ts';

const data = spiral({ perClass: 8 });
const rates = (schedule: Schedule, ...steps: number[]) => steps.map((step) => schedule(step));

describe('the rate after so many updates', () => {
  test('of step decay is rounded down to whole periods', () => {
    expect(rates(stepDecay(0.8, { every: 10, factor: 0.5 }), 0, 9, 10, 19, 20)).toEqual([
      0.8, 0.8, 0.4, 0.4, 0.2,
    ]);
  });

  test('of exponential decay falls at every update', () => {
    const schedule = exponentialDecay(2, { every: 4, factor: 0.25 });
    expect(rates(schedule, 0, 2, 4, 8)).toEqual([2, 1, 0.5, 0.125]);
  });

  test('of cosine decay falls to its end and stays there', () => {
    const schedule = cosineDecay(1, { steps: 6 });
    const expected = [1, 0.75, 0.5, 0.25, 0, 0];
    for (const [i, rate] of rates(schedule, 0, 2, 3, 4, 6, 100).entries())
      expect(rate).toBeCloseTo(expected[i], 14);
    expect(rates(cosineDecay(1, { steps: 6, end: 0.5 }), 0, 3, 6, 7)).toEqual([1, 0.75, 0.5, 0.5]);
  });

  test('of a warm-up rises from rate / steps, then the inner schedule begins', () => {
    expect(rates(warmup(4, 0.8), 0, 1, 3, 4, 100)).toEqual(
      [0.2, 0.4, 0.8, 0.8, 0.8].map((x) => expect.closeTo(x, 14)),
    );
    const inner = stepDecay(0.8, { every: 2, factor: 0.5 });
    const schedule = warmup(4, inner);
    expect(rates(schedule, 3, 4, 5, 6, 8)).toEqual([0.8, 0.8, 0.8, 0.4, 0.2]);
    expect(rates(warmup(2, schedule), 0, 1, 2, 6)).toEqual(
      [0.1, 0.2, 0.2, 0.8].map((x) => expect.closeTo(x, 14)),
    );
  });
});

test('a schedule is plain data that can be posted, kept as JSON and used again', async () => {
  const schedule = warmup(3, cosineDecay(0.5, { steps: 20 }));
  expect(structuredClone(schedule.data)).toEqual(schedule.data);
  const kept = JSON.parse(JSON.stringify({ learningRate: schedule }));
  expect(kept.learningRate).toEqual(schedule.data);
  const states = [];
  for (const learningRate of [schedule, schedule.data, kept.learningRate, (step: number) => schedule(step)]) {
    await using trainer = await createTrainer({ data, learningRate, backend: 'cpu' });
    await trainer.train(9);
    states.push(await trainer.save());
  }
  for (const state of states) expect(state).toEqual(states[0]);
});

test.each<[string, () => unknown]>([
  ['rate', () => stepDecay(-1, { every: 1, factor: 0.5 })],
  ['every', () => stepDecay(1, { every: 0, factor: 0.5 })],
  ['factor', () => exponentialDecay(1, { every: 1, factor: 0 })],
  ['factor', () => exponentialDecay(1, { every: 1, factor: 1.5 })],
  ['steps', () => cosineDecay(1, { steps: 1.5 })],
  ['end', () => cosineDecay(1, { steps: 5, end: Number.NaN })],
  ['steps', () => warmup(0, 1)],
  ['rate', () => warmup(5, '1' as never)],
  ['rate', () => warmup(5, (() => 1) as never)],
  ['gamma', () => stepDecay(1, { every: 1, gamma: 0.5 } as never)],
])('a wrong %s is refused', (option, make) => {
  expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option }));
});

test.each<[string, unknown]>([
  ['learningRate.schedule', {}],
  ['learningRate.schedule', { schedule: 'cosine' }],
  ['learningRate.rate', { schedule: 'step decay', rate: 1e31, every: 5, factor: 0.5 }],
  [
    'learningRate.rate.every',
    { schedule: 'warmup', steps: 5, rate: { schedule: 'step decay', rate: 1, factor: 1 } },
  ],
])('data with a wrong %s is refused', async (option, learningRate) => {
  await expect(createTrainer({ data, learningRate: learningRate as LearningRate })).rejects.toMatchObject({
    name: 'OptionError',
    option,
  });
});
