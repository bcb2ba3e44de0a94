import { afterEach, expect, test, vi } from 'vitest';
import { testTrainers } from '../../tests/helpers/trainers/trainers.ts';
import { SMALL } from '../../tests/helpers/trainers/tuning.ts';
import { CpuNetwork } from '../cpu/network.ts';
import { checkGradients, type GradientCheck, type TrainerOptions } from '../index.ts';

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

test.each([
  ['double', 1e-6],
  ['single', 1e-3],
] as const)('large and small features agree on WebGPU in %s precision', async (precision, tolerance) => {
  for (const x of [1e-9, 1e9]) {
    const webgpu = { backend: 'webgpu', device: trainers.device, precision, tuning: SMALL } as const;
    await expectAgreement({ data: rows(20, [x, 1]), ...webgpu }, tolerance);
  }
});

test.each(['mask', 'inputGradient', 'biasesGradient'] as const)(
  'the check notices a backward pass of the CPU without %s',
  async (line) => {
    vi.spyOn(CpuNetwork.prototype, line).mockImplementation(function* () {});
    const { largestRelativeError } = await check({ data: rows(20, [1, 1]), hidden: [6, 5] });
    expect(largestRelativeError).toBeGreaterThan(1e-3);
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
