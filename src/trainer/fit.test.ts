import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  type Dataset,
  DestroyedError,
  type FitProgress,
  fit as fitTrainer,
  NonFiniteError,
  OptionError,
  type RegressionDataset,
  spiral,
  split,
} from '../index.ts';

const { train, test: held } = split(spiral({ perClass: 30 }), 0.3);
const options = { data: train, hidden: [16], learningRate: 0.5, backend: 'cpu' as const };

test('trains for so many steps, and ends at the parameters of the least test loss', async () => {
  await using trainer = await createTrainer(options);
  const { best, step, reason, history } = await fitTrainer(trainer, {
    steps: 300,
    every: 30,
    test: held as Dataset,
  });
  expect(reason).toBe('steps');
  expect(history.map(({ step }) => step)).toEqual([0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300]);
  const losses = history.map(({ test }) => test?.loss ?? Number.NaN);
  expect(best.loss).toBe(Math.min(...losses));
  expect(step).toBe(history[losses.indexOf(best.loss)].step);
  expect(trainer.step).toBe(step);
  expect(await trainer.measure(held as Dataset)).toEqual(best);
});

test('without test data, the least training loss is the best', async () => {
  await using trainer = await createTrainer({ ...options, learningRate: 30 });
  const { best, history } = await fitTrainer(trainer, { steps: 60, every: 7 });
  expect(history.at(-1)?.step).toBe(60);
  expect(best.loss).toBe(Math.min(...history.map(({ train }) => train.loss)));
  expect(await trainer.measure()).toEqual(best);
});

test('by accuracy, the greatest accuracy is the best, and of these the least loss', async () => {
  await using trainer = await createTrainer(options);
  const { best, history } = await fitTrainer(trainer, { steps: 400, every: 5, by: 'accuracy' });
  const greatest = Math.max(...history.map(({ train }) => train.accuracy));
  const tied = history.filter(({ train }) => train.accuracy === greatest);
  expect(best).toEqual(tied.reduce((a, b) => (b.train.loss < a.train.loss ? b : a)).train);
});

test('epochs are counted in batches, and reported one by one', async () => {
  const { count } = train;
  await using trainer = await createTrainer({ ...options, batchSize: 10 });
  const { history } = await fitTrainer(trainer, { epochs: 3 });
  const perEpoch = Math.ceil(count / 10);
  expect(history.map(({ step, epoch }) => [step, epoch])).toEqual([0, 1, 2, 3].map((i) => [i * perEpoch, i]));
});

test('a fit of many short epochs has about a hundred reports', async () => {
  await using trainer = await createTrainer(options);
  expect((await fitTrainer(trainer, { steps: 1000 })).history.length).toBe(101);
});

