import { beforeAll, describe, expect, test } from 'vitest';
import { ACTIVATIONS } from '../../src/cpu/activations.ts';
import type { Activation, Precision } from '../../src/types.ts';
import { testDevice } from '../../tests/helpers/devices/gpu.ts';
import { runKernel } from '../../tests/helpers/kernels/kernels.ts';
import { EPSILON_32 } from '../../tests/helpers/oracle/compare.ts';
import { showFigure } from '../../tests/helpers/oracle/figures.ts';
import { held, PRECISIONS } from '../../tests/helpers/property.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { ALL } from '../../tests/helpers/tier.ts';
import { derivative } from '../derivative.wgsl.ts';
import { relu } from './activation.ts';
import { ACTIVATIONS as OTHERS } from './activations.ts';
import { elementwise } from './elementwise.ts';
import type { Kernel } from './kernel.ts';
import type { Arithmetic } from './real.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

/** The largest number of 32 bits. */
const MOST = 2 ** 128 - 2 ** 104;
const NAMES = Object.keys(ACTIVATIONS) as Activation[];
const COUNT = ALL ? 50_000 : 2_000;

const TEXTS = { relu, ...OTHERS };

/** The activation alone, in place, in the bindings of {@link derivative}. */
const output =
  (activation: Activation) =>
  (arithmetic: Arithmetic): Kernel =>
    elementwise({
      arithmetic,
      declarations: TEXTS[activation].functions?.(arithmetic) ?? '',
      variables: [
        ['sums', 'read', 'array<real>'],
        ['values', 'read_write', 'array<real>'],
        ['count', 'uniform', 'u32'],
      ],
      count: 'count',
      body: `  let z = sums[i];\n  values[i] = ${TEXTS[activation].output('z')};`,
    });

/** Sums of either sign, with exponents of 2 evenly from `low` to `high`. */
function between(low: number, high: number): number[] {
  const [signs, digits, exponents] = [0, 1, 2].map((seed) => new TestRandom(seed).doubles(COUNT));
  const [middle, reach] = [(low + high) / 2, (high - low) / 2];
  return Array.from(
    signs,
    (sign, i) => Math.sign(sign) * (1 + Math.abs(digits[i])) * 2 ** (middle + reach * exponents[i]),
  );
}

/** Where a series ends, or half of it, and the kink. */
const MEETING = [0, -1, 0.5, -0.5, Math.LN2 / 2];
/** From a range to the largest relative error that its sums may have. */
const SUMS: Record<string, number[]> = {
  tiny: between(-70, -12),
  ordinary: between(-12, 6),
  huge: between(6, 126),
  'where forms meet': [0, -0, ...between(-3, 3)].map((x, i) => MEETING[i % 5] + x * 2 ** -(i % 30)),
};

/**
 * The largest relative error of an output. In single precision, WGSL allows an exponential 3 + 2·|x|
 * units in the last place and a quotient 2.5; other operations add up to 2 more. In double-single it
 * is the error of the exponential in docs/numerics.md.
 */
const TOLERANCES: Record<Precision, (x: number) => number> = {
  single: (x) => (8 + 2 * Math.min(Math.abs(x), 88)) * EPSILON_32,
  double: () => 2 ** -40,
};
/**
 * A device may take numbers below 2⁻¹²⁶, or second words of that size, for 0, and the exponential of
 * double-single begins with a sixteenth.
 */
const FLUSHED = 2 ** -121;

describe.each(PRECISIONS)('in %s precision', (precision) => {
  const run = async (
    kernel: (arithmetic: Arithmetic) => Kernel,
    first: Float64Array,
    second: Float64Array,
  ) => {
    const Float = precision === 'single' ? Float32Array : Float64Array;
    const { second: result } = await runKernel(device, kernel, {
      tensors: { first: Float.from(first), second: Float.from(second) },
      uniform: [first.length],
      extent: { x: first.length },
      precision,
    });
    return result;
  };
  /** The largest error relative to the tolerance. */
  const worst = (results: ArrayLike<number>, expected: Float64Array, at: Float64Array) => {
    let most = { error: 0, text: '' };
    for (let i = 0; i < expected.length; i++) {
      const difference = Math.max(0, Math.abs(results[i] - expected[i]) - FLUSHED) / Math.abs(expected[i]);
      // NaN is the largest error of all.
      const error = results[i] === expected[i] ? 0 : difference / TOLERANCES[precision](at[i]);
      if (!(error <= most.error)) {
        most = { error, text: `at ${at[i]}: ${results[i]}, expected ${expected[i]}` };
      }
    }
    return most;
  };

  describe.each(NAMES)('%s', (name) => {
    const { apply, chain } = ACTIVATIONS[name];

    test.each(Object.entries(SUMS))('of %s sums', async (range, list) => {
      const sums = Float64Array.from(held(precision, list));
      const expected = sums.slice();
      apply(expected, sums.length);
      const results = await run(output(name), sums, sums);
      const { error, text } = worst(results, expected, sums);
      showFigure(`${precision} ${name} of ${range} sums: ${error}`);
      expect(error, text).toBeLessThanOrEqual(1);

      const h = Float64Array.from(held(precision, Array.from(expected)));
      const d = Float64Array.from(held(precision, new TestRandom(9).doubles(list.length)));
      const gradient = d.slice();
      chain(gradient, h, h.length);
      const slope = worst(await run((arithmetic) => derivative(TEXTS[name], arithmetic), h, d), gradient, h);
      showFigure(`${precision} ${name}, derivative at ${range} sums: ${slope.error}`);
      expect(slope.error, slope.text).toBeLessThanOrEqual(1);
    });

    test('of the largest sums is finite, and of others is not', async () => {
      const sums = Float64Array.of(MOST, -MOST, 0, Number.NaN, Infinity, -Infinity);
      const expected = sums.slice();
      apply(expected, sums.length);
      const results = await run(output(name), sums, sums);
      const { error, text } = worst(results, expected.slice(0, 3), sums);
      expect(error, text).toBeLessThanOrEqual(1);
      expect(results[3]).toBeNaN();
      expect(results[4]).not.toSatisfy(Number.isFinite);
      if (name !== 'relu') expect(results[5]).not.toSatisfy(Number.isFinite);
    });
  });
});
