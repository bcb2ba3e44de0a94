import { describe, expect, it } from 'vitest';
import { principalComponents, RandomState } from '../../../index.ts';
import { principalPlane } from './principal-plane.ts';

/** Rows whose variance falls from unit to unit, turned so that no unit is a component. */
function cloud(count: number, width: number, fall: number): Float64Array {
  const normals = new RandomState(3).randn(count * width);
  const rows = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < width; k++) {
      const value = normals[row * width + k] * fall ** k;
      for (let i = 0; i < width; i++)
        rows[row * width + i] += value * Math.sin((i + 1) * (k + 1) * (Math.PI / (width + 1))) + 1 / (i + 1);
    }
  }
  return rows;
}

describe('the plane of the principal components', () => {
  it.each([
    [300, 8, 0.8],
    [300, 100, 0.9],
    [2000, 128, 0.97],
    [3, 2, 0.5],
  ])('of %i rows of %i numbers is the library’s', async (count, width, fall) => {
    const rows = cloud(count, width, fall);
    const { components, variances, total } = await principalComponents(
      { inputs: rows, features: width },
      { backend: 'cpu', precision: 'double' },
    );
    const { across, share } = principalPlane(rows, width);
    expect(share).toBeCloseTo((variances[0] + variances[1]) / total, 6);
    // Each component lies in the plane.
    for (const k of [0, 1]) {
      const along = [0, 1].map((direction) =>
        components
          .subarray(k * width, (k + 1) * width)
          .reduce((sum, value, i) => sum + value * across[direction * width + i], 0),
      );
      expect(Math.hypot(...along)).toBeCloseTo(1, 5);
    }
  });

  it('of a wider layer is one of some rows', () => {
    const rows = cloud(500, 200, 0.7);
    const { across, share, from } = principalPlane(rows, 200);
    expect(from).toBeLessThanOrEqual(128);
    expect(share).toBeGreaterThan(0.6);
    const [first, second] = [across.subarray(0, 200), across.subarray(200)];
    const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    expect(product(first, first)).toBeCloseTo(1, 9);
    expect(product(second, second)).toBeCloseTo(1, 9);
    expect(product(first, second)).toBeCloseTo(0, 9);
  });

  it('of rows that are all one, or lie on a line, is still finite', () => {
    expect(principalPlane(new Float64Array(12).fill(2), 3).across.every(Number.isFinite)).toBe(true);
    const line = principalPlane(Float64Array.of(1, 2, 2, 4, 3, 6), 2);
    expect(line.share).toBeCloseTo(1, 9);
  });
});