test('the patience ends a fit that gets no better', async () => {
  await using trainer = await createTrainer({ ...options, learningRate: 0 });
  const result = await fitTrainer(trainer, { steps: 1000, every: 10, patience: 3 });
  expect(result.reason).toBe('patience');
  expect(result.history.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
  expect([result.step, trainer.step]).toEqual([0, 0]);
});

test('progress tells step, epoch, losses, speed and the time left', async () => {
  const seen: FitProgress[] = [];
  await using trainer = await createTrainer(options);
  const { history } = await fitTrainer(trainer, {
    steps: 20,
    every: 10,
    test: held as Dataset,
    progress: async (progress) => {
      await Promise.resolve();
      seen.push(progress);
    },
  });
  expect(seen.map(({ rowsPerSecond: _, secondsLeft: __, ...report }) => report)).toEqual(history);
  expect(seen[0]).toMatchObject({ rowsPerSecond: 0, secondsLeft: Number.POSITIVE_INFINITY });
  expect(seen[1].rowsPerSecond).toBeGreaterThan(0);
  expect(seen[1].secondsLeft).toBeGreaterThan(0);
  expect(seen[2].secondsLeft).toBe(0);
});

describe('back to the best parameters goes', () => {
  test('an abort, which throws its reason', async () => {
    const control = new AbortController();
    const reason = new Error('enough');
    await using trainer = await createTrainer({ ...options, learningRate: 30 });
    const seen: FitProgress[] = [];
    const progress = (report: FitProgress) => {
      seen.push(report);
      if (report.step === 50) control.abort(reason);
    };
    await expect(
      fitTrainer(trainer, { steps: 1e6, every: 10, progress, signal: control.signal }),
    ).rejects.toBe(reason);
    const least = Math.min(...seen.map(({ train }) => train.loss));
    expect((await trainer.measure()).loss).toBe(least);
  });

  test('an abort during steps', async () => {
    await using trainer = await createTrainer({ ...options, learningRate: 0.01 });
    const signal = AbortSignal.timeout(30);
    await expect(fitTrainer(trainer, { steps: 1e9, every: 1e9, signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(trainer.step).toBe(0);
  });

  test('a divergence, which is thrown', async () => {
    await using trainer = await createTrainer({ ...options, learningRate: 1e30 });
    await expect(fitTrainer(trainer, { steps: 50, every: 10 })).rejects.toBeInstanceOf(NonFiniteError);
    expect((await trainer.measure()).step).toBe(0);
  });

  test('an error of the callback', async () => {
    const error = new Error('callback');
    const progress = () => {
      throw error;
    };
    await using trainer = await createTrainer(options);
    await expect(fitTrainer(trainer, { steps: 5, progress })).rejects.toBe(error);
    await trainer.train(1);
  });
});

test('a trainer that is destroyed meanwhile ends the fit', async () => {
  const trainer = await createTrainer(options);
  const fitting = fitTrainer(trainer, { steps: 1e9, every: 100 });
  setTimeout(() => trainer.destroy(), 20);
  await expect(fitting).rejects.toBeInstanceOf(DestroyedError);
});

test('a regression is fitted by its loss', async () => {
  const inputs = Float64Array.from({ length: 40 }, (_, i) => i / 20 - 1);
  const data: RegressionDataset = {
    inputs,
    targets: inputs.map((x) => 3 * x - 1),
    count: 40,
    features: 1,
    outputs: 1,
  };
  await using trainer = await createTrainer({ data, learningRate: 0.3, backend: 'cpu', precision: 'double' });
  const { best } = await fitTrainer(trainer, { steps: 300, test: data });
  expect(best.r2).toBeGreaterThan(0.999999);
  await expect(fitTrainer(trainer, { steps: 3, by: 'accuracy' })).rejects.toMatchObject({ option: 'by' });
});

test.each<[string, object]>([
  ['steps', {}],
  ['steps', { steps: 5, epochs: 2 }],
  ['steps', { steps: 1.5 }],
  ['epochs', { epochs: 0 }],
  ['epochs', { epochs: 2 ** 53 }],
  ['every', { steps: 5, every: 0 }],
  ['test', { steps: 5, test: undefined }],
  ['test.inputs', { steps: 5, test: {} }],
  [
    'test.features',
    {
      steps: 5,
      test: { inputs: Float32Array.of(1), labels: Uint32Array.of(0), count: 1, features: 1, classes: 3 },
    },
  ],
  ['patience', { steps: 5, patience: -1 }],
  ['by', { steps: 5, by: 'r2' }],
  ['progress', { steps: 5, progress: 'bar' }],
  ['signal', { steps: 5, signal: true }],
  ['validation_data', { steps: 5, validation_data: held }],
])('a wrong %s is refused, and nothing is trained', async (option, wrong) => {
  await using trainer = await createTrainer(options);
  const error = await fitTrainer(trainer, wrong as never).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(OptionError);
  expect(error).toMatchObject({ option });
  expect(trainer.step).toBe(0);
});

test('a trainer of one’s own is refused', async () => {
  await expect(fitTrainer({} as never, { steps: 1 })).rejects.toMatchObject({ option: 'trainer' });
});
