import { expect, test } from 'vitest';
import { createTrainer, spiral, stepDecay } from '../index.ts';

const data = { ...spiral({ perClass: 4 }), classNames: ['a', 'b', 'c'] };

test('a trainer describes itself with options that make the same trainer', async () => {
  const learningRate = stepDecay(0.5, { every: 3, factor: 0.5 });
  const given = { hidden: [5, 4], activation: ['tanh', 'elu'], l2: 0.01, batchSize: 5, seed: 7 } as const;
  const options = { ...given, hidden: [5, 4], activation: [...given.activation], learningRate };
  await using trainer = await createTrainer({
    data,
    ...options,
    backend: 'cpu',
    optimizer: { name: 'adam' },
  });
  trainer.set({ l1: 0.02, beta1: 0.8 });
  const description = JSON.parse(JSON.stringify(trainer.describe()));
  expect(description).toEqual(trainer.describe());
  expect(description).toMatchObject({
    sizes: [2, 5, 4, 3],
    classNames: ['a', 'b', 'c'],
    options: { ...given, l1: 0.02, optimizer: { name: 'adam', beta1: 0.8 }, learningRate: learningRate.data },
  });
  await using other = await createTrainer({ data, ...description.options, backend: 'cpu' });
  expect(other.describe()).toEqual(trainer.describe());
  for (const one of [trainer, other]) await one.train(6);
  expect(await other.parameters()).toEqual(await trainer.parameters());
});

test('a learning rate that is a function of the caller’s own is left out', async () => {
  await using trainer = await createTrainer({ data, learningRate: () => 0.1, backend: 'cpu' });
  expect(trainer.describe().options).not.toHaveProperty('learningRate');
});
