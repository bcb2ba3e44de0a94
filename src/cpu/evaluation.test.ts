import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { expectClose } from '../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { rejection } from '../../tests/helpers/trainers/training.ts';
import { createTrainer, type Dataset, NonFiniteError, type TrainerOptions } from '../index.ts';

afterEach(() => void vi.unstubAllGlobals());

async function create(data: Dataset, options: Partial<TrainerOptions> = {}) {
  const trainer = await createTrainer({ data, learningRate: 0.1, backend: 'cpu', ...options });
  onTestFinished(() => trainer.destroy());
  return trainer;
}

test('a wide network, whose outputs for many rows fit into no array, trains on few', async () => {
  const random = new TestRandom(1);
  const width = 4_300_000;
  const parameters = [width, 2 * width].map((count, layer) => ({
    weights: new Float32Array(count).fill(1e-3),
    biases: new Float32Array([width, 2][layer]),
  }));
  const trainer = await create(random.dataset(1, 1, 2), { hidden: [width], parameters });
  await trainer.train(1);
  expect((await trainer.measure(random.dataset(3, 1, 2))).step).toBe(1);
  expect((await trainer.predict(random.floats(3))).labels).toHaveLength(3);
  await trainer.gradients();
});

test('with little memory a trainer evaluates fewer rows at a time, with the same bits', async () => {
  const rows = new TestRandom(2).dataset(300, 2, 3);
  const options = { hidden: [40], batchSize: 10 };
  const ample = await create(rows, options);
  const expected = [await ample.measure(), await ample.predict(rows.inputs)];
  const scarce = new Proxy(Float32Array, {
    construct(target, args: [number]) {
      // The outputs of a hundred rows do not fit.
      if (args[0] >= 100 * 40) throw new RangeError('Array buffer allocation failed');
      return new target(...args);
    },
  });
  vi.stubGlobal('Float32Array', scarce);
  const trainer = await create(rows, options);
  expect([await trainer.measure(), await trainer.predict(rows.inputs)]).toEqual(expected);
  await trainer.gradients();
});

test.each([1, 3, 100, 255])('a trainer on %i rows measures others with the same bits', async (count) => {
  const random = new TestRandom(3);
  const rows = random.dataset(1000, 2, 3);
  const parameters = random.parameters([2, 9, 3]);
  const whole = await create(rows, { hidden: [9], parameters });
  const few = await create(random.dataset(count, 2, 3), { hidden: [9], parameters });
  expect(await few.measure(rows)).toEqual(await whole.measure());
  expect(await few.predict(rows.inputs)).toEqual(await whole.predict(rows.inputs));
});

test.each([
  // λ, weights, and ½·λ·ΣW².
  [1e-300, [1e160, 0], 5e19],
  [1e300, [1e-170, 0], 5e-41],
  [1e-300, [1e160, 1e160], 1e20],
  [5e-324, [1e300, 0], 5e-324 * 1e300 * 1e300 * 0.5],
  [1e308, [2e-162, 2e-200], 2e-16],
  [1e300, [5e-324, 0], 0],
  [3, [0, 0], 0],
  [0, [1e200, 1], 0],
])('λ %d and weights %j have the L2 term %d', async (l2, weights, term) => {
  const rows = {
    inputs: Float64Array.of(1e-300),
    labels: Uint32Array.of(0),
    count: 1,
    features: 1,
    classes: 2,
  };
  const parameters = [{ weights: Float64Array.from(weights), biases: new Float64Array(2) }];
  const trainer = await create(rows, { l2, parameters, precision: 'double' });
  const { l2Loss, dataLoss, loss } = await trainer.measure();
  expectClose([l2Loss], [term], 4 * Number.EPSILON * term);
  expect(loss).toBe(dataLoss + l2Loss);
});

test('an L2 term above all numbers is refused', async () => {
  const rows = { inputs: Float64Array.of(0), labels: Uint32Array.of(0), count: 1, features: 1, classes: 2 };
  const parameters = [{ weights: Float64Array.of(1e160, 1), biases: new Float64Array(2) }];
  const trainer = await create(rows, { l2: 1e-10, parameters, precision: 'double' });
  expect(await rejection(trainer.measure())).toBeInstanceOf(NonFiniteError);
});
