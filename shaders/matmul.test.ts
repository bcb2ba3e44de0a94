import { beforeAll, describe, expect, test } from 'vitest';
import { everyCandidate, type MatmulCandidate, sensibleCandidates } from '../bench/kernels/candidates.ts';
import { ACTIVATIONS } from '../src/cpu/activations.ts';
import type { MatmulShape } from '../src/gpu/kernels/matmul.ts';
import type { Activation, FloatArray } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import {
  type Operands,
  operands,
  oracle,
  runMatmul,
  runUpdatingMatmul,
  tolerance,
} from '../tests/helpers/kernels/matmul.ts';
import {
  expectUpdated,
  MILD,
  momentsOf,
  RULES,
  type Updatable,
  updateSettings,
} from '../tests/helpers/kernels/updates.ts';
import { EPSILON_32, expectClose } from '../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { ALL, cases } from '../tests/helpers/tier.ts';
import { type MatmulForm, STRIP_TERMS } from './lib/epilogue.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const FORMS: MatmulForm[] = ['nn', 'tn', 'nt'];

/**
 * m, k, n around every edge of small tiles: 1, tile − 1, tile, tile + 1, primes, single rows and
 * columns.
 */
const SHAPES = [
  [1, 1, 1],
  [1, 5, 1],
  [3, 3, 3],
  [4, 4, 4],
  [5, 5, 5],
  [1, 7, 13],
  [13, 7, 1],
  [17, 1, 19],
  [31, 29, 37],
  [64, 64, 64],
  [65, 3, 63],
  [2, 300, 100],
  [300, 2, 100],
  [127, 131, 3],
];

/**
 * Sizes around the length of a strip and the edges of larger tiles, with operands read one by one
 * and in fours.
 */
const LARGE_SHAPES = cases(
  [[37, STRIP_TERMS + 1, 67]],
  [
    [3, STRIP_TERMS, 130],
    [132, 2 * STRIP_TERMS + 4, 68],
  ],
);

const run = (
  shape: MatmulShape,
  candidate: MatmulCandidate,
  tensors: Operands,
  options?: Parameters<typeof runMatmul>[4],
) => runMatmul(device, shape, candidate, tensors, options);

/** Two products bit by bit: -0 is not 0, and NaN equals nothing. */
function expectSame(actual: FloatArray, expected: FloatArray, what: string): void {
  const different = actual.findIndex((value, i) => Number.isNaN(value) || !Object.is(value, expected[i]));
  if (different >= 0)
    expect.fail(`${what}[${different}] is ${actual[different]}, expected ${expected[different]}`);
}

/** Kernels that compile fast: one of each kind by default. Larger tiles come from the same text. */
const SMALL = ALL ? /(register|quad) [148]×[148]\b/ : /register [14]×[14]\b|quad 8×4\b/;
const isSmall = ({ name }: MatmulCandidate) => SMALL.test(name);

const isSmallOrShared = (candidate: MatmulCandidate) =>
  isSmall(candidate) || /shared 64/.test(candidate.name);

