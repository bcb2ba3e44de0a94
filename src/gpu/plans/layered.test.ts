import { beforeAll, describe, expect, test } from 'vitest';
import { ROWS_PER_STRIP } from '../../../shaders/column-sums.wgsl.ts';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { bitsAfter } from '../../../tests/helpers/kernels/plans.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL, inTurn } from '../../../tests/helpers/tier.ts';
import { measurements } from '../../../tests/helpers/trainers/training.ts';
import { createTrainer, type Optimizer, type TrainerOptions } from '../../index.ts';
import { createLayeredPlan } from './layered.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const OPTIMIZERS: Record<string, Optimizer> = {
  sgd: { name: 'sgd' },
  momentum: { name: 'sgd', momentum: 0.9 },
  adam: { name: 'adam' },
};

const QUADS = 'products that are large enough for quads';
const ACTIVATIONS = 'seven hidden layers with every activation';
const SHAPES: [string, Partial<TrainerOptions>][] = [
  ['no hidden layer', { hidden: [] }],
  [
    'one hidden layer and a step of some strips',
    { hidden: [6], data: new TestRandom(4).dataset(ROWS_PER_STRIP + 60, 3, 3) },
  ],
  ['two hidden layers and mini-batches with a short last one', { hidden: [17, 9], batchSize: 20 }],
  [QUADS, { hidden: [68, 64], data: new TestRandom(5).dataset(260, 66, 3) }],
  ['five hidden layers, without L2', { hidden: [1, 3, 4, 5, 8], l2: 0 }],
  [
    ACTIVATIONS,
    {
      hidden: [5, 6, 7, 5, 6, 7, 8],
      activation: ['leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity', 'relu'],
    },
  ],
];

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  // By default without quads and many layers in double precision, which take longest to compile;
  // shaders/matmul.test.ts has the bits of quads.
  const shapes = SHAPES.filter(
    ([name]) => ALL || precision === 'single' || ![QUADS, ACTIVATIONS].includes(name),
  );
  const cases = inTurn(shapes, Object.entries(OPTIMIZERS), precision === 'single' ? 0 : 1).map(
    ([[name, shape], [by, optimizer]]) => ({ name, shape, by, optimizer }),
  );
  test.each(cases)(
    'with $by the plan fused gives the bits of the plan layered: $name',
    async ({ shape, optimizer }) => {
      const options = {
        data: new TestRandom(3).dataset(53, 5, 4),
        learningRate: 0.05,
        l2: 0.01,
        optimizer,
        precision,
        ...shape,
      };
      const [layered, fused] = await Promise.all(
        (['layered', 'fused'] as const).map((name) =>
          bitsAfter(device, options, 7, (context) => createLayeredPlan(context, name)),
        ),
      );
      expect(new Set(layered[0]).size, 'different numbers').toBeGreaterThan(20);
      expect(fused).toEqual(layered);
    },
  );
});

test('what is measured on the way has the same bits too, and a checkpoint goes from one plan to the other', async () => {
  const data = new TestRandom(3).dataset(53, 5, 4);
  const options = {
    data,
    hidden: [9, 7],
    learningRate: 0.05,
    l2: 0.01,
    optimizer: OPTIMIZERS.momentum,
    device,
  };
  const [layered, fused] = await Promise.all(
    (['layered', 'fused'] as const).map((plan) => createTrainer({ ...options, plan })),
  );
  const run = { steps: 20, every: 3 };
  expect(await measurements(fused, run)).toEqual(await measurements(layered, run));
  expect(await fused.gradients()).toEqual(await layered.gradients());
  await fused.restore(await layered.save());
  for (const trainer of [layered, fused]) await trainer.train(5);
  expect(await fused.save()).toEqual(await layered.save());
  for (const trainer of [layered, fused]) trainer.destroy();
});
