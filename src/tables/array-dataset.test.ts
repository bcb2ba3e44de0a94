import { expect, expectTypeOf, test } from 'vitest';
import { createTrainer, LimitError } from '../index.ts';
import type { Dataset, RegressionDataset } from '../types.ts';
import { arrayDataset, type InputArray } from './array-dataset.ts';

const IMAGES = { shape: [3, 2, 2], data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255) };

test('images and labels become a data set that a trainer takes', async () => {
  const data = arrayDataset({ inputs: IMAGES, labels: { shape: [3], data: Uint8Array.of(7, 3, 7) } });
  expectTypeOf(data).toExtend<Dataset>();
  expect(data).toEqual({
    inputs: Float32Array.from(IMAGES.data),
    labels: Uint32Array.of(1, 0, 1),
    count: 3,
    features: 4,
    classes: 2,
    classNames: ['3', '7'],
    width: 2,
    height: 2,
    channels: 1,
  });
  const trainer = await createTrainer({ data, learningRate: 0.1, backend: 'cpu' });
  expect(trainer.describe()).toMatchObject({ sizes: [4, 2], classNames: ['3', '7'] });
  trainer.destroy();
});

test('X and y for a regression, of one and of several outputs', () => {
  const inputs = { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  const one = arrayDataset({ inputs, targets: { shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) } });
  expectTypeOf(one).toExtend<RegressionDataset>();
  expect(one).toEqual({
    inputs: inputs.data,
    targets: Float64Array.of(-1, 2 ** 31 - 1),
    count: 2,
    features: 3,
    outputs: 1,
  });
  expect(one.inputs).toBe(inputs.data);
  const targets = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  const names = { featureNames: ['a', 'b', 'c'], outputNames: ['d', 'e'] };
  expect(arrayDataset({ inputs, targets, ...names })).toMatchObject({ outputs: 2, ...names });
});

test.each<[string, unknown, number[], string[]]>([
  [
    'numbers in the order of numbers',
    { shape: [3, 1], data: Float64Array.of(10, -2, 9) },
    [2, 0, 1],
    ['-2', '9', '10'],
  ],
  ['texts in the order of code units', ['dog', 'Cat', 'cat'], [2, 0, 1], ['Cat', 'cat', 'dog']],
  ['texts of an npy file', { shape: [3], data: ['b', 'a', 'b'] }, [1, 0, 1], ['a', 'b']],
  ['a plain array', [1, 0, 1], [1, 0, 1], ['0', '1']],
])('labels are %s', (_, labels, expected, classNames) => {
  const data = arrayDataset({ inputs: IMAGES, labels: labels as string[] });
  expect(data).toMatchObject({ labels: Uint32Array.from(expected), classNames, classes: classNames.length });
});

test('rows may be arrays of numbers', () => {
  const inputs = [
    [1, 2],
    [0.1, -4],
  ];
  const expected = { inputs: Float64Array.of(1, 2, 0.1, -4), count: 2, features: 2 };
  expect(arrayDataset({ inputs, labels: ['b', 'a'] })).toEqual({
    ...expected,
    labels: Uint32Array.of(1, 0),
    classes: 2,
    classNames: ['a', 'b'],
  });
  const pixels = [Uint8Array.of(1, 255), Uint8Array.of(0, 3)];
  expect(arrayDataset({ inputs: pixels, labels: Uint8Array.of(1, 0) }).inputs).toEqual(
    Float64Array.of(1, 255, 0, 3),
  );
  for (const targets of [[5, 6.5], Float64Array.of(5, 6.5), [[5], [6.5]]])
    expect(arrayDataset({ inputs, targets })).toEqual({
      ...expected,
      targets: Float64Array.of(5, 6.5),
      outputs: 1,
    });
  expect(
    arrayDataset({
      inputs,
      targets: [
        [5, 1],
        [6, 2],
      ],
    }).outputs,
  ).toBe(2);
});

