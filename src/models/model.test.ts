import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIVATIONS, CLASSIFIER, models } from '../../tests/helpers/models.ts';
import { expectClose } from '../../tests/helpers/oracle/compare.ts';
import { property } from '../../tests/helpers/property.ts';
import { createTrainer, FileError, OptionError, type RegressionTrainer, type Trainer } from '../index.ts';
import { Model, type ModelData, readModel } from './index.ts';

/** A trainer on the CPU with the weights of a model. */
async function trainerOf(model: ModelData): Promise<Trainer | RegressionTrainer> {
  const { sizes, activations: activation, loss, precision, parameters } = model;
  const [features, width] = [sizes[0], sizes[sizes.length - 1]];
  const data = { inputs: new Float64Array(features), count: 1, features };
  const hidden = sizes.slice(1, -1);
  const options = { hidden, activation, precision, parameters, learningRate: 0, backend: 'cpu' as const };
  return loss === 'squared-error'
    ? createTrainer({ ...options, loss, data: { ...data, targets: new Float64Array(width), outputs: width } })
    : createTrainer({ ...options, loss, data: { ...data, labels: new Uint32Array(1), classes: width } });
}

/** The largest difference from a trainer, beside a number of size 1. */
const CLOSE = { single: 1e-6, double: 1e-12 };

property(
  'predicts from raw rows what a trainer predicts from scaled rows',
  fc.tuple(
    models('moderate'),
    fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 15, maxLength: 15 }),
  ),
  ACTIVATIONS.map((activation, i): [ModelData, number[]] => [
    { ...CLASSIFIER, activations: [activation], loss: i % 2 === 0 ? 'cross-entropy' : 'hinge' },
    [-0, 0, 1e-3, 4, 5, 6],
  ]),
  async ([data, numbers]) => {
    const model = new Model(data);
    const features = model.sizes[0];
    const raw = Float64Array.from(numbers.slice(0, numbers.length - (numbers.length % features)));
    const scaled = model.scaling?.apply(raw) ?? raw;
    await using trainer = await trainerOf(data);
    const outputs = await trainer.activations(scaled);
    const size = Math.max(
      1,
      ...outputs.flatMap((layer) => Array.from(layer, Math.abs)),
      ...scaled.map(Math.abs),
    );
    const tolerance = CLOSE[model.precision] * size;
    const predicted = model.predict(raw);
    const expected = await trainer.predict(scaled);
    if ('values' in expected) {
      const { targets } = model.scaling ?? {};
      const units = targets ? Math.max(1, ...targets.deviations) : 1;
      expectClose(
        predicted.values ?? [],
        model.scaling?.restore(expected.values) ?? expected.values,
        tolerance * units,
      );
      expect(predicted.labels).toBeUndefined();
    } else {
      const own = expected.scores ?? expected.probabilities;
      const numbers = predicted.probabilities ?? predicted.scores ?? new Float64Array();
      expectClose(numbers, own, tolerance);
      // Numbers that are as close as rounding errors may be in another order.
      const width = numbers.length / expected.labels.length;
      const best = Array.from(expected.labels, (label, row) => numbers[row * width + label]);
      const found = Array.from(predicted.labels ?? [], (label, row) => numbers[row * width + label]);
      expectClose(best, found, 2 * tolerance);
      expect(predicted.scores === undefined).toBe(model.loss === 'cross-entropy');
      expect(predicted.names).toEqual(
        model.classNames && Array.from(predicted.labels ?? [], (label) => model.classNames?.[label]),
      );
    }
    const rows = Array.from({ length: raw.length / features }, (_, row) =>
      Array.from(raw.subarray(row * features, (row + 1) * features)),
    );
    expect(model.predict(rows)).toEqual(predicted);
  },
);

test('names the class of the best, and gives ties to the lower class', () => {
  const flat = { weights: new Float32Array(4), biases: Float32Array.of(1, 1) };
  const model = new Model({
    sizes: [2, 2],
    activations: [],
    loss: 'cross-entropy',
    precision: 'single',
    parameters: [flat],
    classNames: ['a', 'b'],
  });
  expect(
    model.predict([
      [1, 2],
      [3, 4],
    ]),
  ).toEqual({
    labels: Uint32Array.of(0, 0),
    names: ['a', 'a'],
    probabilities: Float64Array.of(0.5, 0.5, 0.5, 0.5),
  });
});

