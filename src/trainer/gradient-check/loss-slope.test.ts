import { describe, expect, test, vi } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { testTrainers } from '../../../tests/helpers/trainers/trainers.ts';
import { CpuNetwork } from '../../cpu/network.ts';
import { checkGradients, createTrainer, type Dataset, type TrainerOptions } from '../../index.ts';
import { hasKink, lossSlope, PLACES } from './loss-slope.ts';

const trainers = testTrainers();

/** The changes of logits along d at the places of a difference, with steps of h. */
const along = (d: number[], h: number) => PLACES.map((place) => Float64Array.from(d, (x) => place * h * x));

describe('the slope of a loss along a change of the logits', () => {
  const z = Float64Array.of(0.5, 2, -1.25);
  const d = [1, -0.5, 0.25];
  const h = 2 ** -12;

  test('of hinge counts the margins above 0', () => {
    // The margins of the label 0 are 2.5 and −0.75.
    const slope = lossSlope('hinge', z, along(d, h), Uint32Array.of(0), h);
    expectClose([slope], [-1.5], 1e-12);
    expect(hasKink('hinge', z, along(d, h), Uint32Array.of(0))).toBe(false);
  });

  test('of squared errors is (z − t)·d, also of large and small outputs', () => {
    for (const size of [1e-9, 1, 1e9]) {
      const [values, targets] = [z.map((x) => size * x), Float64Array.of(size, size, size)];
      const slope = lossSlope('squared-error', values, along(d, h), targets, h);
      const exact = d.reduce((sum, change, k) => sum + change * (values[k] - targets[k]), 0);
      expectClose([slope], [exact], 1e-12 * size);
    }
  });

  test('of hinge at a kink is that of the margin, or half of it', () => {
    const logits = Float64Array.of(1, 0, -5);
    const places = along([0, 1, 0], h);
    expect(hasKink('hinge', logits, places, Uint32Array.of(0))).toBe(true);
    expectClose([lossSlope('hinge', logits, places, Uint32Array.of(0), h)], [0], 0);
    expectClose([lossSlope('hinge', logits, places, Uint32Array.of(0), h, 'mean')], [0.5], 1e-12);
  });
});

/** Twenty rows of features about as large as these. */
function rows(features: number[]): Dataset {
  const random = new TestRandom(1);
  const inputs = Float64Array.from(
    random.normals(20 * features.length),
    (x, i) => x * features[i % features.length],
  );
  return { inputs, labels: random.integers(20, 3), count: 20, features: features.length, classes: 3 };
}
const withTargets = ({ labels: _, classes: __, ...own }: Dataset) => ({
  ...own,
  targets: new TestRandom(2).normals(2 * own.count),
  outputs: 2,
});

const LOSSES: [string, (data: Dataset) => object][] = [
  ['hinge', (data) => ({ data, loss: 'hinge' })],
  ['squared error', (data) => ({ data: withTargets(data) })],
  ['hinge with class weights', (data) => ({ data, loss: 'hinge', classWeights: [3, 0, 0.5] })],
];

async function check(options: object) {
  const defaults = { learningRate: 0.1, backend: 'cpu', precision: 'double', l2: 0.01 };
  const trainer = await createTrainer({ ...defaults, ...options } as TrainerOptions);
  try {
    return await checkGradients(trainer);
  } finally {
    trainer.destroy();
  }
}

describe.each(LOSSES)('gradients of %s', (_, of) => {
  test.each([1e-9, 1e-3, 1, 1e3, 1e9])('agree with features of about %d', async (x) => {
    for (const hidden of [[], [6], [6, 5]]) {
      for (const activation of ['relu', 'tanh']) {
        const { largestRelativeError } = await check({ ...of(rows([x, 1])), hidden, activation });
        expect(largestRelativeError).toBeLessThan(1e-6);
      }
    }
  });

  test('a wrong gradient of the loss shows', async () => {
    const right = CpuNetwork.prototype.lossGradient;
    vi.spyOn(CpuNetwork.prototype, 'lossGradient').mockImplementation(function* (this: CpuNetwork, ...given) {
      yield* right.apply(this, given);
      const dLogits = this.dOutputs[this.dOutputs.length - 1];
      dLogits[0] += 0.01;
    });
    try {
      expect((await check(of(rows([1, 1])))).largestRelativeError).toBeGreaterThan(1e-4);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

test('a margin of exactly 0 is a kink: its entries are not compared', async () => {
  const data = { inputs: Float64Array.of(1), labels: Uint32Array.of(0), count: 1, features: 1, classes: 2 };
  const parameters = [{ weights: Float64Array.of(1, 0), biases: new Float64Array(2) }];
  const { tensors } = await check({ data, loss: 'hinge', parameters, l2: 0 });
  for (const { checked, kinks } of tensors) {
    expect(checked).toBe(0);
    expect(kinks.map(({ analytic }) => Math.abs(analytic))).toEqual([0, 0]);
    expectClose(
      kinks.map(({ numeric }) => numeric),
      [-0.5, 0.5],
      1e-9,
    );
  }
});

test('with an L1 term, a weight at 0 is at a kink, and others have its derivative', async () => {
  const parameters = [{ weights: Float64Array.of(0, 0.5, -0.25, 0, 1, -2), biases: new Float64Array(3) }];
  const { tensors, largestRelativeError } = await check({ data: rows([1, 1]), parameters, l1: 0.3 });
  expect(tensors[0].kinks.map(({ row, column }) => [row, column])).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(largestRelativeError).toBeLessThan(1e-7);
  const trainer = await trainers.create({
    data: rows([1, 1]),
    parameters,
    l1: 0.3,
    learningRate: 0.1,
    backend: 'cpu',
  });
  const other = await trainers.create({ data: rows([1, 1]), parameters, learningRate: 0.1, backend: 'cpu' });
  const [own, without] = [await trainer.gradients(), await other.gradients()];
  expectClose(
    own[0].weights.map((g, i) => g - without[0].weights[i]),
    parameters[0].weights.map((w) => 0.3 * Math.sign(w)),
    1e-6,
  );
});
