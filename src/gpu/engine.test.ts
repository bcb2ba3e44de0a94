import { beforeAll, describe, expect, test } from 'vitest';
import { countBuffers, endingDevice, testDevice } from '../../tests/helpers/devices/gpu.ts';
import { expectClose } from '../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { ALL, inTurn } from '../../tests/helpers/tier.ts';
import {
  expectParameters,
  measurements,
  rejection,
  WITHOUT_SNAPSHOTS,
} from '../../tests/helpers/trainers/training.ts';
import { SMALL } from '../../tests/helpers/trainers/tuning.ts';
import {
  caseStudy,
  createTrainer,
  DeviceLostError,
  LimitError,
  NonFiniteError,
  type PlanName,
  type Precision,
  type TrainerOptions,
} from '../index.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

type Rule = Pick<TrainerOptions, 'learningRate' | 'optimizer'>;

/** Learning rates with which each optimizer's steps have about the same size. */
const OPTIMIZERS: [string, Rule][] = [
  ['sgd', { learningRate: 0.05, optimizer: { name: 'sgd' } }],
  ['momentum', { learningRate: 0.05, optimizer: { name: 'sgd', momentum: 0.9 } }],
  ['adam', { learningRate: 0.01, optimizer: { name: 'adam', beta2: 0.99 } }],
  ['nesterov', { learningRate: 0.05, optimizer: { name: 'sgd', momentum: 0.9, nesterov: true } }],
  ['rmsprop', { learningRate: 0.01, optimizer: { name: 'rmsprop', decay: 0.9, epsilon: 1e-3 } }],
  ['adagrad', { learningRate: 0.05, optimizer: { name: 'adagrad', epsilon: 1e-3 } }],
];

const TERMS: [string, Pick<TrainerOptions, 'l1' | 'weightDecay'>][] = [
  ['no further term', {}],
  ['L1 and weight decay', { l1: 0.01, weightDecay: 0.5 }],
  ['L1', { l1: 0.01 }],
  ['weight decay', { weightDecay: 0.5 }],
];

/** The same training on the GPU and, in float64, on the CPU. */
async function both(options: TrainerOptions) {
  const oracle = await createTrainer({ ...options, backend: 'cpu', precision: 'double' });
  const trainer = await createTrainer({ ...options, backend: 'webgpu', device, tuning: SMALL });
  expect(trainer.backend).toBe('webgpu');
  if (options.plan) expect(trainer.plan).toBe(options.plan);
  expect(trainer.precision).toBe(options.precision ?? 'single');
  return { oracle, trainer };
}

/**
 * The rounding of thirty steps, at 6e-8 or 4e-15 each, which a ReLU network of this size may
 * amplify some tenfold.
 */
const TOLERANCES = {
  single: { loss: 2e-5, parameters: 5e-5 },
  double: { loss: 1e-11, parameters: 1e-11 },
};

const PLAN_NAMES: PlanName[] = ['layered', 'fused', 'resident'];
const PLANS: [PlanName, Precision][] = [
  ['layered', 'single'],
  ['layered', 'double'],
  ['fused', 'single'],
  ['fused', 'double'],
  ['resident', 'single'],
  ['resident', 'double'],
];

/** Networks of every depth. */
const DEEP: [string, Partial<TrainerOptions>][] = [
  ['no hidden layer', { hidden: [] }],
  ['two hidden layers', { hidden: [17, 9] }],
  ['two hidden layers and mini-batches with a short last one', { hidden: [17, 9], batchSize: 8 }],
  ['batches of one row', { hidden: [3, 2], batchSize: 1 }],
  ['five hidden layers of every size around the tile', { hidden: [1, 3, 4, 5, 8] }],
];
/** Networks with at most one hidden layer, of sizes around those that an invocation takes. */
const NARROW: [string, Partial<TrainerOptions>][] = [
  ['no hidden layer', { hidden: [] }],
  ['no hidden layer and mini-batches', { hidden: [], batchSize: 8 }],
  ['a hidden layer of one unit', { hidden: [1] }],
  ['a hidden layer', { hidden: [37] }],
  ['a hidden layer and mini-batches with a short last one', { hidden: [9], batchSize: 8 }],
  ['batches of one row', { hidden: [3], batchSize: 1 }],
];