test('activations keep the digits of small numbers, and logits far apart have probabilities', () => {
  const one = (activation: ModelData['activations'][number], bias = 0) =>
    new Model({
      sizes: [1, 1, 1],
      activations: [activation],
      loss: 'squared-error',
      precision: 'double',
      parameters: [
        { weights: Float64Array.of(1), biases: Float64Array.of(bias) },
        { weights: Float64Array.of(1), biases: Float64Array.of(0) },
      ],
    });
  expect(one('elu').predict([[-1e-20]]).values?.[0]).toBe(-1e-20);
  expect(one('tanh').predict([[1e-20]]).values?.[0]).toBe(1e-20);
  expect(one('softplus').predict([[-40]]).values?.[0]).toBe(Math.exp(-40));
  expect(one('softplus').predict([[1000]]).values?.[0]).toBe(1000);
  expect(one('sigmoid').predict([[-745]]).values?.[0]).toBe(Math.exp(-745));
  const { probabilities } = new Model(CLASSIFIER).predict([[1e6, 1e6]]);
  expect(Array.from(probabilities ?? [])).toEqual([0, 1, 0]);
});

describe('refuses', () => {
  const model = new Model(CLASSIFIER);

  test.each<[rows: unknown, option: string, message: RegExp]>([
    [[], 'rows[0]', /a row of 2 numbers \(length, width\), but got undefined/],
    [[1, 2], 'rows[0]', /a row of 2 numbers \(length, width\), but got 1\./],
    [[[1, 2], [3]], 'rows[1]', /got \[3\]/],
    [[[1, 2], null], 'rows[1]', /got null/],
    [[[1, Number.NaN]], 'rows[0][1]', /a finite number, but got NaN/],
    [[[1, '2']], 'rows[0][1]', /got '2'/],
    [Float32Array.of(1, 2, 3), 'rows', /one or more rows of 2 numbers, but got 3 numbers/],
    [Float64Array.of(1, Number.POSITIVE_INFINITY), 'rows[1]', /a finite number/],
    [new Float32Array(0), 'rows', /got 0 numbers/],
    [undefined, 'rows', /Float32Array/],
    [[[1e308, 1e308]], 'rows[0]', /smaller numbers/],
  ])('the rows %#', (rows, option, message) => {
    const big = new Model({ ...CLASSIFIER, scaling: undefined });
    const error = errorOf(() => (/smaller/.test(String(message)) ? big : model).predict(rows as number[][]));
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toMatchObject({ option, message: expect.stringMatching(message) });
  });

  const layer = CLASSIFIER.parameters[0];
  test.each<[option: string, fields: object]>([
    ['model.sizes', { sizes: [2] }],
    ['model.sizes[1]', { sizes: [2, 0, 3] }],
    ['model.parameters[0].weights', { sizes: [1e9, 1e9, 3] }],
    ['model.sizes', { sizes: new Array(1003).fill(1) }],
    ['model.activations', { activations: ['relu', 'relu'] }],
    ['model.activations[0]', { activations: ['gelu'] }],
    ['model.loss', { loss: 'mse' }],
    ['model.precision', { precision: 'half' }],
    ['model.parameters', { parameters: [layer] }],
    ['model.parameters[1].weights', { parameters: [layer, null] }],
    ['model.parameters[1].weights', { parameters: [layer, layer] }],
    ['model.parameters[0].biases', { parameters: [{ ...layer, biases: [1] }, layer] }],
    ['model.parameters[0].weights[3]', { parameters: [{ ...layer, weights: [1, 2, 3, 1e39] }, layer] }],
    ['model.parameters[0].weights[3]', { parameters: [{ ...layer, weights: [1, 2, 3, '4'] }, layer] }],
    ['model.featureNames', { featureNames: ['a'] }],
    ['model.classNames', { classNames: ['a', 'b', 3] }],
    ['model.scaling', { scaling: { means: [1], deviations: [1] } }],
    ['scaling.deviations[1]', { scaling: { means: [1, 2], deviations: [1, -1] } }],
    [
      'model.scaling.targets',
      { scaling: { means: [1, 2], deviations: [1, 1], targets: { means: [1], deviations: [1] } } },
    ],
  ])('a wrong %s', (option, fields) => {
    const data = { ...CLASSIFIER, ...fields };
    const error = errorOf(() => new Model(data));
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toMatchObject({ option });
    expect(errorOf(() => readModel({ spiralnet: 1, ...data }))).toMatchObject({ what: option });
  });

  test.each<[source: unknown, message: RegExp]>([
    ['', /the text: expected JSON/],
    ['{"spiralnet": 1', /the text: expected JSON/],
    ['[]', /model: expected what exportModel\(\) writes, with spiralnet: 1/],
    ['null', /model/],
    ['{"spiralnet": 2}', /spiralnet: 1, but got/],
    [undefined, /model/],
    ['[['.repeat(1e6), /JSON/],
    [
      { ...JSON.parse(JSON.stringify(model)), parameters: [{ weights: [[1, 2], [3]], biases: [1, 2] }] },
      /parameters\[0\]\.weights\[1\]: expected a row of 2 numbers/,
    ],
  ])('the text %#', (source, message) => {
    const error = errorOf(() => readModel(source as string));
    expect(error).toBeInstanceOf(FileError);
    expect((error as FileError).message).toMatch(message);
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail('expected an error');
}
