import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Contents, contents, fill, of, property, sizes } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import { hingeFault, squaredErrorFault } from '../../../tests/helpers/wasm/losses.ts';
import type { WasmKernels } from './kernels.ts';

const random = new TestRandom(5);

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });

  const few = [1, 2, 3, 4, 5, 7, 9, 33];
  const edges = ALL ? Array.from({ length: 40 }, (_, i) => i + 1) : few;

  test('of any few rows and classes or outputs', async () => {
    for (const rows of edges) {
      for (const width of edges) {
        const z = random.normals(rows * width);
        const elsewhere = (rows + width) % 2 === 0;
        const labels = random.integers(rows, width);
        expect(await hingeFault(kernels, z, labels, width, { elsewhere })).toBeUndefined();
        expect(
          await squaredErrorFault(kernels, z, random.normals(rows * width), width, { elsewhere }),
        ).toBeUndefined();
      }
    }
  });

  test('at the kink, and of numbers that are far off or none', async () => {
    const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
    const rows = [
      [0, -1, 1, -1],
      [1, 1, 1, 1],
      // 2⁻³⁰ beside 1 is lost in single precision, but the margin of class 1 over class 0 is not 0.
      [-(2 ** -30), -1, -1 - 2 ** -23, 5],
      [1e30, -1e30, 1e30, 0],
      [none, 1, 2, 3],
      [1, infinite, 2, 3],
      [1, -infinite, 2, 3],
    ];
    for (let label = 0; label < 4; label++) {
      const labels = new Uint32Array(rows.length).fill(label);
      expect(await hingeFault(kernels, rows.flat(), labels, 4)).toBeUndefined();
    }
    const reversed = rows.flat().reverse();
    expect(await squaredErrorFault(kernels, rows.flat(), reversed, 4)).toBeUndefined();
  });

  test.each([
    [1, 2, 0.25],
    [0, 1, 0],
    [1e-30, 1e30, 1],
    [0, 0, 0],
  ])('the hinge by class weights of %d, %d and %d', async (...weights) => {
    for (const elsewhere of [false, true]) {
      const labels = random.integers(37, 3);
      const fault = await hingeFault(kernels, random.normals(3 * 37), labels, 3, { weights, elsewhere });
      expect(fault).toBeUndefined();
    }
  });

  interface Case {
    rows: number;
    width: number;
    numbers: Contents;
    seed: number;
    weighted: boolean;
  }
  const cases: fc.Arbitrary<Case> = fc.record({
    rows: sizes(140),
    width: sizes(130),
    numbers: contents(),
    seed: fc.nat(),
    weighted: fc.boolean(),
  });
  const example = { rows: 33, width: 129, numbers: of('plus or minus 1e4'), seed: 1, weighted: true };
  property('of any numbers', cases, [example], async ({ rows, width, numbers, seed, weighted }) => {
    const z = fill(precision, numbers, rows, width);
    const own = new TestRandom(seed);
    const labels = own.integers(rows, width);
    const weights = weighted ? Array.from(own.normals(width), Math.abs) : undefined;
    expect(await hingeFault(kernels, z, labels, width, weights && { weights })).toBeUndefined();
    expect(await squaredErrorFault(kernels, z, own.normals(rows * width), width)).toBeUndefined();
  });
});
