import { describe, expect, test } from 'vitest';
import { mostIterations } from '../../../src/gpu/device/adapter.ts';
import {
  type Dataset,
  type LayerParameters,
  LimitError,
  NonFiniteError,
  type Optimizer,
  OptionError,
  type PlanName,
  type TrainerOptions,
} from '../../../src/index.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { courseOf, expectation, expectCourse, type FixedOptions } from '../../helpers/oracle/oracle.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL, inTurn } from '../../helpers/tier.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { measurements, rejection } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();

const random = new TestRandom(1);
const data = random.dataset(12, 3, 4);
const scaled = (factor: number): Dataset => ({
  ...data,
  inputs: Float64Array.from(data.inputs, (x) => x * factor),
});
const STEPS = 6;

/** Weights of one magnitude, with alternating signs. */
const sized = (sizes: number[], weight: number): LayerParameters[] =>
  sizes.slice(1).map((fanOut, layer) => ({
    weights: Float64Array.from({ length: sizes[layer] * fanOut }, (_, i) => (i % 2 === 0 ? weight : -weight)),
    biases: new Float64Array(fanOut),
  }));

const SETTINGS: Record<string, Partial<FixedOptions>> = {
  'a learning rate of 0': { learningRate: 0 },
  'a learning rate of 1e-30': { learningRate: 1e-30 },
  'a learning rate of 1e-30 and inputs of 1e20': { learningRate: 1e-30, data: scaled(1e20) },
  'a learning rate of 1e6': { learningRate: 1e6 },
  'l2 of 10': { l2: 10 },
  'l2 of 10 and inputs of 1e20': { l2: 10, data: scaled(1e20), learningRate: 1e-30 },
  'inputs of 1e20': { data: scaled(1e20) },
  'inputs of 1e12 and weights of 1e-12': { data: scaled(1e12), initialization: 1e-12, learningRate: 1e-24 },
  'inputs of 0': { data: scaled(0) },
  'one sample': { data: random.dataset(1, 3, 4) },
  'one class': { data: random.dataset(12, 3, 1) },
  'one sample of one feature in one class': { data: random.dataset(1, 1, 1) },
  'labels all of one class': { data: { ...data, labels: new Uint32Array(12).fill(2) } },
  'batches larger than the data': { batchSize: 1000 },
  'weights of 0': { initialization: 0 },
  'weights of 1e-20': { initialization: 1e-20 },
};

const OPTIMIZERS: Record<string, Optimizer> = {
  SGD: { name: 'sgd' },
  'momentum near 1': { name: 'sgd', momentum: 1 - 2 ** -53 },
  Adam: { name: 'adam' },
  'Adam, both betas 0': { name: 'adam', beta1: 0, beta2: 0 },
  ...(ALL && {
    Nesterov: { name: 'sgd', momentum: 0.9, nesterov: true },
    RMSProp: { name: 'rmsprop' },
    Adagrad: { name: 'adagrad' },
  }),
};

const PLANS: PlanName[] = ['layered', 'fused', 'resident'];
const NETWORKS: [string, number[], PlanName[]][] = [
  ['no hidden layer', [], PLANS],
  ['a hidden layer', [5], PLANS],
  ['a hidden layer of one unit', [1], ['fused']],
  ['seven hidden layers', [5, 6, 5, 5, 7, 6, 5], ALL ? ['layered', 'fused'] : ['fused']],
];

/** The settings nearest to the limits of numbers. */
const FEW_SETTINGS = [
  'a learning rate of 1e-30 and inputs of 1e20',
  'l2 of 10',
  'inputs of 1e12 and weights of 1e-12',
  'weights of 1e-20',
];

