import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { Arrays } from '../../../tests/helpers/wasm/arrays.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import type { Activation } from '../../types.ts';
import { complete } from '../time-slices.ts';

/*
 * The functions of exponential.as.ts, through the activations that are nothing but these functions on
 * part of the numbers.
 */
describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let arrays: Arrays;
  beforeAll(async () => {
    arrays = new Arrays(await wasmKernels(precision));
  });
  const single = precision === 'single';

  /** `count` numbers from one to another, and those beside them where exp takes another power of 2. */
  function grid(from: number, to: number, count = 3000): Float64Array {
    const even = Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
    const steps = Array.from({ length: 2200 }, (_, n) => (0.5 - n) * Math.LN2).filter(
      (x) => x >= from && x <= to,
    );
    return arrays.held([...even, ...steps, ...steps.map((x) => x * (1 + 2 ** -22))]);
  }

  /** @param ulps the bound in units in the last place; the oracle of double precision takes one more */
  function check(activation: Activation, x: Float64Array, exact: (x: number) => number, ulps: number) {
    const out = arrays.output(x.length);
    const parameters = { weights: arrays.input([1]), biases: arrays.input([-0]) };
    complete(arrays.kernels.outputs(arrays.input(x), parameters, out, x.length, activation));
    const expected = x.map(exact);
    const tolerance = (i: number) => (ulps + (single ? 0 : 1)) * arrays.ulp(expected[i]);
    expectClose(out, expected, tolerance, activation);
    return out;
  }

  test('exp down to the least number, and then 0', () => {
    // The sigmoid is exp(x) / (1 + exp(x)), whose divisor is 1 here.
    const [near, far] = single ? [-18, -105] : [-38, -747];
    check('sigmoid', grid(far, near), Math.exp, 1.5);
    const [out] = check('sigmoid', arrays.held([far - 1e-3, -1e30, Number.NEGATIVE_INFINITY]), () => 0, 0);
    expect(Object.is(out, 0)).toBe(true);
  });

  test('exp − 1, with all digits near 0', () => {
    check('elu', grid(-45, 0), Math.expm1, 1.5);
    check('elu', grid(-1, 0), Math.expm1, 1.5);
    const tiny = Array.from({ length: 140 }, (_, i) => -1.1 * 2 ** -i);
    check('elu', arrays.held(tiny), Math.expm1, 1.5);
    check('elu', arrays.held([-1e30, Number.NEGATIVE_INFINITY]), () => -1, 0);
  });

  test('ln(1 + exp(x)), with all digits of a small exp(x)', () => {
    check('softplus', grid(single ? -104 : -746, 0), (x) => Math.log1p(Math.exp(x)), 3.5);
    check('softplus', grid(-3, 0), (x) => Math.log1p(Math.exp(x)), 3.5);
  });
});
