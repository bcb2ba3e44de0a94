import { beforeAll, describe, expect, test } from 'vitest';
import { update as apply } from '../src/cpu/update.ts';
import { NOT_DIVERGED } from '../src/gpu/parameters.ts';
import { RealFormat } from '../src/gpu/real-format.ts';
import type { ResolvedOptimizer } from '../src/options.ts';
import { EPSILON_32, expectClose } from '../tests/compare.ts';
import { testDevice } from '../tests/gpu.ts';
import { runKernel, type Tensors } from '../tests/kernels.ts';
import { TestRandom } from '../tests/random.ts';
import { update } from './update.wgsl.ts';
import type { UpdateRule } from './update-rule.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const single = new RealFormat('single');
const LEARNING_RATE = 0.125;
const L2 = 0.25;
const STEP = 3;
const RULES: [UpdateRule, ResolvedOptimizer][] = [
  ['sgd', { name: 'sgd', momentum: 0 }],
  ['momentum', { name: 'sgd', momentum: 0.875 }],
  ['adam', { name: 'adam', beta1: 0.875, beta2: 0.9375, epsilon: 2 ** -20 }],
];

/** The step struct, with decays that 32 bits hold exactly, so that only the kernel's own rounding is compared. */
function stepWords(optimizer: ResolvedOptimizer): number[] {
  const floats =
    optimizer.name === 'sgd'
      ? [optimizer.momentum, 0, 0, 0, 0, 0, 0]
      : [
          optimizer.beta1,
          1 - optimizer.beta1,
          1 / (1 - optimizer.beta1 ** (STEP + 1)),
          optimizer.beta2,
          1 - optimizer.beta2,
          1 / (1 - optimizer.beta2 ** (STEP + 1)),
          optimizer.epsilon,
        ];
  return [STEP + 1, 0, 0, 0, ...single.uniform(LEARNING_RATE, ...floats)];
}

async function run(
  rule: UpdateRule,
  optimizer: ResolvedOptimizer,
  parameters: Float32Array,
  gradient: Float32Array,
  moments: Float32Array[],
) {
  const tensors: Tensors & { parameters: Float32Array; diverged: Uint32Array } = {
    parameters,
    gradient,
    ...Object.fromEntries(moments.map((moment, i) => [`moment ${i}`, moment])),
    diverged: Uint32Array.of(NOT_DIVERGED),
  };
  return runKernel(device, update({ rule }), {
    tensors,
    uniform: [...single.uniform(L2), parameters.length],
    extent: { x: parameters.length },
    step: stepWords(optimizer),
  });
}

test('a second moment that overflows is noticed, though the parameter stays finite', async () => {
  const optimizer = { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const moments = [new Float32Array(3), new Float32Array(3)];
  const gradient = Float32Array.of(0, 1e25, 0);
  const result = await run('adam', optimizer, new Float32Array(3), gradient, moments);
  expect(result.parameters.every(Number.isFinite)).toBe(true);
  expect(result.diverged[0]).toBe(STEP + 1);
});

describe.each(RULES)('update by %s', (rule, optimizer) => {
  const momentCount = { sgd: 0, momentum: 1, adam: 2 }[rule];

  test.each([1, 63, 64, 65, 300, 4099])('of %i parameters', async (count) => {
    const random = new TestRandom(count);
    const [parameters, gradient] = [random.floats(count), random.floats(count)];
    // The second moment is a mean of squares: positive.
    const moments = Array.from({ length: momentCount }, (_, m) =>
      random.floats(count).map((value) => (m === 1 ? Math.abs(value) : value)),
    );
    const expected = [parameters, ...moments].map((values) => Float64Array.from(values));
    apply(expected[0], Float64Array.from(gradient), expected.slice(1), optimizer, LEARNING_RATE, L2, STEP);

    const result = await run(rule, optimizer, parameters, gradient, moments);
    // A handful of roundings of numbers of size about 1; Adam's quotient and root add a few.
    const tolerance = (i: number) => 8 * EPSILON_32 * (1 + Math.abs(expected[0][i]));
    expectClose(result.parameters, expected[0], tolerance, 'parameters');
    for (let m = 0; m < momentCount; m++) {
      expectClose(result[`moment ${m}`], expected[1 + m], 8 * EPSILON_32 * 20, `moment ${m}`);
    }
    expect(result.diverged[0]).toBe(NOT_DIVERGED);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'a gradient of %d is noticed with the step',
    async (value) => {
      const gradient = new Float32Array(100);
      gradient[77] = value;
      const moments = Array.from({ length: momentCount }, () => new Float32Array(100));
      const result = await run(rule, optimizer, new Float32Array(100), gradient, moments);
      expect(result.diverged[0]).toBe(STEP + 1);
    },
  );
});
