import { expect, test } from 'vitest';
import { Dropout, dropoutStep } from '../../../src/data/dropout.ts';
import {
  type Activation,
  spiral,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { lowerLimits } from '../../helpers/devices/lowered-limits.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL } from '../../helpers/tier.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();
const data = spiral({ perClass: 20 });
const base = { data, hidden: [12], learningRate: 0.2, dropout: 0.4, seed: 5, tuning: SMALL };

const PLANS: Partial<TrainerOptions>[] = [
  { plan: 'layered' },
  { plan: 'fused' },
  { plan: 'resident' },
  { plan: 'layered', hidden: [7, 5] },
  { plan: 'fused', hidden: [7, 5] },
];
const ACTIVATIONS: Activation[] = ['relu', 'tanh', 'elu', 'identity', 'leaky-relu', 'sigmoid', 'softplus'];
const BATCHES = [60, 9];
const PRECISIONS = ['single', 'double'] as const;

/** Every plan with some of the rest; in the tier `all` every plan with all of it. */
const CASES = PLANS.flatMap((plan, p) =>
  ACTIVATIONS.flatMap((activation, a) =>
    BATCHES.flatMap((batchSize, b) =>
      PRECISIONS.flatMap((precision, c) =>
        ALL || ((a === p || a === (p + 3) % 7) && b === a % 2 && c === Number(p === 1 || p === 2))
          ? [{ ...plan, activation, batchSize, precision }]
          : [],
      ),
    ),
  ),
);

test.each(CASES.map((own) => [JSON.stringify(own), own] as const))(
  '%s: as on the CPU in float64',
  async (_, own) => {
    const options = { ...base, ...own, optimizer: { name: 'sgd', momentum: 0.5 } as const };
    const gpu = await trainers.create({ ...options, device: trainers.device });
    const cpu = await trainers.create({ ...options, plan: 'auto', precision: 'double', backend: 'cpu' });
    const tolerance = own.precision === 'single' ? 2e-5 : 1e-9;
    for (const trainer of [gpu, cpu]) await trainer.train(20);
    const [actual, expected] = [await gpu.parameters(), await cpu.parameters()];
    for (const [layer, { weights, biases }] of expected.entries()) {
      expectClose(actual[layer].weights, weights, tolerance, `weights ${layer}`);
      expectClose(actual[layer].biases, biases, tolerance, `biases ${layer}`);
    }
    expectClose([(await gpu.measure()).loss], [(await cpu.measure()).loss], tolerance);
  },
);

const named = (tensors: Tensor[], name: string) => {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`There is no tensor '${name}'.`);
  return Array.from(found.values);
};

test.each(['cpu', 'webgpu'] as const)('on %s, a step shows what it drops', async (backend) => {
  const on = backend === 'cpu' ? { backend } : { device: trainers.device };
  const trainer = await trainers.create({ ...base, activation: 'tanh', batchSize: 9, ...on });
  await trainer.train(3);
  const tensors = await trainer.inspect();
  const mask = named(tensors, 'hidden 0').map((h) => (h === 0 ? 0 : 1));
  const share = mask.reduce<number>((sum, kept) => sum + kept, 0) / mask.length;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.8);
  const dropped = (name: string) => named(tensors, name).map((value, i) => (mask[i] * value) / 0.6);
  expectClose(named(tensors, 'hidden 0'), dropped('hidden 0 before dropout'), 1e-6);
  expectClose(named(tensors, 'dhidden 0 before'), dropped('dhidden 0 before dropout'), 1e-6);
  const h = named(tensors, 'hidden 0 before dropout');
  const gradient = named(tensors, 'dhidden 0 before').map((d, i) => d * (1 - h[i] ** 2));
  expectClose(named(tensors, 'dhidden 0'), gradient, 1e-6);
  const lines = trainer.operations.map(({ name }) => name);
  expect(lines).toEqual(expect.arrayContaining(['dropout 0', 'dropout of dhidden 0', 'tanh derivative 0']));
});

test('measurements, predictions, activations and gradients drop nothing', async () => {
  for (const on of [{ backend: 'cpu' as const }, { plan: 'layered' as const, device: trainers.device }]) {
    const trainer = await trainers.create({ ...base, ...on });
    const plain = await trainers.create({
      ...base,
      ...on,
      dropout: 0,
      parameters: await trainer.parameters(),
    });
    const looks = (of: Trainer) =>
      Promise.all([of.measure(), of.predict(data.inputs), of.activations(data.inputs), of.gradients()]);
    expect(await looks(trainer)).toEqual(await looks(plain));
    const { value } = await trainer.run({ steps: 1, every: 1 }).next();
    expect(value).toEqual(await plain.measure());
  }
});

test('the mask depends on seed and step: a restored trainer and other plans drop the same', async () => {
  const states = [];
  for (const plan of ['fused', 'resident'] as const) {
    const options = { ...base, plan, batchSize: 9, device: trainers.device };
    const trainer = await trainers.create(options);
    await trainer.train(11);
    const saved = await trainer.save();
    await trainer.train(9);
    states.push(await trainer.save());
    const restored = await trainers.create({ ...options, seed: 77 });
    await restored.restore(saved);
    await restored.train(9);
    states.push(await restored.save());
  }
  for (const state of states) expect(state).toEqual(states[0]);
});

test.each(['layered', 'fused', 'resident'] as const)(
  '%s: rows that are sent keep their own masks',
  async (plan) => {
    const small = await testDevice();
    lowerLimits(small, 64 * 1024);
    const rows = new TestRandom(8).dataset(5000, 12, 3);
    const options = { ...base, data: rows, hidden: [5], batchSize: 200, plan };
    const trainer = await trainers.create({ ...options, device: small });
    const whole = await trainers.create({ ...options, device: trainers.device });
    for (const one of [trainer, whole]) await one.train(30);
    expect(await trainer.save()).toEqual(await whole.save());
  },
);

test('about the share is dropped, in every row, unit, layer and step, and independently', () => {
  const [rows, width, share] = [200, 50, 0.3];
  const mask = (seed: number, step: number, layer: number) => {
    const values = new Float64Array(rows * width).fill(1);
    new Dropout(dropoutStep(share, seed, step)).apply(values, layer, width, 0, rows);
    return values.map((value) => (value === 0 ? 1 : 0));
  };
  const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x) / values.length;
  const masks = [
    mask(0, 0, 0),
    mask(0, 1, 0),
    mask(1, 0, 0),
    mask(0, 0, 1),
    mask(0, 2 ** 32, 0),
    mask(0, 2 ** 40, 0),
  ];
  for (const [i, one] of masks.entries()) {
    // Five standard deviations of a mean of 10,000 draws.
    expect(Math.abs(mean(one) - share)).toBeLessThan(0.023);
    for (let row = 0; row < rows; row++) {
      expect(Math.abs(mean(one.subarray(row * width, (row + 1) * width)) - share)).toBeLessThan(0.33);
    }
    for (const other of masks.slice(i + 1)) {
      const both = mean(one.map((dropped, k) => dropped * other[k]));
      expect(Math.abs(both - share ** 2)).toBeLessThan(0.015);
    }
  }
});