describe.each(FORMS)('matmul %s', (form) => {
  test.each(SHAPES)('%i×%i×%i equals the float64 product', async (m, k, n) => {
    const shape = { form, m, k, n };
    const tensors = operands(shape);
    const { values, sizes } = oracle(shape, tensors);
    for (const candidate of everyCandidate(shape, device, 'single').filter(isSmall)) {
      expectClose(await run(shape, candidate, tensors), values, tolerance(sizes, k), candidate.name);
    }
  });

  test.each(LARGE_SHAPES)('every candidate gives the same bits, %i×%i×%i', async (m, k, n) => {
    const shape = { form, m, k, n };
    const tensors = operands(shape);
    const candidates = everyCandidate(shape, device, 'single').filter(
      (candidate) => isSmallOrShared(candidate) || (m === 132 && !candidate.split),
    );
    const [first, ...others] = candidates;
    const product = await run(shape, first, tensors);
    const { values, sizes } = oracle(shape, tensors);
    expectClose(product, values, tolerance(sizes, k));
    for (const candidate of others) {
      expectSame(await run(shape, candidate, tensors), product, candidate.name);
    }
  });

  // One form by default: the updates and the cut sums below have every kind of candidate in the
  // other forms.
  test.runIf(ALL || form === 'nn')('in double precision every candidate gives the same bits', async () => {
    const shape = { form, m: 9, k: STRIP_TERMS + 3, n: 19 };
    const tensors = operands(shape, 'double');
    const { values, sizes } = oracle(shape, tensors);
    const [first, ...others] = everyCandidate(shape, device, 'double').filter(
      (candidate) => (ALL && form === 'nn') || isSmall(candidate),
    );
    const product = await run(shape, first, tensors, { precision: 'double' });
    // Each product and each sum has a relative error of at most 2^-44.
    expectClose(product, values, (i) => (shape.k + 2) * 2 ** -43 * sizes[i]);
    for (const candidate of others) {
      const same = await run(shape, candidate, tensors, { precision: 'double' });
      expectSame(same, product, candidate.name);
    }
  });
});

test.each([
  [1, 3, 1],
  [5, 7, 9],
  [33, STRIP_TERMS + 2, 20],
])('bias and ReLU are applied to the whole sum, %i×%i×%i', async (m, k, n) => {
  const shape = { form: 'nn' as const, m, k, n };
  const tensors = operands(shape, 'single', true);
  for (const activation of ['identity', 'relu'] as const) {
    const { values, sizes } = oracle(shape, tensors, activation);
    const candidates = everyCandidate(shape, device, 'single').filter(
      (candidate) => isSmall(candidate) || (m === 5 && /^shared 64/.test(candidate.name)),
    );
    const results: FloatArray[] = [];
    for (const candidate of candidates) results.push(await run(shape, candidate, tensors, { activation }));
    expectClose(results[0], values, tolerance(sizes, k));
    results.forEach((result, i) => void expectSame(result, results[0], candidates[i].name));
    if (activation === 'relu' && m * n > 1) expect(results[0].some((value) => value === 0)).toBe(true);
  }
});

test.each([
  [1, 3, 1],
  [5, 7, 9],
  [33, STRIP_TERMS + 2, 20],
])('a mask is applied to the whole sum, %i×%i×%i', async (m, k, n) => {
  const shape = { form: 'nt' as const, m, k, n };
  const tensors = { ...operands(shape), outputs: new TestRandom(2).floats(m * n).map((x) => Math.max(0, x)) };
  const { values, sizes } = oracle(shape, tensors, 'relu');
  const candidates = everyCandidate(shape, device, 'single').filter(isSmallOrShared);
  const results: FloatArray[] = [];
  for (const candidate of candidates) {
    results.push(await run(shape, candidate, tensors, { activation: 'relu' }));
  }
  expectClose(results[0], values, tolerance(sizes, k));
  results.forEach((result, i) => void expectSame(result, results[0], candidates[i].name));
  if (m * n > 1) expect(results[0].some((value) => value === 0)).toBe(true);
});

