import { describe, expect, test } from 'vitest';
import { MOMENTS } from '../../shaders/lib/moments.ts';
import { expectClose } from '../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { stepSettings } from '../../tests/helpers/step-settings.ts';
import numpy from '../../tests/reference/numpy.json' with { type: 'json' };
import { argmax } from '../data/answers.ts';
import { caseStudy } from '../data/generators/case-study.ts';
import type { StepSettings } from '../options/step-settings.ts';
import { matmul, matrix, pausableMatmul, transpose } from './matmul.ts';
import { CpuNetwork } from './network.ts';
import { PlainKernels } from './plain-kernels.ts';
import { crossEntropy, crossEntropyGradient, softmax } from './softmax.ts';
import { complete } from './time-slices.ts';
import { update } from './update.ts';

describe('matmul', () => {
  test.each([
    [1, 1, 1],
    [3, 2, 1],
    [4, 4, 2],
    [5, 7, 3],
    [8, 1, 9],
    [2, 13, 11],
  ])('%i×%i×%i in its three forms is what the definition says', (m, k, n) => {
    const random = new TestRandom(m + k + n);
    const [a, b] = [Float64Array.from(random.floats(m * k)), Float64Array.from(random.floats(k * n))];
    const transposed = (values: Float64Array, rows: number, columns: number) =>
      Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
    const expected = Float64Array.from({ length: m * n }, (_, i) => {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[Math.floor(i / n) * k + p] * b[p * n + (i % n)];
      return sum;
    });
    for (const [left, right] of [
      [matrix(a, k), matrix(b, n)],
      [transpose(transposed(a, m, k), m), matrix(b, n)],
      [matrix(a, k), transpose(transposed(b, k, n), k)],
    ]) {
      const out = new Float64Array(m * n).fill(Number.NaN);
      matmul(left, right, matrix(out, n), m, k, n);
      expect(out).toEqual(expected);
    }
  });
});

test.each([
  ['rows', 3001, 1500, 7],
  ['columns', 5, 1500, 3001],
  ['blocks of both', 7, 300_001, 9],
])('a product in parts, by %s, has the same bits', (_, m, k, n) => {
  const random = new TestRandom(m);
  const [a, b] = [random.floats(m * k), random.floats(k * n)];
  const [whole, parted] = [new Float32Array(m * n), new Float32Array(m * n).fill(Number.NaN)];
  matmul(matrix(a, k), transpose(b, k), matrix(whole, n), m, k, n);
  const parts = Array.from(pausableMatmul(matrix(a, k), transpose(b, k), matrix(parted, n), m, k, n));
  expect(parts.length).toBeGreaterThan(1);
  expect(parted).toEqual(whole);
});

describe('softmax', () => {
  test('has the gradient of the notes’ worked example', () => {
    const p = [0.2, 0.3, 0.5];
    const gradient = new Float64Array(3);
    const logits = Float64Array.from(p, Math.log);
    complete(softmax(logits, gradient, 1, 3));
    expectClose(gradient, p, 1e-15);
    complete(crossEntropyGradient(logits, gradient, Uint32Array.of(1), 1, 3));
    expectClose(gradient, [0.2, -0.7, 0.5], 1e-15);
  });

  test.each([1e4, -1e4])('is stable for logits of %d', (size) => {
    const logits = Float64Array.of(size, size, size - 2e4, size);
    expect(complete(crossEntropy(logits, Uint32Array.of(0, 0), 2, 2))).toEqual({
      sum: Math.LN2 + 2e4,
      correct: 1,
    });
    const probabilities = new Float64Array(4);
    complete(softmax(logits, probabilities, 2, 2));
    expect(Array.from(probabilities)).toEqual([0.5, 0.5, 0, 1]);
  });

  test('the lower class wins a tie', () => {
    expect(argmax(Float64Array.of(0, 3, 3, 1), 0, 4)).toBe(1);
  });
});

test('iteration 0 of the network has NumPy’s activations and gradients', () => {
  const { data, parameters = [] } = caseStudy.network.options;
  const network = new CpuNetwork(
    { sizes: [2, 100, 3], activations: ['relu'], loss: 'cross-entropy' },
    300,
    new PlainKernels(Float64Array),
  );
  complete(network.forward(parameters, data.inputs, 300));
  complete(network.backward(parameters, data.inputs, data.labels, 300));
  const [first, second] = network.gradients;
  const expected = numpy['network.iteration0'];
  expectClose(network.outputs[0].subarray(299 * 100, 299 * 100 + 4), expected['hidden[299][:4]'], 1e-16);
  expectClose(second.weights.subarray(0, 3), expected['dW2[0]'], 1e-16);
  expectClose(second.biases, expected.db2, 1e-16);
  expectClose(first.weights.subarray(0, 4), expected['dW[0][:4]'], 1e-16);
  expectClose(first.biases.subarray(0, 4), expected['db[:4]'], 1e-16);
  const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
  const { dW, db, dW2, db2 } = expected.norms;
  expectClose(
    [first.weights, first.biases, second.weights, second.biases].map(norm),
    [dW, db, dW2, db2],
    1e-16,
  );
});