describe.each(PLANS)('the %s plan in %s precision follows the oracle', (plan, precision) => {
  const tolerance = TOLERANCES[precision];
  const random = new TestRandom(11);
  const data = random.dataset(53, 5, 4);
  const deep = plan === 'fused' ? DEEP.filter(([, { hidden = [] }]) => hidden.length > 1) : DEEP;
  const shapes = { layered: DEEP, fused: [...NARROW, ...deep], resident: NARROW };
  // By default every other network in double precision, which takes far longer to compile.
  const tried = shapes[plan].filter((_, i) => ALL || precision === 'single' || i % 2 === 0);
  // By default each plan takes every optimizer, and each optimizer each term, in some shape.
  const pairs = inTurn(tried, OPTIMIZERS, precision === 'single' ? 0 : 5);
  const offset = PLAN_NAMES.indexOf(plan) + (precision === 'single' ? 0 : 2);
  const cases = pairs.map(([[name, shape], [optimizer, rule]], i) => {
    const [terms, factors] = TERMS[(i + Math.floor(i / OPTIMIZERS.length) + offset) % TERMS.length];
    return { name, shape, optimizer, rule, terms, factors };
  });

  test.each(cases)('$name, $optimizer, $terms', async ({ shape, rule, factors }) => {
    const { oracle, trainer } = await both({
      data,
      ...shape,
      ...rule,
      ...factors,
      l2: 0.01,
      seed: 7,
      precision,
      plan,
    });
    const run = { steps: 30, every: 3 };
    const [expected, actual] = [await measurements(oracle, run), await measurements(trainer, run)];
    expect(actual.map(({ step }) => step)).toEqual(expected.map(({ step }) => step));
    const column = (field: 'loss' | 'dataLoss' | 'l2Loss' | 'l1Loss' | 'accuracy') => [
      actual.map((row) => row[field]),
      expected.map((row) => row[field]),
    ];
    for (const field of ['loss', 'dataLoss', 'l2Loss', 'l1Loss'] as const) {
      const [ours, theirs] = column(field);
      expectClose(ours, theirs, tolerance.loss, field);
    }
    const [ours, theirs] = column('accuracy');
    expectClose(ours, theirs, 1e-12, 'accuracy');
    expectParameters(await trainer.parameters(), await oracle.parameters(), tolerance.parameters);

    const inputs = new TestRandom(12).floats(5 * 31);
    const [prediction, reference] = [await trainer.predict(inputs), await oracle.predict(inputs)];
    expectClose(prediction.probabilities, reference.probabilities, tolerance.parameters, 'probabilities');
    expect(prediction.labels).toEqual(reference.labels);
    trainer.destroy();
  });
});

test.each(['single', 'double'] as const)(
  'measures and predicts data of any length, in %s',
  async (precision) => {
    const random = new TestRandom(5);
    const { oracle, trainer } = await both({
      data: random.dataset(9001, 3, 3),
      hidden: [6],
      learningRate: 0.1,
      l2: 0.1,
      batchSize: 64,
      precision,
    });
    const tolerance = precision === 'single' ? 1e-6 : 1e-12;
    await trainer.train(5);
    await oracle.train(5);
    for (const data of [undefined, random.dataset(1, 3, 3), random.dataset(4097, 3, 3)]) {
      const [actual, expected] = await Promise.all(
        [trainer, oracle].map((own) => (data ? own.measure(data) : own.measure())),
      );
      expectClose([actual.loss, actual.l2Loss], [expected.loss, expected.l2Loss], tolerance);
      expectClose([actual.accuracy], [expected.accuracy], 1e-3);
      expect(actual.step).toBe(5);
    }
    const inputs = random.floats(3 * 8193);
    const [prediction, reference] = [await trainer.predict(inputs), await oracle.predict(inputs)];
    expectClose(prediction.probabilities, reference.probabilities, 10 * tolerance);
    trainer.destroy();
  },
);

