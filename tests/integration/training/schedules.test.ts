import { describe, expect, test } from 'vitest';
import {
  exponentialDecay,
  type LearningRate,
  OptionError,
  spiral,
  type Trainer,
  type TrainerOptions,
  warmup,
} from '../../../src/index.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';

const trainers = testTrainers();
const data = spiral({ perClass: 8 });
const create = (options: TrainerOptions) =>
  trainers.create({ ...options, ...(options.backend !== 'cpu' && { device: trainers.device }) });

test.each<[string, Partial<TrainerOptions>]>([
  ['the CPU', { backend: 'cpu' }],
  ['layered', { plan: 'layered' }],
  ['fused, in batches', { plan: 'fused', batchSize: 7 }],
  ['resident', { plan: 'resident' }],
])('%s takes the rate of each step', async (_, way) => {
  const schedule = warmup(3, exponentialDecay(0.5, { every: 5, factor: 0.5 }));
  const options = { data, hidden: [5], ...way };
  const trainer = await create({ ...options, learningRate: schedule });
  const expected = await create({ ...options, learningRate: 1 });
  await trainer.train(2);
  trainer.set({ l2: 0.01 });
  await trainer.train(10);
  for (let step = 0; step < 12; step++) {
    expected.set({ learningRate: schedule(step), ...(step === 2 && { l2: 0.01 }) });
    await expected.train(1);
  }
  expect(await trainer.save()).toEqual(await expected.save());
});

test('a rate that falls below what 32 bits can hold counts as 0', async () => {
  const learningRate = exponentialDecay(0.5, { every: 1, factor: 1e-20 });
  for (const backend of ['cpu', 'webgpu'] as const) {
    const trainer = await create({ data, learningRate, backend });
    await trainer.train(2);
    const before = await trainer.parameters();
    await trainer.train(20);
    expect(await trainer.parameters()).toEqual(before);
  }
});

describe.each(['cpu', 'webgpu'] as const)('on %s, a function', (backend) => {
  const make = (learningRate: LearningRate): Promise<Trainer> =>
    create({ data, hidden: [4], learningRate, backend });

  test('that gives no learning rate ends the run before the step', async () => {
    for (const wrong of [Number.NaN, -1, '1', undefined, 1e31, Number.POSITIVE_INFINITY]) {
      const trainer = await make((step) => (step < 7 ? 0.1 : (wrong as number)));
      const error = await trainer.train(20).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(OptionError);
      expect(error).toMatchObject({ option: 'learningRate(7)' });
      expect(trainer.step).toBeLessThanOrEqual(7);
      trainer.set({ learningRate: 0.1 });
      await trainer.train(20);
      expect((await trainer.measure()).step).toBe(trainer.step);
    }
  });

  test('whose error is the error of the run', async () => {
    const failure = new RangeError('no rate');
    const trainer = await make(() => {
      throw failure;
    });
    await expect(trainer.train(1)).rejects.toBe(failure);
    expect(trainer.step).toBe(0);
  });

  test('is asked for no step after the last, also for a report of the batch there', async () => {
    const rates = [0.1, 0.1, 0.1];
    const trainer = await create({ data, learningRate: (step) => rates[step], batchSize: 7, backend });
    const run = trainer.run({ steps: 3, every: 1, last: true, measure: 'batch' });
    const steps = [];
    for await (const { step } of run) steps.push(step);
    expect(steps).toEqual([0, 1, 2, 3]);
  });

  test('that fails late leaves the trainer at a whole step', async () => {
    const trainer = await create({
      data,
      learningRate: (step) => (step < 4 ? 0.1 : Number.NaN),
      batchSize: 7,
      backend,
    });
    await expect(trainer.train(9)).rejects.toBeInstanceOf(OptionError);
    const expected = await create({ data, learningRate: 0.1, batchSize: 7, backend });
    await expected.train(trainer.step);
    expect(await trainer.save()).toEqual(await expected.save());
  });

  test('is asked once for each step', async () => {
    const asked: number[] = [];
    const trainer = await make((step) => {
      asked.push(step);
      return 0.1;
    });
    await trainer.train(5);
    expect(asked).toEqual([0, 1, 2, 3, 4]);
  });
});
