import { describe, expect, test } from 'vitest';
import { expectClose } from '../../tests/helpers/oracle/compare.ts';
import numpy from '../../tests/reference/numpy.json' with { type: 'json' };
import { OptionError } from '../errors.ts';
import { BatchOrder } from './batch-order.ts';
import { caseStudy } from './generators/case-study.ts';
import { type SpiralOptions, spiral } from './generators/spiral.ts';
import { initialParameters } from './initialization.ts';
import { RandomState } from './random-state.ts';

const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

describe('spiral', () => {
  test('has the notes’ data, number by number', () => {
    const { inputs, labels, ...shape } = spiral();
    expect(shape).toEqual({ count: 300, features: 2, classes: 3, featureNames: ['x', 'y'] });
    expectClose(inputs.subarray(0, 6), numpy.data.first.flat(), 1e-15);
    expectClose(inputs.subarray(-6), numpy.data.last.flat(), 1e-15);
    expectClose([total(inputs)], [numpy.data.sum], 1e-11);
    expectClose([total(inputs.map((value) => value * value))], [numpy.data.sumOfSquares], 1e-11);
    expect(Array.from(labels)).toEqual([0, 1, 2].flatMap((label) => new Array(100).fill(label)));
  });

  test('takes its size, noise and seed', () => {
    const { inputs, labels, count, classes } = spiral({ perClass: 5, classes: 4, noise: 0, seed: 3 });
    expect([count, classes, labels.length, inputs.length]).toEqual([20, 4, 20, 40]);
    // Without noise the last point of arm j lies at radius 1 and angle 4(j + 1).
    expectClose(inputs.subarray(8, 10), [Math.sin(4), Math.cos(4)], 1e-15);
    expect(spiral({ seed: 1 }).inputs).not.toEqual(spiral({ seed: 2 }).inputs);
    expectClose(spiral({ perClass: 1 }).inputs, new Float64Array(6), 0);
  });

  test.each([
    { perClass: 0 },
    { perClass: 1.5 },
    { classes: -1 },
    { noise: Number.NaN },
    { noise: -1 },
    { seed: -1 },
    { seed: null },
    { perClass: 1e12 },
    { perclass: 5 },
    null,
  ])('refuses %o', (options) => {
    expect(() => spiral(options as SpiralOptions)).toThrow(OptionError);
  });
});

test('the case study starts from the weights that the notes started from', () => {
  const [linear] = caseStudy.linear.options.parameters ?? [];
  const [hidden, output] = caseStudy.network.options.parameters ?? [];
  const { initial } = numpy;
  expectClose(linear.weights, initial['linear.W'].flat(), 1e-17);
  expectClose(hidden.weights.subarray(0, 4), initial['network.W[0][:4]'], 1e-17);
  expectClose(output.weights.subarray(0, 3), initial['network.W2[0]'], 1e-17);
  expectClose([total(hidden.weights)], [initial['network.W sum']], 1e-14);
  expectClose([total(output.weights)], [initial['network.W2 sum']], 1e-14);
  expect([...linear.biases, ...hidden.biases, ...output.biases].every((bias) => bias === 0)).toBe(true);
});

test.each([
  ['he', Math.sqrt(2 / 400)],
  ['glorot', Math.sqrt(2 / 700)],
  [0.01, 0.01],
] as const)('initialization %s draws weights with standard deviation %d', (initialization, deviation) => {
  const [{ weights, biases }] = initialParameters([400, 300], initialization, new RandomState(1));
  const mean = total(weights) / weights.length;
  const variance = total(weights.map((value) => (value - mean) ** 2)) / weights.length;
  // 120,000 normals: the sample's deviation has a relative standard error of 0.2 %.
  expectClose([Math.sqrt(variance) / deviation, mean / deviation], [1, 0], 0.01);
  expect(biases.every((bias) => bias === 0)).toBe(true);
});

describe('batch order', () => {
  test('has every row once an epoch, with a shorter last batch', () => {
    const order = new BatchOrder(10, 4, 5);
    for (const epoch of [0, 1, 2]) {
      const rows = [0, 1, 2].map((batch) => Array.from(order.rows(3 * epoch + batch)));
      expect(rows.map((batch) => batch.length)).toEqual([4, 4, 2]);
      expect(rows.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test('differs between epochs and seeds, and depends on the step alone', () => {
    const epoch = (order: BatchOrder, number: number) => Array.from(order.rows(number)).join();
    const order = new BatchOrder(50, 50, 1);
    const first = epoch(order, 0);
    expect(epoch(order, 1)).not.toBe(first);
    expect(epoch(new BatchOrder(50, 50, 2), 0)).not.toBe(first);
    expect(epoch(order, 0)).toBe(first);
  });
});
