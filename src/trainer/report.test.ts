import { expect, test } from 'vitest';
import { createTrainer, OptionError, report, spiral } from '../index.ts';

/** Predicts the class that stands in the row. */
const echo = { predict: (inputs: Float32Array | Float64Array) => ({ labels: Uint32Array.from(inputs) }) };
const dataOf = (labels: number[], predicted: number[], classes = 3) => ({
  inputs: Float32Array.from(predicted),
  labels: Uint32Array.from(labels),
  count: labels.length,
  features: 1,
  classes,
});

test('counts rows, precision, recall and confusions of each class', async () => {
  const data = { ...dataOf([0, 0, 0, 1, 1], [0, 0, 1, 1, 0]), classNames: ['cat', 'dog', 'owl'] };
  const result = await report(echo, data);
  expect(result.accuracy).toBe(3 / 5);
  expect(Array.from(result.confusion)).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 0]);
  expect(Array.from(result.labels)).toEqual([0, 0, 1, 1, 0]);
  const none = { count: 0, predicted: 0, precision: Number.NaN, recall: Number.NaN, f1: Number.NaN };
  expect(result.classes).toEqual([
    { name: 'cat', count: 3, predicted: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
    { name: 'dog', count: 2, predicted: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
    { name: 'owl', ...none },
  ]);
});

test('has the accuracy that the trainer measures', async () => {
  const data = spiral({ perClass: 20 });
  await using trainer = await createTrainer({ data, hidden: [10], learningRate: 1, backend: 'cpu' });
  await trainer.train(50);
  const { accuracy, classes } = await report(trainer, data);
  expect(accuracy).toBeCloseTo((await trainer.measure()).accuracy, 12);
  expect(classes.map(({ name, count }) => [name, count])).toEqual([
    ['0', 20],
    ['1', 20],
    ['2', 20],
  ]);
});

test('refuses what predicts no classes, and other data', async () => {
  const data = dataOf([0, 1], [0, 1]);
  const regression = {
    inputs: Float32Array.of(1),
    targets: Float32Array.of(1),
    count: 1,
    features: 1,
    outputs: 1,
  };
  await expect(report({} as never, data)).rejects.toMatchObject({ option: 'classifier' });
  await expect(report(echo, regression as never)).rejects.toBeInstanceOf(OptionError);
  await expect(report(echo, dataOf([0, 1], [0, 2], 2))).rejects.toMatchObject({ option: 'data.classes' });
  const values = { predict: () => ({ values: Float32Array.of(1, 2) }) };
  await expect(report(values as never, data)).rejects.toMatchObject({ option: 'classifier' });
});