test('10,000 steps leave no buffer behind, and destroy frees all', async () => {
  const device = await testDevice();
  const count = countBuffers(device);
  const data = new TestRandom(1).dataset(5, 2, 2);
  const trainer = await createTrainer({ data, learningRate: 0.1, device, recovery: WITHOUT_SNAPSHOTS });
  // Plans have different buffers.
  await trainer.tune();
  await trainer.train(10);
  await trainer.measure();
  const before = count.alive;
  await trainer.train(9_000);
  await measurements(trainer, { steps: 1000, every: 10 });
  await trainer.measure();
  await trainer.measure(data);
  await trainer.predict(data.inputs);
  await trainer.restore(await trainer.save());
  expect(count.alive).toBe(before);
  expect(trainer.step).toBe(10_010);
  trainer.destroy();
  expect(count.alive).toBe(0);
});

test('divergence ends a run with the step, not with NaN', async () => {
  const trainer = await createTrainer({ ...caseStudy.network.options, learningRate: 1e20, device });
  const error = await rejection(measurements(trainer, { steps: 100, every: 1 }));
  expect(error).toBeInstanceOf(NonFiniteError);
  const oracle = await createTrainer({
    ...caseStudy.network.options,
    learningRate: 1e20,
    backend: 'cpu',
  });
  const expected = await rejection(measurements(oracle, { steps: 100, every: 1 }));
  expect((error as NonFiniteError).step).toBe((expected as NonFiniteError).step);
  expect(await rejection(trainer.train(1))).toBeInstanceOf(NonFiniteError);
  trainer.destroy();
});

test('what does not fit the device is refused before anything is left on it', async () => {
  const device = await testDevice();
  const count = countBuffers(device);
  const { maxStorageBufferBindingSize } = device.limits;
  const width = Math.ceil(maxStorageBufferBindingSize / 4 / 300) + 1;
  const data = new TestRandom(1).dataset(300, 1, 2);
  const error = await rejection(createTrainer({ data, hidden: [width], learningRate: 1, device }));
  expect(error).toBeInstanceOf(LimitError);
  expect((error as LimitError).available).toBe(maxStorageBufferBindingSize);
  expect((error as LimitError).needed).toBeGreaterThan(maxStorageBufferBindingSize);
  expect(count.alive).toBe(0);
});

test('a trainer that is destroyed because its device was lost ends with the loss', async () => {
  const lost = await endingDevice();
  const trainer = await createTrainer({ ...caseStudy.linear.options, device: lost, recovery: false });
  lost.lost.then(() => trainer.destroy());
  const work = [trainer.train(1_000_000), trainer.gradients()].map(rejection);
  lost.destroy();
  for (const error of await Promise.all(work)) expect(error).toBeInstanceOf(DeviceLostError);
});

test.each(['single', 'double'] as const)(
  'a trainer cannot be made on a lost device, in %s precision',
  async (precision) => {
    const options = { ...caseStudy.linear.options, precision, recovery: false } as const;
    const lost = await endingDevice();
    lost.destroy();
    expect(await rejection(createTrainer({ ...options, device: lost }))).toBeInstanceOf(DeviceLostError);
    const losing = await endingDevice();
    const work = createTrainer({ ...options, device: losing });
    losing.destroy();
    expect(await rejection(work)).toBeInstanceOf(DeviceLostError);
  },
);

test('a lost device is an error that says so', async () => {
  const lost = await endingDevice();
  const trainer = await createTrainer({ ...caseStudy.linear.options, device: lost, recovery: false });
  const checkpoint = await trainer.save();
  const work = trainer.train(1_000_000);
  lost.destroy();
  expect(await rejection(work)).toBeInstanceOf(DeviceLostError);
  const { data } = caseStudy.linear.options;
  for (const call of [
    () => trainer.train(1),
    () => trainer.measure(),
    () => trainer.measure(data),
    () => trainer.predict(data.inputs),
    () => trainer.activations(data.inputs),
    () => trainer.gradients(),
    () => trainer.save(),
    () => trainer.restore(checkpoint),
  ]) {
    expect(await rejection(call())).toBeInstanceOf(DeviceLostError);
  }
  trainer.destroy();
});
