import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import { createTrainer, type Dataset, type TrainerOptions } from '../index.ts';

afterEach(() => void vi.unstubAllGlobals());

async function create(data: Dataset, options: Partial<TrainerOptions> = {}) {
  const trainer = await createTrainer({ data, learningRate: 0.1, backend: 'cpu', ...options });
  onTestFinished(() => trainer.destroy());
  return trainer;
}

test('a wide network, whose outputs for many rows fit into no array, trains on few', async () => {
  const random = new TestRandom(1);
  const trainer = await create(random.dataset(1, 1, 2), { hidden: [4_300_000] });
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
