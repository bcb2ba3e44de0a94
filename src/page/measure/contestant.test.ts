import { afterEach, expect, test, vi } from 'vitest';
import { caseStudy, createTrainer } from '../../index.ts';
import { Contestant, type TrainingSession, takeTurns, trainerSession } from './contestant.ts';

afterEach(() => void vi.restoreAllMocks());

test('every timing is prepared, has enough steps, and counts as time a step', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const calls: (number | string)[] = [];
  const session: TrainingSession = {
    prepare: async () => calls.push('prepare'),
    train: async (steps) => {
      calls.push(steps);
      now += steps;
    },
    loss: async () => 1,
    destroy: () => {},
  };
  const contestant = new Contestant(session);
  await contestant.warmUp(5);
  expect(contestant.steps).toBeGreaterThanOrEqual(5);
  calls.length = 0;
  const milliseconds = await contestant.time();
  expect(calls).toEqual(['prepare', contestant.steps]);
  expect(milliseconds).toBe(contestant.steps);
  expect(contestant.timings).toEqual([1]);
  expect(contestant.spread).toMatchObject({ count: 1, median: 1 });
});

test('turns go forwards and backwards', async () => {
  const turns: string[] = [];
  await takeTurns(['a', 'b'], 3, async (name, round) => void turns.push(`${name}${round}`));
  expect(turns).toEqual(['a1', 'b1', 'b2', 'a2', 'a3', 'b3']);
});

test('a trainer starts every timing from the same parameters', async () => {
  const options = { ...caseStudy.linear.options, backend: 'cpu' as const };
  const trainer = await createTrainer(options);
  await trainer.train(7);
  const contestant = new Contestant(await trainerSession(options));
  for (const steps of [3, 7]) await contestant.run(steps);
  expect(await contestant.session.loss()).toBe((await trainer.measure()).loss);
  expect(await contestant.lossAfter(7)).toBe((await trainer.measure()).loss);
  contestant.session.destroy();
});