const MOMENTUM = { name: 'sgd', momentum: 0.5, nesterov: false } as const;
const RMSPROP = { name: 'rmsprop', decay: 0.99, epsilon: 1e-8 } as const;
const ADAGRAD = { name: 'adagrad', epsilon: 1e-10 } as const;
const ADAM = { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

describe('update', () => {
  test('momentum is v ← μ·v + g, w ← w − lr·v, with l2 in g', () => {
    const [w, v] = [Float64Array.of(2), Float64Array.of(3)];
    const settings = stepSettings({ optimizer: MOMENTUM, learningRate: 0.1, l2: 0.25 });
    complete(update(w, Float64Array.of(1), [v], settings, 0, true));
    expect([v[0], w[0]]).toEqual([0.5 * 3 + 1 + 0.25 * 2, 2 - 0.1 * 3]);
  });

  test('Adam’s first step has the size of the learning rate, whatever the gradient', () => {
    const settings = stepSettings({ optimizer: ADAM, learningRate: 0.1 });
    for (const gradient of [1e-3, 5, -70]) {
      const w = Float64Array.of(0);
      const moments = [new Float64Array(1), new Float64Array(1)];
      complete(update(w, Float64Array.of(gradient), moments, settings, 0, true));
      expectClose(w, [-0.1 * Math.sign(gradient)], 1e-5);
    }
  });

  /** One update of one parameter: the parameter and the moments after it. */
  function updated(
    w: number,
    gradient: number,
    moments: number[],
    settings: StepSettings,
    { step = 0, weights = true } = {},
  ) {
    const [own, ...kept] = [w, ...moments].map((value) => Float64Array.of(value));
    complete(update(own, Float64Array.of(gradient), kept, settings, step, weights));
    return [own, ...kept].map(([value]) => value);
  }

  test('Nesterov’s is v ← μ·v + g, w ← w − lr·(g + μ·v), with the new v', () => {
    const settings = stepSettings({ optimizer: { ...MOMENTUM, nesterov: true }, learningRate: 0.25 });
    expect(updated(2, 1, [3], settings)).toEqual([2 - 0.25 * (1 + 0.5 * 2.5), 2.5]);
  });

  test('RMSProp’s is s ← ρ·s + (1 − ρ)·g², w ← w − lr·g / (√s + ε)', () => {
    const optimizer = { name: 'rmsprop', decay: 0.75, epsilon: 0.5 } as const;
    // 0.75·11 + 0.25·4² = 12.25.
    expect(updated(2, 4, [11], stepSettings({ optimizer, learningRate: 0.5 }))).toEqual([1.5, 12.25]);
  });

  test('Adagrad’s is s ← s + g², w ← w − lr·g / (√s + ε)', () => {
    const optimizer = { name: 'adagrad', epsilon: 1 } as const;
    expect(updated(2, -4, [9], stepSettings({ optimizer, learningRate: 0.5 }))).toEqual([2 + 2 / 6, 25]);
  });

  test('Adam’s corrections count from the first step', () => {
    const optimizer = { name: 'adam', beta1: 0.5, beta2: 0.75, epsilon: 0 } as const;
    const settings = stepSettings({ optimizer });
    const root = Math.sqrt((0.75 * 0.25 + 0.25) / (1 - 0.75 ** 2));
    expectClose(
      updated(0, 1, [0.5, 0.25], settings, { step: 1 }),
      [-(0.75 / 0.75) / root, 0.75, 0.4375],
      1e-15,
    );
  });

  test('weights have l1·sign(w), which is 0 at 0, in their gradient; biases have no term', () => {
    const settings = stepSettings({ optimizer: MOMENTUM, l1: 0.25 });
    expect([-2, 0, -0, 3].map((w) => updated(w, 1, [0], settings)[1])).toEqual([0.75, 1, 1, 1.25]);
    const all = stepSettings({ optimizer: MOMENTUM, l1: 0.25, l2: 0.5, weightDecay: 0.5 });
    expect(updated(2, 1, [0], all, { weights: false })).toEqual([1, 1]);
  });

  test('weights decay before the step, by the learning rate times weightDecay', () => {
    const settings = stepSettings({
      optimizer: MOMENTUM,
      learningRate: 0.5,
      weightDecay: 0.25,
      l2: 2,
      l1: 1,
    });
    const g = 1 + 2 * 3 + 1;
    expect(updated(3, 1, [4], settings)).toEqual([0.875 * 3 - 0.5 * (2 + g), 2 + g]);
  });

  test.each([ADAM, RMSPROP, ADAGRAD])(
    'reports an overflow of the squares of $name, though the parameter stays finite',
    (optimizer) => {
      const settings = stepSettings({ optimizer });
      const moments = Array.from({ length: MOMENTS[settings.rule] }, () => new Float32Array(1));
      const w = Float32Array.of(1);
      expect(complete(update(w, Float32Array.of(1e25), moments, settings, 0, true))).toBe(false);
      expect(Number.isFinite(w[0])).toBe(true);
    },
  );

  test('reports a parameter that is no longer finite', () => {
    const finite = (gradient: number, learningRate = 1) =>
      complete(
        update(
          Float64Array.of(1, 2),
          Float64Array.of(1, gradient),
          [],
          stepSettings({ learningRate }),
          0,
          true,
        ),
      );
    expect(finite(1)).toBe(true);
    expect(finite(Number.NaN)).toBe(false);
    expect(finite(1e308, 1e10)).toBe(false);
  });
});
