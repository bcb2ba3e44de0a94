import { afterEach, describe, expect, test, vi } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { testTrainers } from '../../../tests/helpers/trainers/trainers.ts';
import { SMALL } from '../../../tests/helpers/trainers/tuning.ts';
import { WasmKernels } from '../../cpu/wasm/kernels.ts';
import { checkGradients, type GradientCheck, type TrainerOptions } from '../../index.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const trainers = testTrainers();

/** Rows of two classes, whose features are sin(7i) times the scale of their column. */
function rows(count: number, scales: number[]) {
  const features = scales.length;
  return {
    inputs: Float64Array.from({ length: count * features }, (_, i) => scales[i % features] * Math.sin(7 * i)),
    labels: Uint32Array.from({ length: count }, (_, i) => i % 2),
    count,
    features,
    classes: 2,
  };
}

async function check(
  options: Partial<TrainerOptions> & Pick<TrainerOptions, 'data'>,
): Promise<GradientCheck> {
  const trainer = await trainers.create({
    learningRate: 0.1,
    backend: 'cpu',
    precision: 'double',
    l2: 0,
    ...options,
  });
  return checkGradients(trainer);
}

/** Checks networks of several depths. */
async function expectAgreement(options: Parameters<typeof check>[0], tolerance = 1e-7): Promise<void> {
  for (const hidden of [[], [6], [6, 5]]) {
    const { tensors, largestRelativeError } = await check({ hidden, ...options });
    expect(largestRelativeError, `hidden: [${hidden}]`).toBeLessThan(tolerance);
    for (const { checked } of tensors) expect(checked).toBeGreaterThan(0);
  }
}

const SMOOTH = ['leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'] as const;
const SIZES = [1e-9, 1e-3, 1, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

test.each(SIZES)('features of about %d agree with ordinary weights', (x) =>
  expectAgreement({ data: rows(20, [x, x, x]) }),
);

test.each(SIZES)('a feature of about %d beside one of 1 agrees with ordinary weights', (x) =>
  expectAgreement({ data: rows(20, [x, 1]) }),
);

test.each([1e-9, 1e-4, 1e4, 1e9])('weights of about %d agree with features of any size', async (weights) => {
  for (const x of [1e-9, 1, 1e9]) {
    await expectAgreement({ data: rows(20, [x, 1]), initialization: weights });
  }
});

describe.each(SMOOTH)('%s', (activation) => {
  test.each(SIZES)('features of about %d agree with ordinary weights', async (x) => {
    await expectAgreement({ activation, data: rows(20, [x, x, x]) });
    await expectAgreement({ activation, data: rows(20, [x, 1]) });
  });

  test.each([1e-9, 1e-4, 1e4, 1e9])(
    'weights of about %d agree with features of any size',
    async (weights) => {
      for (const x of [1e-9, 1, 1e9]) {
        await expectAgreement({ activation, data: rows(20, [x, 1]), initialization: weights });
      }
    },
  );
});

test.each([
  ['double', 1e-6],
  ['single', 1e-3],
] as const)('large and small features agree on WebGPU in %s precision', async (precision, tolerance) => {
  for (const [i, x] of [1e-9, 1e9].entries()) {
    const webgpu = { backend: 'webgpu', device: trainers.device, precision, tuning: SMALL } as const;
    await expectAgreement({ data: rows(20, [x, 1]), ...webgpu }, tolerance);
    for (const activation of ALL ? SMOOTH : precision === 'single' ? [SMOOTH[i + 1]] : []) {
      await expectAgreement({ activation, data: rows(20, [x, 1]), ...webgpu }, tolerance);
    }
  }
});

test.each(['hiddenGradient', 'weightsGradient', 'biasesGradient'] as const)(
  'the check notices a backward pass of the CPU without %s',
  async (line) => {
    vi.spyOn(WasmKernels.prototype, line).mockImplementation(function* () {});
    const { largestRelativeError } = await check({ data: rows(20, [1, 1]), hidden: [6, 5] });
    expect(largestRelativeError).toBeGreaterThan(1e-3);
  },
);

/** One hidden layer of two units, with these weights and biases of 0. */
const twoUnits = (weights: number[]) => {
  const biases = new Float64Array(2);
  const layers = [weights, OUTGOING].map((values) => ({ weights: Float64Array.from(values), biases }));
  return { hidden: [2], parameters: layers };
};
const OUTGOING = [1, -1, 0.5, 2];

test.each([
  ['relu', 0],
  ['leaky-relu', 0],
  ['elu', 6],
  ['tanh', 6],
] as const)(
  'units at 0: entries of the first layer that %s lets the check compare',
  async (activation, checked) => {
    const data = rows(20, [1, 1]);
    const { tensors, largestRelativeError } = await check({ activation, data, ...twoUnits([0, 0, 0, 0]) });
    const [weights, biases] = tensors;
    expect(weights.checked + biases.checked).toBe(checked);
    expect(weights.kinks.length + biases.kinks.length).toBe(6 - checked);
    expect(largestRelativeError).toBeLessThan(1e-7);
    // At a kink, half of the change of a unit that the change of the parameter switches.
    let whole = 0;
    for (let i = 0; i < data.count; i++) {
      const sign = data.labels[i] === 0 ? -1 : 1;
      whole += (data.inputs[2 * i] * sign * (OUTGOING[0] - OUTGOING[1])) / 2 / data.count;
    }
    const slope = { relu: 0.5, 'leaky-relu': 0.505 };
    for (const { row, column, numeric } of weights.kinks) {
      if (row === 0 && column === 0) expectClose([numeric / whole], [slope[activation as 'relu']], 1e-9);
    }
  },
);

test.each([
  ['single', 8, 1e-3],
  ['double', 17, 1e-7],
  // Here two outputs would lose their change to rounding.
  ['double', 8, 1e-7],
] as const)(
  'units near 1 agree in %s precision, with sums of about %d',
  async (precision, sum, tolerance) => {
    const data = rows(20, [1, 1]);
    // The first feature is the sum of both units, and the second has no weight.
    for (let i = 0; i < 20; i++) data.inputs[2 * i] += sum;
    for (const activation of ['tanh', 'sigmoid'] as const) {
      const scale = activation === 'tanh' ? 1 : 2;
      const saturated = twoUnits([scale, scale, 0, 0]);
      const { tensors, largestRelativeError } = await check({ activation, data, precision, ...saturated });
      expect(largestRelativeError).toBeLessThan(tolerance);
      expect(tensors[0].worst?.numeric).not.toBe(0);
    }
  },
);

test('a check over many rows needs no array for all of them', async () => {
  let longest = 0;
  const recording = new Proxy(Float64Array, {
    construct(target, args: [number]) {
      const made = new target(...args);
      longest = Math.max(longest, made.length);
      return made;
    },
  });
  const data = rows(10_000, [1, 1, 1]);
  const trainer = await trainers.create({
    data,
    hidden: [40],
    learningRate: 0.1,
    backend: 'cpu',
    precision: 'double',
  });
  vi.stubGlobal('Float64Array', recording);
  const { largestRelativeError } = await checkGradients(trainer, { sample: 5 });
  expect(largestRelativeError).toBeLessThan(1e-7);
  expect(longest).toBeGreaterThan(0);
  expect(longest, 'the largest array').toBeLessThan(data.inputs.length);
});
