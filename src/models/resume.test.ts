import { expect, test } from 'vitest';
import { property } from '../../tests/helpers/property.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import {
  expectResumed,
  type Interrupted,
  interrupted,
  OPTIMIZERS,
} from '../../tests/helpers/trainers/resuming.ts';
import { rejection } from '../../tests/helpers/trainers/training.ts';
import { createTrainer, FileError, OptionError, type TrainerOptions } from '../index.ts';
import { exportModel, importModel, resume } from './index.ts';

const data = new TestRandom(3).dataset(12, 2, 3);
const trainerWith = (options: Partial<TrainerOptions> = {}) =>
  createTrainer({ data, hidden: [4], learningRate: 0.1, backend: 'cpu', ...options });

property(
  'goes on with the same bits from the file alone',
  interrupted,
  OPTIMIZERS.map(
    (optimizer, i): Interrupted => ({
      options: {
        loss: 'cross-entropy',
        optimizer,
        hidden: [5],
        learningRate: 0.05,
        batchSize: [4, 50][i % 2],
        dropout: 0.3,
      },
      // The velocity stays, and with it the rule.
      changes: 'momentum' in optimizer && !optimizer.nesterov ? { momentum: 0 } : {},
      steps: 5,
    }),
  ),
  (training) => expectResumed(training, { backend: 'cpu' }),
);

test('a learning rate of the caller’s own is given again', async () => {
  const learningRate = (step: number) => 0.1 / (step + 1);
  await using trainer = await trainerWith({ learningRate });
  await trainer.train(3);
  const bytes = await exportModel(trainer, 'safetensors');
  const error = await rejection(resume(bytes, data, { backend: 'cpu' }));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toMatch(
    /^learningRate: expected the function .* which a file cannot keep, but got undefined/,
  );
  await using other = await resume(bytes, data, { backend: 'cpu', learningRate });
  await trainer.train(3);
  await other.train(3);
  expect(await other.save()).toEqual(await trainer.save());
});

test('a training with more rows goes on where every step takes all rows', async () => {
  await using trainer = await trainerWith();
  await trainer.train(3);
  const bytes = await exportModel(trainer, 'safetensors');
  await using more = await resume(bytes, new TestRandom(4).dataset(20, 2, 3), {
    backend: 'cpu',
    learningRate: 0.01,
  });
  await more.train(1);
  expect([more.step, more.describe().options.learningRate]).toEqual([4, 0.01]);
});

test('an imported model is a starting point', async () => {
  await using trainer = await trainerWith({ activation: 'tanh' });
  await trainer.train(3);
  const {
    parameters,
    sizes,
    activations: activation,
  } = await importModel(await exportModel(trainer, 'safetensors'));
  await using other = await trainerWith({ parameters, hidden: sizes.slice(1, -1), activation });
  expect(await other.parameters()).toEqual(await trainer.parameters());
  expect(other.step).toBe(0);
});

test('refuses other data, other options and other files', async () => {
  await using trainer = await trainerWith({ data: { ...data, classNames: ['a', 'b', 'c'] } });
  const bytes = await exportModel(trainer, 'safetensors');
  const json = await exportModel(trainer, 'json');
  const model = await importModel(bytes);
  const options = { backend: 'cpu' as const };
  for (const [work, message] of [
    [
      resume(bytes, new TestRandom(3).dataset(12, 3, 3), options),
      'data.features: expected 2, as in the file, but got 3.',
    ],
    [
      resume(bytes, new TestRandom(3).dataset(12, 2, 4), options),
      'data.classes: expected 3, as in the file, but got 4.',
    ],
    [
      resume(bytes, { ...data, classNames: ['a', 'c', 'b'] }, options),
      'data.classNames: expected the names of the file, ["a","b","c"], but got ["a","c","b"].',
    ],
    [
      resume(bytes, undefined as never, options),
      'data.features: expected 2, as in the file, but got undefined.',
    ],
    [
      resume(bytes, data, { l2: 1 } as never),
      'l2: expected one of the options learningRate, backend, plan, tuning, device, recovery, signal, but got 1.',
    ],
    [
      resume(json, data, options),
      /^file: expected what exportModel\(trainer, 'safetensors'\) writes, but got \d+ bytes that begin with "{/,
    ],
    [
      resume(await exportModel(model, 'safetensors'), data, options),
      /^settings: expected those of a trainer/,
    ],
    [
      resume('text' as never, data, options),
      /^bytes: expected the bytes of a file: a Uint8Array, an ArrayBuffer or a Blob, but got 'text'/,
    ],
  ] as const) {
    const error = await rejection(work);
    expect(error instanceof OptionError || error instanceof FileError).toBe(true);
    expect((error as Error).message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  }
});
