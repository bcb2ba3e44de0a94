import { beforeAll, describe, expect, test } from 'vitest';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { bitsAfter } from '../../../tests/helpers/kernels/plans.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL, cases } from '../../../tests/helpers/tier.ts';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import {
  type Activation,
  createTrainer,
  type Optimizer,
  PlanError,
  type Precision,
  type TrainerOptions,
  timeKernels,
} from '../../index.ts';
import { createFusedPlan, type FusedTiling } from './fused-narrow.ts';
import type { Plan, PlanContext } from './plan.ts';
import type { ResidentTiling } from './resident.ts';
import { createResidentPlan } from './resident.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const STEPS = 7;

const bits = (options: TrainerOptions, create: (context: PlanContext) => Promise<Plan>) =>
  bitsAfter(device, options, STEPS, create);

const FUSED: FusedTiling[] = [
  { rows: 3, units: 2, forwardWorkgroup: 1, backwardWorkgroup: 3 },
  { rows: 2, units: 3, forwardWorkgroup: 4, backwardWorkgroup: 4 },
];
const RESIDENT: ResidentTiling[] = [
  { rows: 1, units: 1, workgroup: 256 },
  { rows: 2, units: 1, workgroup: 5 },
];

describe.each(['single', 'double'] as const)('in %s precision', (precision: Precision) => {
  const optimizers: Optimizer[] = [{ name: 'sgd' }, { name: 'sgd', momentum: 0.9 }, { name: 'adam' }];
  // By default in double precision one activation, as each takes long to compile.
  const activations = cases<Activation>(precision === 'single' ? ['elu', 'tanh', 'softplus'] : ['sigmoid'], [
    'leaky-relu',
    'elu',
    'tanh',
    'softplus',
    'identity',
  ]);
  const shapes: [string, Partial<TrainerOptions>][] = [
    ['a hidden layer', { hidden: [37] }],
    ['no hidden layer', { hidden: [], data: new TestRandom(3).dataset(53, 9, 4) }],
    ['a hidden layer and mini-batches', { hidden: [11], batchSize: 20 }],
    ...activations.map((activation): [string, Partial<TrainerOptions>] => [
      `a hidden layer of ${activation}`,
      { hidden: [11], activation },
    ]),
  ];
  // By default in double precision, each plan takes one tiling in turn.
  const every = ALL || precision === 'single';
  const tried = shapes.map(([name, shape], i) => ({
    name,
    shape,
    optimizer: optimizers[i % optimizers.length],
    fused: every ? FUSED : [FUSED[i % FUSED.length]],
    resident: every ? RESIDENT : [RESIDENT[i % RESIDENT.length]],
  }));

  test.each(tried)(
    'every tiling of the fused and the resident plan gives the same bits, with $name',
    async ({ shape, optimizer, fused, resident }) => {
      const data = new TestRandom(3).dataset(53, 3, 4);
      const options = { data, learningRate: 0.05, l2: 0.01, optimizer, seed: 1, precision, ...shape };
      const expected = await bits(options, (context) =>
        createFusedPlan(context, { rows: 1, units: 1, forwardWorkgroup: 64, backwardWorkgroup: 64 }),
      );
      expect(new Set(expected[0]).size, 'different numbers').toBeGreaterThan(20);
      for (const tiling of fused) {
        expect(await bits(options, (context) => createFusedPlan(context, tiling))).toEqual(expected);
      }
      for (const tiling of resident) {
        expect(await bits(options, (context) => createResidentPlan(context, tiling))).toEqual(expected);
      }
    },
  );
});

test('a resident dispatch makes no more steps than its loops allow, and a training is whole all the same', async () => {
  const data = new TestRandom(3).dataset(700, 2, 2);
  const options = { data, hidden: [100], learningRate: 0.05, device };
  const [resident, fused] = await Promise.all(
    (['resident', 'fused'] as const).map((plan) => createTrainer({ ...options, plan })),
  );
  for (const trainer of [resident, fused]) await trainer.train(40);
  expect(await resident.parameters()).toEqual(await fused.parameters());
  for (const trainer of [resident, fused]) trainer.destroy();
});

test.each<[RegExp, Partial<TrainerOptions>]>([
  [/at most one hidden layer, and this network has 2/, { hidden: [3, 3] }],
  [/at most 16 features, and the data has 17/, { data: new TestRandom(1).dataset(2, 17, 2), hidden: [3] }],
  [/at most 16 classes, and the data has 17/, { data: new TestRandom(1).dataset(2, 3, 17) }],
  [/at most 4096 hidden units, and here are 4097/, { hidden: [4097] }],
  [/at most 4096 rows a step, and here are 4097/, { data: new TestRandom(1).dataset(4097, 2, 2) }],
  [/at most \d+ bytes .* these need \d+/, { hidden: [4096] }],
])('the plan resident refuses what it does not take: %s', async (reason, options) => {
  const data = new TestRandom(1).dataset(9, 2, 3);
  const work = createTrainer({ data, learningRate: 1, device, ...options, plan: 'resident' });
  const error = await rejection(work);
  expect(error).toBeInstanceOf(PlanError);
  expect((error as PlanError).plan).toBe('resident');
  expect((error as PlanError).takes).toMatch(reason);
  expect((error as PlanError).message).toContain(`takes ${(error as PlanError).takes}. `);
  expect((error as PlanError).message).toMatch(/Use plan: 'auto', or 'fused' or 'layered', which take every/);
});

test('without a wish a network of any shape is fused', async () => {
  const data = new TestRandom(1).dataset(9, 2, 3);
  for (const [hidden, dispatches] of [
    [[], 2],
    [[7], 2],
    [[7, 7], 4 * 3],
  ] as const) {
    const options = { data, hidden: [...hidden], learningRate: 1, device };
    const trainer = await createTrainer(options);
    expect(trainer.plan).toBe('fused');
    trainer.destroy();
    expect(await timeKernels(options, { repetitions: 1 })).toHaveLength(dispatches);
  }
});
