import { expect, test } from 'vitest';
import { testDevice } from '../../tests/helpers/devices/gpu.ts';
import { largestEigenvectors } from '../data/eigenvectors.ts';
import { RandomState } from '../data/random-state.ts';
import { OptionError } from '../errors.ts';
import { digits } from '../tables/digits.ts';
import { principalComponents } from './principal-components.ts';

/** Covariances of rows in float64. */
function covariances(inputs: Float64Array, features: number): Float64Array {
  const count = inputs.length / features;
  const means = new Float64Array(features);
  inputs.forEach((value, i) => {
    means[i % features] += value / count;
  });
  const matrix = new Float64Array(features * features);
  for (let start = 0; start < inputs.length; start += features) {
    for (let i = 0; i < features; i++) {
      const distance = (inputs[start + i] - means[i]) / count;
      for (let j = 0; j < features; j++)
        matrix[i * features + j] += distance * (inputs[start + j] - means[j]);
    }
  }
  return matrix;
}

const turned = (rows: number, seed: number): Float64Array => {
  const normals = new RandomState(seed).randn(3 * rows);
  return Float64Array.from({ length: 3 * rows }, (_, i) => {
    const [x, y, z] = normals.subarray(3 * Math.floor(i / 3), 3 * Math.floor(i / 3) + 3);
    return [5 + 2 * x + y, -x + 2 * y, 1e9 + 0.2 * z][i % 3];
  });
};

test('both backends find the components of float64', async () => {
  const device = await testDevice();
  const { inputs: pixels } = await digits();
  const cases: [Float64Array, number][] = [
    [turned(200, 1), 3],
    [new RandomState(2).randn(17 * 5).map((value) => 1e12 * value), 5],
    [pixels as Float64Array, 64],
  ];
  for (const [inputs, features] of cases) {
    const exact = largestEigenvectors(covariances(inputs, features), features, features);
    const total = exact.values.reduce((sum, value) => sum + value);
    for (const [place, bound] of [
      [{ device }, 2e-5],
      [{ backend: 'cpu' }, 2e-5],
      [{ backend: 'cpu', precision: 'double' }, 1e-9],
    ] as const) {
      const found = await principalComponents({ inputs, features }, place);
      expect(Math.abs(found.total - total) / total).toBeLessThan(bound);
      expect(found.components).toHaveLength(2 * features);
      found.variances.forEach((variance, k) => {
        expect(Math.abs(variance - exact.values[k]) / exact.values[0]).toBeLessThan(bound);
      });
      // Rounding turns a vector by its size over the distance of the two variances.
      const gap = Math.min(exact.values[0] - exact.values[1], exact.values[1] - exact.values[2]);
      const turn = (10 * bound * exact.values[0]) / gap;
      found.components.forEach((entry, i) => {
        expect(Math.abs(entry - exact.vectors[i])).toBeLessThan(turn);
      });
    }
  }
});

test('the same rows give the same bits, and one feature its own direction', async () => {
  const inputs = turned(50, 3);
  const place = { backend: 'cpu' } as const;
  const [one, other] = [
    await principalComponents({ inputs, features: 3 }, place),
    await principalComponents({ inputs, features: 3 }, place),
  ];
  expect(other).toEqual(one);
  const single = await principalComponents({ inputs: Float32Array.of(2, 4), features: 1 }, place);
  expect(single.means).toEqual(Float64Array.of(3));
  expect(single.components).toEqual(Float64Array.of(1));
  expect(single.variances).toEqual(Float64Array.of(1));
  const constant = await principalComponents({ inputs: Float64Array.of(7, 7, 7, 7), features: 2 }, place);
  expect(constant.variances).toEqual(Float64Array.of(0, 0));
  expect(constant.total).toBe(0);
});

test('refuses what has no components, and ends with a signal', async () => {
  const inputs = Float64Array.of(1, 2, 3, 4);
  const failing = async (data: object, options: object = {}) => {
    const error = await principalComponents(data as never, options).catch((error) => error);
    expect(error).toBeInstanceOf(OptionError);
    return error.message as string;
  };
  expect(await failing({ inputs, features: 3 })).toContain('data.inputs');
  expect(await failing({ inputs, features: 0 })).toContain('data.features');
  expect(await failing({ inputs: Float64Array.of(1, Number.NaN), features: 2 })).toContain('data.inputs[1]');
  expect(await failing({ inputs, features: 2 }, { count: 3 })).toContain('number of features, 2');
  expect(await failing({ inputs, features: 2 }, { components: 1 })).toContain("'count'");
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(principalComponents({ inputs, features: 2 }, { signal })).rejects.toThrow('enough');
});