test.each(Object.keys(ACTIVATIONS) as Activation[])(
  '%s and its derivative are applied to the whole sum',
  async (activation) => {
    for (const form of ['nn', 'nt'] as const) {
      const shape = { form, m: 33, k: STRIP_TERMS + 2, n: 20 };
      const outputs = new TestRandom(2).floats(shape.m * shape.n);
      ACTIVATIONS[activation].apply(outputs, outputs.length);
      const tensors = form === 'nn' ? operands(shape, 'single', true) : { ...operands(shape), outputs };
      const { values, sizes } = oracle(shape, tensors, activation);
      // No derivative is above 1, and an activation has an error of its own.
      const bound = tolerance(sizes, shape.k);
      const own = (i: number) =>
        (form === 'nn' ? bound(i) : 2 * bound(i)) + 16 * EPSILON_32 * Math.abs(values[i]);
      // One kernel of one pass, and one whose sum ends in a second kernel.
      const all = everyCandidate(shape, device, 'single').filter(isSmall);
      const few = [all.find(({ split }) => !split), all.find(({ split }) => split)];
      for (const candidate of few) {
        if (candidate)
          expectClose(await run(shape, candidate, tensors, { activation }), values, own, candidate.name);
      }
    }
  },
);

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  // In double precision, the default is the rule with the most moments.
  const rules = ALL || precision === 'single' ? RULES : (['adam'] as const);
  test.each(rules)('an update by %s takes the whole sum, in every candidate', async (rule) => {
    const shape = { form: 'tn' as const, m: 37, k: STRIP_TERMS + 3, n: 19 };
    const { m, k, n } = shape;
    const settings = updateSettings(precision, rule, MILD);
    const tensors = operands(shape, precision);
    const random = new TestRandom(3);
    const moments = momentsOf(rule, random.floats(m * n));
    const before = { parameters: random.floats(m * n), moments };
    const options = { settings, precision };
    const { values, sizes } = oracle(shape, tensors);
    const candidates = everyCandidate(shape, device, precision).filter(isSmallOrShared);
    const quads = device.features.has('subgroups') ? ['quad'] : [];
    expect(new Set(candidates.map(({ kind }) => kind))).toEqual(new Set(['register', ...quads, 'shared']));
    let first: Updatable | undefined;
    for (const candidate of candidates) {
      const result = await runUpdatingMatmul(device, shape, candidate, tensors, before, options);
      first ??= result;
      expectUpdated(result, precision, settings, before, values, tolerance(sizes, k, precision));
      expectSame(result.parameters, first.parameters, candidate.name);
      result.moments.forEach(
        (moment, i) => void expectSame(moment, (first as Updatable).moments[i], candidate.name),
      );
    }
  });
});

test('an update with a product that is not finite is noticed with the step', async () => {
  const shape = { form: 'tn' as const, m: 9, k: 5, n: 7 };
  const tensors = operands(shape);
  tensors.a[11] = Number.POSITIVE_INFINITY;
  const settings = updateSettings('single', 'sgd', MILD);
  const before = { parameters: new Float32Array(63), moments: [] };
  const options = { settings, precision: 'single' } as const;
  for (const candidate of everyCandidate(shape, device, 'single').filter(isSmallOrShared)) {
    const { diverged } = await runUpdatingMatmul(device, shape, candidate, tensors, before, options);
    expect(diverged[0], candidate.name).toBe(MILD.step + 1);
  }
});

test('a sum of more terms than llvmpipe makes loop iterations has them all', async () => {
  const shape = { form: 'tn' as const, m: 2, k: 300_000, n: 3 };
  const { m, k, n } = shape;
  const tensors = { a: new Float32Array(m * k).fill(1), b: new Float32Array(k * n).fill(1) };
  for (const candidate of sensibleCandidates(shape, device, 'single')) {
    expect(await run(shape, candidate, tensors), candidate.name).toEqual(new Float32Array(m * n).fill(k));
  }
});

test('negative zero, which only underflow leaves, is the same for every candidate', async () => {
  const shape = { form: 'nn' as const, m: 5, k: STRIP_TERMS + 5, n: 6 };
  const tensors = {
    a: new Float32Array(shape.m * shape.k).fill(-1e-30),
    b: new Float32Array(shape.k * shape.n).fill(1e-30),
  };
  const [first, ...others] = everyCandidate(shape, device, 'single').filter(isSmallOrShared);
  const product = await run(shape, first, tensors);
  for (const candidate of others) {
    expectSame(await run(shape, candidate, tensors), product, candidate.name);
  }
});