describe.each(trainers.backends)('%s', (name, backend) => {
  const cpu = name.startsWith('cpu');
  const base = (): FixedOptions => ({ ...backend(), data, learningRate: 0.05, seed: 3 });

  const double = name === 'webgpu, double';
  const networks = NETWORKS.flatMap(([network, hidden, plans]) =>
    (cpu ? (['auto'] as const) : plans).map((plan) => ({ network, hidden, plan })),
  );
  // In double precision every kernel compiles slowly; the random tests cover all networks.
  const settings = double && !ALL ? FEW_SETTINGS : Object.keys(SETTINGS);
  const chosen = double && !ALL ? networks.filter(({ hidden }) => hidden.length < 2) : networks;
  test.each(settings)('%s gives the oracle’s numbers', async (setting) => {
    // Only two starts, which still cover every network, because each pair of network and optimizer
    // compiles its own kernels.
    const start = 4 * (Object.keys(SETTINGS).indexOf(setting) % 2);
    for (const [[optimizer, rule], { hidden, network, plan }] of inTurn(
      Object.entries(OPTIMIZERS),
      chosen,
      start,
    )) {
      const options = { ...base(), hidden, optimizer: rule, ...SETTINGS[setting] };
      const expected = await expectation(options, STEPS, options.precision ?? 'single');
      const trainer = await trainers.create({ ...options, plan });
      const verdict = expectCourse(await courseOf(trainer, STEPS), expected, name !== 'cpu, double');
      trainer.destroy();
      // If gradients have the size of rounding errors, Adam's steps are arbitrary, and so are large
      // steps of SGD through many layers. Products of many small weights are 0 in 32 bits.
      const { learningRate, initialization } = SETTINGS[setting];
      const small = typeof initialization === 'number' && initialization > 0;
      const thrown = hidden.length > 1 && (learningRate === 1e6 || small);
      // The CPU's float64 is the oracle itself: it diverges only where float64 does, long after its
      // numbers have lost their meaning.
      if (optimizer === 'SGD' && !thrown && name !== 'cpu, double')
        expect(verdict, `${optimizer}, ${network}, ${plan}`).not.toBe('undecided');
    }
  });

  test.each(['sgd', 'adam'] as const)(
    'subnormal inputs count as their values or as 0, with %s',
    async (optimizer) => {
      const options = { ...base(), data: scaled(1e-40), hidden: [5], optimizer: { name: optimizer } };
      const trainer = await trainers.create(options);
      const course = await courseOf(trainer, STEPS);
      // A unit that an input of 1e-40 makes active is at the kink of ReLU without that input.
      const either = await Promise.allSettled(
        [data, scaled(0)].map(async ({ inputs }, i) => {
          const taken = { ...options, data: { ...data, inputs: i === 0 ? options.data.inputs : inputs } };
          expectCourse(course, await expectation(taken, STEPS, options.precision ?? 'single'), false);
        }),
      );
      expect(either.some(({ status }) => status === 'fulfilled')).toBe(true);
    },
  );

  test('Adam’s gradients of 1e19 to 1e20 move the weights, though their squares are beyond 32 bits', async () => {
    for (const plan of cpu ? (['auto'] as const) : PLANS) {
      const options = { ...base(), data: scaled(1e20), plan, optimizer: OPTIMIZERS.Adam };
      const trainer = await trainers.create(options);
      const [{ weights: before }] = await trainer.parameters();
      await trainer.train(1);
      const [{ weights }] = await trainer.parameters();
      // Adam's first step has the size of the learning rate, whatever the size of the gradient.
      const moves = weights.map((weight, i) => Math.abs(weight - before[i]));
      expectClose(moves, new Float64Array(12).fill(0.05), 1e-6, 'moves');
    }
  });

  test('zero gradients change no parameter, whatever Adam’s epsilon', async () => {
    const oneClass = random.dataset(12, 3, 1);
    for (const epsilon of name === 'cpu, double' ? [1e-30, 1] : [1e-10, 1]) {
      const trainer = await trainers.create({
        ...base(),
        data: oneClass,
        optimizer: { name: 'adam', epsilon },
      });
      const before = await trainer.parameters();
      const table = await measurements(trainer, { steps: 5, every: 1 });
      expect(table.map(({ loss, accuracy }) => [loss, accuracy])).toEqual(new Array(5).fill([0, 1]));
      expect(await trainer.parameters()).toEqual(before);
    }
  });

  test('weights of ±3e38 can be measured, and diverge at the first step that changes them', async () => {
    // Powers of two, because their second words, which double-single loses here, are 0.
    const inputs = Float64Array.from(
      data.inputs,
      (x) => Math.sign(x) * (Math.abs(x) < 1 ? 2 ** -126 : 2 ** -125),
    );
    const options = {
      ...base(),
      data: { ...data, inputs },
      parameters: sized([3, 4], 3e38),
      learningRate: 0,
    };
    const trainer = await trainers.create(options);
    const expected = await expectation(options, 1, options.precision ?? 'single');
    expectCourse(await courseOf(trainer, 1), expected, false);
    const [{ weights }] = await trainer.parameters();
    expect(Math.abs(weights[0])).toBeCloseTo(3e38, -33);
    if (name === 'cpu, double') return;
    const moving = await trainers.create({ ...options, learningRate: 0.05, l2: 1e30 });
    expect(await rejection(moving.train(5))).toMatchObject({ step: 1 });
  });

  const outside: [string, Partial<TrainerOptions>, string][] = [
    ['a learning rate that 32 bits take for 0', { learningRate: 1e-46 }, 'learningRate'],
    ['a learning rate by which lost gradients count', { learningRate: 1e31 }, 'learningRate'],
    ['l2 that 32 bits take for 0', { l2: 1e-46 }, 'l2'],
    ['weights that 32 bits take for 0', { initialization: 1e-46 }, 'initialization'],
    ['weights beyond 32 bits', { initialization: 1e38 }, 'initialization'],
    [
      'an epsilon near the squares that 32 bits lose',
      { optimizer: { name: 'adam', epsilon: 1e-30 } },
      'optimizer.epsilon',
    ],
    ['an epsilon beyond 32 bits', { optimizer: { name: 'adam', epsilon: 1e39 } }, 'optimizer.epsilon'],
    ['inputs beyond 32 bits', { data: scaled(1e39) }, 'data.inputs[0]'],
  ];
  test.each(outside)('%s: refused with the reason, but not in float64', async (_, options, option) => {
    const work = trainers.create({ ...base(), ...options });
    if (name === 'cpu, double') {
      const trainer = await work;
      await trainer.train(1);
      return;
    }
    const error = await rejection(work);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(option);
    expect((error as Error).message).toMatch(/32 bits|at most 2e\+37/);
  });

  test('an overflow is a divergence at its step', async () => {
    // Each step multiplies the weights by 1 − 0.05·1e10.
    const options = { ...base(), l2: 1e10, data: scaled(0), initialization: 1 };
    const float32 = name !== 'cpu, double';
    const trainer = await trainers.create(options);
    const error = (await rejection(trainer.train(100))) as NonFiniteError;
    expect(error).toBeInstanceOf(NonFiniteError);
    const [{ weights }] = await (await trainers.create(options)).parameters();
    const largest = Math.max(...weights.map(Math.abs));
    const most = Math.log10(float32 ? 3.4028e38 : Number.MAX_VALUE);
    // In 32 bits l2·w, twenty times the new weight, overflows first, here at the same step.
    const step = Math.ceil((most - Math.log10(largest)) / Math.log10(0.05 * 1e10 - 1));
    expect(error.step).toBe(step);
  });

  /**
   * Rows, features, classes and hidden layers, in moderate sizes, or in full size in the tier
   * `all`.
   */
  const large: [string, number, number, number, number[]][] = [
    ['hidden layer of 5000', 6, 3, 4, [5000]],
    ['65,536 classes', ALL ? 64 : 2, 2, 65_536, []],
    ['10,000 features', ALL ? 100 : 4, 10_000, 3, [4]],
    [ALL ? 'a million rows' : 'a hundred thousand rows', ALL ? 1_000_000 : 100_000, 2, 3, [3]],
    ['a hundred hidden layers', 5, 2, 3, new Array(ALL ? 100 : 30).fill(3)],
  ];
  test.each(large)('%s', async (_, rows, features, classes, hidden) => {
    const options = {
      ...base(),
      data: new TestRandom(4).dataset(rows, features, classes),
      hidden,
      learningRate: 0.01,
      l2: 1e-3,
      ...(rows > 1000 && { batchSize: 1000 }),
    };
    const steps = 2;
    const { device, ...rest } = options;
    if (device && mostIterations(device.adapterInfo) < 3 * classes) {
      expect(await rejection(trainers.create(options))).toBeInstanceOf(LimitError);
      return;
    }
    const trainer = await trainers.create(options);
    const oracle = await trainers.create({ ...rest, backend: 'cpu', precision: 'double' });
    const [actual, expected] = [await courseOf(trainer, steps), await courseOf(oracle, steps)];
    const losses = ({ measurements: table }: typeof actual) => table.map(({ loss }) => loss);
    // The error of a sum with n roundings is about √n ulp, and each step adds as much.
    const ulp = options.precision === 'double' ? 2 ** -44 : 2 ** -23;
    const tolerance = 4 * ulp * Math.sqrt(Math.max(rows, features, classes));
    const [first] = losses(expected);
    expectClose(losses(actual), losses(expected), tolerance * Math.max(1, first), 'losses');
    actual.parameters.forEach(({ weights }, layer) => {
      const exact = expected.parameters[layer].weights;
      expectClose(weights, exact, tolerance, `weights ${layer}`);
    });
  });
});

test('the accuracy over more rows than float32 counts is exact', async () => {
  // Both sums of so many ones would be rounded up in 32 bits.
  const count = 2 ** 24 + 3;
  const [inputs, labels] = [new Float32Array(count), new Uint32Array(count)];
  const rows = { inputs, labels, count, features: 1, classes: 2 };
  const trainer = await trainers.create({
    data: rows,
    parameters: [{ weights: Float32Array.of(0, 0), biases: Float32Array.of(1, 0) }],
    learningRate: 0.1,
    batchSize: 8,
    backend: 'webgpu',
    device: trainers.device,
    tuning: SMALL,
  });
  expect((await trainer.measure()).accuracy).toBe(1);
  labels.fill(1, 5, 6);
  expect((await trainer.measure(rows)).accuracy).toBe(1 - 1 / count);
  const [first] = await measurements(trainer, { steps: 1, every: 1 });
  expect(first.accuracy).toBe(1);
});
