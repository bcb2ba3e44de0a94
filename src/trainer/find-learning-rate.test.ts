import { describe, expect, test } from 'vitest';
import {
  BusyError,
  cosineDecay,
  createTrainer,
  findLearningRate,
  spiral,
  type TrainerOptions,
} from '../index.ts';

const data = spiral();
const network = { data, hidden: [50], backend: 'cpu' as const };

describe.each<[string, Partial<TrainerOptions>]>([
  ['all rows', {}],
  ['batches', { batchSize: 30 }],
  ['Adam', { optimizer: { name: 'adam' } }],
])('with %s', (_, own) => {
  test('the suggestion trains, and far larger and smaller rates do not', async () => {
    await using trainer = await createTrainer({ ...network, ...own, learningRate: 0.001 });
    const { rates, losses, suggestion = 0 } = await findLearningRate(trainer);
    expect(losses.length).toBe(rates.length);
    expect(rates[0]).toBe(1e-6);
    for (let i = 1; i < rates.length; i++) expect(rates[i] / rates[i - 1]).toBeCloseTo(1e7 ** (1 / 99), 10);
    expect(rates).toContain(suggestion);
    const lossOf = async (learningRate: number) => {
      await using trainer = await createTrainer({ ...network, ...own, learningRate });
      await trainer.train(200).catch(() => {});
      return await trainer.measure().then(
        ({ loss }) => loss,
        () => Number.POSITIVE_INFINITY,
      );
    };
    const found = await lossOf(suggestion);
    expect(found).toBeLessThan(losses[0]);
    expect(found).toBeLessThan(await lossOf(suggestion / 1000));
    expect(found).toBeLessThan(await lossOf(suggestion * 1000));
  });
});

test('the trainer stays as it was, with its schedule', async () => {
  const learningRate = cosineDecay(0.5, { steps: 100 });
  const trainers = await Promise.all(
    [0, 1].map(() => createTrainer({ ...network, batchSize: 50, learningRate })),
  );
  const [trainer, other] = trainers;
  for (const one of trainers) await one.train(5);
  await findLearningRate(trainer, { steps: 20, to: 1e6 });
  expect(trainer.step).toBe(5);
  for (const one of trainers) await one.train(5);
  expect(await trainer.save()).toEqual(await other.save());
  for (const one of trainers) one.destroy();
});

test('an abort ends the trial, and the trainer stays as it was', async () => {
  await using trainer = await createTrainer({ ...network, learningRate: 0.1 });
  const before = await trainer.save();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(findLearningRate(trainer, { signal })).rejects.toBe(signal.reason);
  expect(await trainer.save()).toEqual(before);
});

test('a loss that never falls gives no suggestion', async () => {
  const flat = {
    inputs: new Float32Array(20),
    labels: new Uint32Array(10),
    count: 10,
    features: 2,
    classes: 1,
  };
  await using trainer = await createTrainer({ data: flat, learningRate: 1, backend: 'cpu' });
  expect((await findLearningRate(trainer)).suggestion).toBeUndefined();
});

test('a trainer that trains is refused, and goes on', async () => {
  await using trainer = await createTrainer({ ...network, learningRate: 0.1 });
  const training = trainer.train(50);
  await expect(findLearningRate(trainer)).rejects.toBeInstanceOf(BusyError);
  await training;
  const searching = findLearningRate(trainer);
  await expect(trainer.train(1)).rejects.toBeInstanceOf(BusyError);
  await expect(trainer.restore(await trainer.save())).rejects.toBeInstanceOf(BusyError);
  await searching;
  await trainer.train(1);
  expect(trainer.step).toBe(51);
});

test('a rate that is set meanwhile counts after the trial', async () => {
  await using trainer = await createTrainer({ ...network, learningRate: 0.1 });
  await using other = await createTrainer({ ...network, learningRate: 0.7 });
  const searching = findLearningRate(trainer);
  await new Promise((resolve) => setTimeout(resolve, 5));
  trainer.set({ learningRate: 0.7 });
  await searching;
  for (const one of [trainer, other]) await one.train(5);
  expect(await trainer.save()).toEqual(await other.save());
});

test('batches without a loss do not end the trial', async () => {
  await using trainer = await createTrainer({
    ...network,
    batchSize: 2,
    classWeights: [1, 0, 0],
    learningRate: 1,
  });
  expect((await findLearningRate(trainer, { to: 0.1 })).losses.length).toBe(100);
});

test.each<[string, object]>([
  ['from', { from: 0 }],
  ['to', { from: 1, to: 1 }],
  ['to', { to: Number.POSITIVE_INFINITY }],
  ['steps', { steps: 9 }],
  ['min_lr', { min_lr: 1e-5 }],
])('a wrong %s is refused', async (option, wrong) => {
  await using trainer = await createTrainer({ ...network, learningRate: 0.1 });
  await expect(findLearningRate(trainer, wrong)).rejects.toMatchObject({ name: 'OptionError', option });
});
