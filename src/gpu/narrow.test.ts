import { beforeAll, describe, expect, test } from 'vitest';
import { testDevice } from '../../tests/gpu.ts';
import { TestRandom } from '../../tests/random.ts';
import { rejection } from '../../tests/training.ts';
import { createTrainer, type Optimizer, PlanError, type Precision, type TrainerOptions } from '../index.ts';
import { resolveOptions } from '../options.ts';
import { GpuMemory } from './memory.ts';
import { createFusedPlan, type FusedTiling } from './narrow.ts';
import { writeLayers } from './parameters.ts';
import { createContext, type Plan, type PlanContext } from './plan.ts';
import { Readback } from './readback.ts';
import { createResidentPlan, type ResidentTiling } from './resident.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const STEPS = 7;

/** The parameters' bits after some steps of a plan. */
async function bitsAfter(
  options: TrainerOptions,
  create: (context: PlanContext) => Promise<Plan>,
): Promise<Uint32Array> {
  const { setup } = resolveOptions(options);
  const memory = new GpuMemory(device, setup.precision);
  const context = await createContext(memory, setup);
  const { network, schedule } = context;
  writeLayers(memory, network.parameters, setup.start());
  const plan = await create(context);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  plan.encode(pass, 0, 0, STEPS, false);
  pass.end();
  schedule.write(0, STEPS);
  const { buffer } = network.parameters[0].weights;
  const readback = new Readback(memory, buffer.size / 4);
  readback.copy(encoder, buffer, buffer.size / 4);
  memory.submit(encoder);
  const [bytes] = await readback.read();
  memory.destroy();
  return new Uint32Array(bytes);
}

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
  const shapes: [string, Partial<TrainerOptions>][] = [
    ['a hidden layer', { hidden: [37] }],
    ['no hidden layer', { hidden: [] }],
    ['a hidden layer and mini-batches', { hidden: [11], batchSize: 20 }],
  ];
  const cases = shapes.map(([name, shape], i) => ({ name, shape, optimizer: optimizers[i] }));

  test.each(cases)(
    'every tiling of the fused and the resident plan gives the same bits, with $name',
    async ({ shape, optimizer }) => {
      const data = new TestRandom(3).dataset(53, 5, 4);
      const options = { data, learningRate: 0.05, l2: 0.01, optimizer, seed: 1, precision, ...shape };
      const expected = await bitsAfter(options, (context) =>
        createFusedPlan(context, { rows: 1, units: 1, forwardWorkgroup: 64, backwardWorkgroup: 64 }),
      );
      expect(new Set(expected).size, 'different numbers').toBeGreaterThan(20);
      for (const tiling of FUSED) {
        expect(await bitsAfter(options, (context) => createFusedPlan(context, tiling))).toEqual(expected);
      }
      for (const tiling of RESIDENT) {
        expect(await bitsAfter(options, (context) => createResidentPlan(context, tiling))).toEqual(expected);
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

test.each<[string, RegExp, Partial<TrainerOptions>]>([
  ['fused', /at most one hidden layer, and this network has 2/, { hidden: [3, 3] }],
  [
    'fused',
    /at most 16 features, and the data has 17/,
    { data: new TestRandom(1).dataset(2, 17, 2), hidden: [3] },
  ],
  ['fused', /at most 16 classes, and the data has 17/, { data: new TestRandom(1).dataset(2, 3, 17) }],
  ['fused', /at most 4096 hidden units, and here are 4097/, { hidden: [4097] }],
  ['fused', /at most 4096 rows a step, and here are 4097/, { data: new TestRandom(1).dataset(4097, 2, 2) }],
  ['resident', /at most \d+ bytes .* these need \d+/, { hidden: [4096] }],
  ['resident', /at most one hidden layer/, { hidden: [3, 3] }],
])('the plan %s refuses what it does not take: %s', async (plan, reason, options) => {
  const data = new TestRandom(1).dataset(9, 2, 3);
  const work = createTrainer({ data, learningRate: 1, device, ...options, plan: plan as 'fused' });
  const error = await rejection(work);
  expect(error).toBeInstanceOf(PlanError);
  expect((error as PlanError).plan).toBe(plan);
  expect((error as PlanError).message).toMatch(reason);
  expect((error as PlanError).message).toMatch(/Use plan: 'auto', or 'layered'/);
});

test('without a wish, the shape decides', async () => {
  const data = new TestRandom(1).dataset(9, 2, 3);
  for (const [hidden, plan] of [
    [[], 'fused'],
    [[7], 'fused'],
    [[7, 7], 'layered'],
  ] as const) {
    const trainer = await createTrainer({ data, hidden: [...hidden], learningRate: 1, device });
    expect(trainer.plan).toBe(plan);
    trainer.destroy();
  }
});