test('rows that are too large for an array are refused', () => {
  const inputs = new Array(2 ** 22).fill(new Uint8Array(2 ** 16));
  expect(() => arrayDataset({ inputs, labels: new Uint8Array(2 ** 22) })).toThrow(LimitError);
});

test('test data has the classes of training data', () => {
  const classNames = ['0', '1', '2', '3'];
  const data = arrayDataset({ inputs: IMAGES, labels: Uint8Array.of(3, 1, 3), classNames });
  expect(data).toMatchObject({ labels: Uint32Array.of(3, 1, 3), classes: 4, classNames });
});

test.each<[number[], object]>([
  [[3, 4], {}],
  [[1, 2, 2, 3], { width: 2, height: 2, channels: 3 }],
  [[3, 1, 4, 1], { width: 4, height: 1, channels: 1 }],
  [[1, 3, 2, 2], {}],
  [[12], {}],
])('images have a size, other rows have none: %j', (shape, expected) => {
  const { width, height, channels } = arrayDataset({
    inputs: { shape, data: IMAGES.data },
    labels: new Array(shape[0]).fill('a'),
  });
  expect(width === undefined ? {} : { width, height, channels }).toEqual(expected);
});

const labels = [0, 1, 1];
const inputs: InputArray = IMAGES;
test.each<[string, object, string]>([
  ['no labels', { inputs }, 'labels: expected either labels or targets, but got undefined.'],
  ['both', { inputs, labels, targets: IMAGES }, 'labels: expected either labels or targets'],
  ["the notes' names", { X: IMAGES, y: labels }, "X: expected the name 'inputs' for this option"],
  ['a promise', { inputs: Promise.resolve(IMAGES), labels }, 'but got its promise (await is missing).'],
  [
    'texts',
    { inputs: { shape: [1], data: ['a'] }, labels },
    'inputs: expected an array of rows [[1, 2], …], or numbers { shape, data }',
  ],
  ['no shape', { inputs: IMAGES.data, labels }, 'inputs: expected an array of rows [[1, 2], …], or numbers'],
  ['no rows', { inputs: [], labels: [] }, 'inputs: expected an array of rows [[1, 2], …], or numbers'],
  ['no row', { inputs: [1, 2, 3], labels }, 'inputs[0]: expected a row of numbers, but got 1.'],
  ['a short row', { inputs: [[1, 2], [3], [4, 5]], labels }, 'inputs[1]: expected 2 numbers, but got [3].'],
  ['a text in a row', { inputs: [[1], ['2'], [3]], labels }, "inputs[1][0]: expected a number, but got '2'."],
  ['a gap in a row', { inputs: [[1], [2], [NaN]], labels }, 'inputs[2]: expected a finite number'],
  [
    'another shape',
    { inputs: { ...IMAGES, shape: [3, 3] }, labels },
    'inputs.shape: expected lengths with the product 12',
  ],
  ['other labels', { inputs, labels: [1, 2] }, 'labels: expected 3 labels, but got 2 values.'],
  [
    'shares',
    { inputs, labels: [0.5, 1, 2] },
    'labels[0]: expected a text or a whole number; give other numbers as targets, but got 0.5.',
  ],
  [
    'an unknown class',
    { inputs, labels, classNames: ['0', '2'] },
    "classNames: expected all labels, also '1'",
  ],
  [
    'other targets',
    { inputs, targets: { shape: [2], data: Uint8Array.of(1, 2) } },
    'targets.shape: expected 3 rows, as the inputs have, but got [2].',
  ],
  [
    'NaN',
    { inputs: { shape: [1], data: Float32Array.of(NaN) }, labels: [1] },
    'inputs[0]: expected a finite number, but got NaN.',
  ],
  [
    'a label for each row',
    {
      inputs: { shape: [1001, 1], data: new Uint8Array(1001) },
      labels: Float64Array.from({ length: 1001 }, (_, i) => i),
    },
    'labels: expected at most 1000 classes; give values as targets, but got 1001 different labels.',
  ],
])('%s is refused', (_, arrays, message) => {
  expect(() => arrayDataset(arrays as never)).toThrow(message);
});
