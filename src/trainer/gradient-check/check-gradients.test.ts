import { describe, expect, test, vi } from 'vitest';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { showFigure } from '../../../tests/helpers/oracle/figures.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { endlessSlices } from '../../../tests/helpers/trainers/pauses.ts';
import { testTrainers } from '../../../tests/helpers/trainers/trainers.ts';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import { SMALL } from '../../../tests/helpers/trainers/tuning.ts';
import { GpuEngine } from '../../gpu/engine.ts';
import {
  type Activation,
  caseStudy,
  checkGradients,
  DestroyedError,
  type NetworkTrainer,
  OptionError,
  type Precision,
  spiral,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';
import { resolveOptions } from '../../options/trainer.ts';
import { EngineSource } from '../engine-source.ts';
import { Progress } from '../progress.ts';
import { EngineRecovery } from '../recovery.ts';
import { EngineTrainer } from '../trainer.ts';
import { DifferentiableLoss } from './differentiable-loss.ts';

const trainers = testTrainers();

// Layers whose products have the same kernels: of more than a tile, which nothing divides by four.
const data = new TestRandom(1).dataset(23, 5, 3);
const deep = { data, hidden: [7, 5], learningRate: 0.1, l2: 0.05, seed: 2, tuning: SMALL };
const ADAM = { name: 'adam' } as const;

async function create(options: Partial<TrainerOptions> = {}): Promise<Trainer> {
  return trainers.create({ ...deep, ...options });
}

const BACKENDS: [string, Precision, number, () => Partial<TrainerOptions>][] = [
  ['the CPU', 'double', 1e-7, () => ({ backend: 'cpu' })],
  ['WebGPU', 'double', 1e-6, () => ({ backend: 'webgpu', device: trainers.device })],
  ['WebGPU', 'single', 1e-3, () => ({ backend: 'webgpu', device: trainers.device })],
];

describe.each(BACKENDS)('on %s in %s precision', (place, precision, tolerance, backend) => {
  const show = (what: string, error: number) =>
    showFigure(`gradients on ${place} in ${precision} precision, ${what}: ${error.toExponential(1)}`);

  test.each<[string, Partial<TrainerOptions>]>([
    ['no hidden layer', { hidden: [] }],
    ['one hidden layer', { hidden: [7] }],
    ['two hidden layers', {}],
    ['four hidden layers, after training by mini-batches with Adam', { hidden: [7, 5, 7, 5], batchSize: 5 }],
  ])('the gradients of %s are the differences of the loss', async (network, options) => {
    const trainer = await create({
      ...options,
      optimizer: ADAM,
      learningRate: 0.01,
      precision,
      ...backend(),
    });
    await trainer.train(20);
    const before = await trainer.save();
    const { tensors, largestRelativeError } = await checkGradients(trainer);
    show(network, largestRelativeError);
    expect(largestRelativeError).toBeLessThan(tolerance);
    const sizes = [data.features, ...(options.hidden ?? deep.hidden), data.classes];
    for (const { layer, tensor, rows, columns, checked, kinks } of tensors) {
      expect([rows, columns]).toEqual([tensor === 'weights' ? sizes[layer] : 1, sizes[layer + 1]]);
      expect(checked + kinks.length).toBe(rows * columns);
    }
    expect(tensors).toHaveLength(2 * (sizes.length - 1));
    expect(await trainer.save(), 'what training depends on').toEqual(before);
  });

  test('the check compares gradients of one step while training goes on', async () => {
    const trainer = await create({ learningRate: 0.5, precision, ...backend() });
    const run = trainer.run({ steps: 20_000, every: 10 });
    await run.next();
    const drain = (async () => {
      for await (const _ of run);
    })();
    for (let i = 0; i < 3; i++) {
      const { largestRelativeError } = await checkGradients(trainer, { sample: 5 });
      expect(largestRelativeError).toBeLessThan(tolerance);
    }
    trainer.destroy();
    await rejection(drain);
  });

  test('a sample of the case study’s network at its start agrees', async () => {
    const trainer = await create({ ...caseStudy.network.options, precision, ...backend() });
    const { tensors, largestRelativeError } = await checkGradients(trainer, { sample: 40, seed: 3 });
    show('the case study’s network', largestRelativeError);
    expect(largestRelativeError).toBeLessThan(tolerance);
    expect(tensors.map(({ checked, kinks }) => checked + kinks.length)).toEqual([40, 40, 40, 3]);
  });
});

test('entries at a kink of ReLU are reported separately', async () => {
  // The sum of the unit is 0 for the only row, so that a change of any of its weights switches the
  // unit.
  const parameters = [
    { weights: Float64Array.of(1, -1), biases: Float64Array.of(0) },
    { weights: Float64Array.of(0.5, -0.5), biases: Float64Array.of(0, 0) },
  ];
  const row = { inputs: Float64Array.of(1, 1), labels: Uint32Array.of(0), count: 1, features: 2, classes: 2 };
  const trainer = await create({
    data: row,
    hidden: [1],
    parameters,
    l2: 0,
    backend: 'cpu',
    precision: 'double',
  });
  const { tensors, largestRelativeError } = await checkGradients(trainer);
  expect(tensors.map(({ kinks }) => kinks.length)).toEqual([2, 1, 0, 0]);
  expect(tensors[0].kinks[0]).toMatchObject({ row: 0, column: 0, analytic: 0 });
  expect(tensors[0].kinks[0].numeric).not.toBe(0);
  expect(largestRelativeError).toBeLessThan(1e-7);
});

/** Creates a trainer without the check of the driver, which notices mistakes of kernels too. */
async function createUnchecked(
  options: Partial<TrainerOptions> & { device: GPUDevice },
): Promise<NetworkTrainer> {
  const { setup, choice } = resolveOptions({ ...deep, ...options });
  const { device } = options;
  const first = () => GpuEngine.create(setup, choice, { device, release: () => {} });
  const source = Object.assign(new EngineSource(setup, choice), { first });
  const progress = new Progress(setup);
  return new EngineTrainer(setup, await EngineRecovery.begin(source, progress), progress);
}

describe.each(BACKENDS.filter(([, precision]) => precision === 'double'))(
  'on %s in %s precision',
  (...of) => {
    const [, precision, , backend] = of;

    test.each([1e-9, 1e-3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9])(
      'features of about %d are as exact as others',
      async (x) => {
        const trainer = await create({
          data: {
            inputs: Float64Array.of(x, -x, x / 2),
            labels: Uint32Array.of(0, 1, 1),
            count: 3,
            features: 1,
            classes: 2,
          },
          hidden: [],
          parameters: [{ weights: Float64Array.of(1 / x, -1 / x), biases: new Float64Array(2) }],
          l2: 0,
          precision,
          ...backend(),
        });
        const { tensors, largestRelativeError } = await checkGradients(trainer);
        expect(tensors.map(({ checked }) => checked)).toEqual([2, 2]);
        expect(largestRelativeError).toBeLessThan(1e-7);
      },
    );

    test.each([
      [1e7, 1e-7, 1],
      [1e-7, 1e7, 1],
      [1, 1e-7, 1e7],
      [1, 1e7, 1e-7],
      [1e-7, 1, 1e7],
    ])(
      'features, weights and later weights of about %d, %d and %d are as exact as others',
      async (x, w, v) => {
        const { inputs, ...shape } = new TestRandom(6).dataset(20, 3, 3);
        const layers = new TestRandom(7).parameters([3, 6, 3]).map((layer, i) => ({
          weights: Float64Array.from(layer.weights, (weight) => weight * [w, v][i]),
          biases: Float64Array.from(layer.biases, (bias) => (bias * [w * x, 1][i]) / 2),
        }));
        const trainer = await create({
          data: { ...shape, inputs: Float64Array.from(inputs, (value) => value * x) },
          hidden: [6],
          parameters: layers,
          l2: 0,
          precision,
          ...backend(),
        });
        expect((await checkGradients(trainer)).largestRelativeError).toBeLessThan(1e-6);
      },
    );

    test('the gradients of a row that the network is sure of agree', async () => {
      const trainer = await create({
        data: { inputs: Float64Array.of(1), labels: Uint32Array.of(0), count: 1, features: 1, classes: 2 },
        hidden: [],
        parameters: [{ weights: Float64Array.of(25, 0), biases: new Float64Array(2) }],
        l2: 0,
        precision,
        ...backend(),
      });
      expect((await checkGradients(trainer)).largestRelativeError).toBeLessThan(1e-7);
    });
  },
);

describe.each(BACKENDS)('on %s in %s precision', (...of) => {
  const [, precision, tolerance, backend] = of;

  test('gradients that are 0 by symmetry are right', async () => {
    const symmetric = { data: spiral(), l2: 0, precision, ...backend() };
    const zero = await create({ ...symmetric, hidden: [4], initialization: 0 });
    const { tensors, largestRelativeError } = await checkGradients(zero);
    expect(largestRelativeError).toBeLessThan(tolerance);
    // Every row is at the kink of every unit; only the centres of the arms are not.
    expect(tensors.map(({ checked }) => checked)).toEqual([0, 0, 12, 3]);
    expect(tensors[0].worst).toBeUndefined();

    const linear = await create({ ...symmetric, ...caseStudy.linear.options, ...backend(), precision });
    expect((await checkGradients(linear)).largestRelativeError).toBeLessThan(tolerance);
  });

  test('only the rows at a kink are left out', async () => {
    // The first point of each arm is the origin, where every unit is at its kink.
    const trainer = await create({ data: spiral(), hidden: [10], l2: 0, precision, ...backend() });
    const { tensors, largestRelativeError } = await checkGradients(trainer);
    expect(tensors.map(({ checked, kinks }) => [checked, kinks.length])).toEqual([
      [20, 0],
      [10, 0],
      [30, 0],
      [3, 0],
    ]);
    expect(largestRelativeError).toBeLessThan(tolerance);
  });
});

/** Typical mistakes: one wrong line of a kernel. */
const MISTAKES: [
  kernel: string,
  what: string,
  right: string | RegExp,
  wrong: string,
  plan?: 'fused' | 'layered',
  activation?: Activation,
][] = [
  ['softmax', 'wrong sign of the scores’ gradient', 'select(overflow, -others,', 'select(overflow, others,'],
  ['softmax', 'missing 1 / N', 'to_real(f32(shape.rows))', 'to_real(1.0)'],
  ['relu mask', 'missing mask', 'select(gradient[i], vec4f(), inactive)', 'gradient[i]'],
  ['leaky-relu derivative', 'slope 1 below 0', 'high(sign) > 0.0', 'true', 'layered', 'leaky-relu'],
  ['tanh derivative', '1 − h', ', add(one(), h))', ', one())', 'layered', 'tanh'],
  ['matmul dhidden', 'ELU without + 1', 'add(outputs[at], one())', 'outputs[at]', 'fused', 'elu'],
  ['fused backward', 'sigmoid without 1 − h', 'subtract(one(), h_0)', 'one()', 'fused', 'sigmoid'],
  ['update', 'missing L2', 'add_product(gradient, l2, parameter)', 'gradient'],
  ['matmul dhidden', 'transposed weight', /let b_term_(\d) = p \+ (\d)u;/g, 'let b_term_$1 = k * (p + $2u);'],
  ['matmul dweights', 'one row left out', 'let first = 0u;', 'let first = 1u;'],
  ['matmul hidden', 'biases left out', 'add(sum, bias[column])', 'sum'],
  ['column sums', 'one row left out', 'while (at < end)', 'while (at + columns < end)'],
  [
    'fused forward',
    'wrong sign of the scores’ gradient',
    'select(overflow, -others,',
    'select(overflow, others,',
  ],
  ['fused forward', 'missing 1 / N', 'let count = to_real(f32(rows))', 'let count = to_real(1.0)'],
  ['fused forward', 'biases left out', ', c_1)', ', real())'],
  ['fused backward', 'missing mask', 'select(settle(sum_0), real(), high(h_0) <= 0.0)', 'settle(sum_0)'],
  ['fused backward', 'missing L2', 'add_product(gradient, l2, parameter)', 'gradient'],
  ['fused backward', 'transposed weight', 'j_0 * 3u + 1u];', 'j_0 + 1u * units];'],
  ['fused backward', 'one row left out', 'for (var i = 0u;', 'for (var i = 1u;'],
  ['matmul dhidden', 'missing mask', 'high(outputs[at]) <= 0.0', 'false', 'fused'],
  [
    'matmul dweights',
    'missing L2',
    'apply_update(at, sum, shape.penalized == 1u)',
    'apply_update(at, sum, false)',
    'fused',
  ],
  ['column sums', 'one row left out', 'while (at < end)', 'while (at + columns < end)', 'fused'],
];

test.each(MISTAKES)('a mistake in %s is caught: %s', async (label, _, right, wrong, of, activation) => {
  const broken = await testDevice();
  const createShaderModule = broken.createShaderModule.bind(broken);
  let replaced = 0;
  broken.createShaderModule = (descriptor) => {
    if (!descriptor.label?.startsWith(label)) return createShaderModule(descriptor);
    const code = descriptor.code.replace(right, wrong);
    if (code !== descriptor.code) replaced++;
    return createShaderModule({ ...descriptor, code });
  };
  const narrow = label.startsWith('fused');
  const plan = narrow ? 'fused' : (of ?? 'layered');
  const hidden = narrow ? [7] : [7, 5];
  const parameters = new TestRandom(4).parameters([5, ...hidden, 3]);
  const options = {
    parameters,
    hidden,
    activation,
    plan,
    optimizer: ADAM,
    precision: 'double',
    backend: 'webgpu',
  } as const;
  const trainer = await createUnchecked({ ...options, device: broken });

  const { largestRelativeError } = await checkGradients(trainer);
  expect(replaced, 'kernels changed').toBeGreaterThan(0);
  expect(largestRelativeError).toBeGreaterThan(1e-3);
});

test('options are checked, and so is the trainer', async () => {
  const trainer = await create({ backend: 'cpu' });
  expect(await rejection(checkGradients(trainer, { sample: 0 }))).toBeInstanceOf(OptionError);
  expect(await rejection(checkGradients(trainer, { seed: -1 }))).toBeInstanceOf(OptionError);
  expect(await rejection(checkGradients({} as Trainer))).toBeInstanceOf(OptionError);
});

test('a destroyed trainer ends the check at its next pause', async () => {
  const trainer = await create({ data: spiral(), hidden: [100], backend: 'cpu' });
  let pauses = 0;
  endlessSlices(() => {
    if (++pauses === 300) trainer.destroy();
  });
  expect(await rejection(checkGradients(trainer))).toBeInstanceOf(DestroyedError);
  expect(pauses).toBe(300);
});

test('an error that is no number is the largest, whatever comes later', async () => {
  const differences = vi.spyOn(DifferentiableLoss.prototype, 'differences');
  differences.mockImplementation(async (_layer, _tensor, indices) =>
    indices.map((index) => ({
      numeric: index === 2 ? Number.NaN : 1e9,
      shares: 1,
      saturated: 0,
      kink: false,
    })),
  );
  const { tensors, largestRelativeError } = await checkGradients(await create({ backend: 'cpu' }));
  differences.mockRestore();
  expect(largestRelativeError).toBeNaN();
  expect(tensors[0].largestRelativeError).toBeNaN();
  expect(tensors[0].worst).toMatchObject({ row: 0, column: 2, numeric: Number.NaN });
});
