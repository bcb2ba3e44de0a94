import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Contents, contents, fill, of, property, sizes } from '../../../tests/helpers/property.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { temporarily } from '../../../tests/helpers/wasm/arrays.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import { PlainKernels } from '../plain-kernels.ts';
import { complete } from '../time-slices.ts';
import type { WasmKernels } from './kernels.ts';

/** Rows of one sum in the kernel, which then begins another. */
const BLOCK = 64;

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });

  /** The sums of the columns, beside those in float64. */
  const sumsFault = (values: ArrayLike<number>, rows: number, columns: number, spare = 0) =>
    temporarily(kernels, false, (arrays) => {
      const held = arrays.held(values);
      const out = arrays.output(columns);
      const dY = arrays.output([...held, ...Array<number>(spare * columns).fill(Number.NaN)]);
      complete(arrays.kernels.biasesGradient(dY, out, rows));
      const [expected, sizes] = [new Float64Array(columns), new Float64Array(columns)];
      const oracle = new PlainKernels(Float64Array);
      complete(oracle.biasesGradient(held, expected, rows));
      complete(oracle.biasesGradient(held.map(Math.abs), sizes, rows));
      // (r·u / (1 − r·u)) · Σ|x| for r roundings; the oracle of double precision has one a row.
      const roundings = Math.min(rows, BLOCK) + Math.ceil(rows / BLOCK) + (precision === 'double' ? rows : 0);
      const share = (roundings * arrays.unit) / (1 - roundings * arrays.unit);
      return arrays.fault(out, expected, (i) => share * sizes[i], `sums of ${rows}×${columns}`);
    });

  test('of any few rows and columns, with room for more rows', async () => {
    const few = [1, 2, 3, 4, 5, 7, 8, 9, 17, 33];
    const edges = ALL ? Array.from({ length: 40 }, (_, i) => i + 1) : few;
    for (const rows of [...edges, 63, 64, 65, 128, 129]) {
      for (const columns of edges) {
        const values = fill(precision, { ...of('normal'), seed: rows }, rows, columns);
        expect(await sumsFault(values, rows, columns, columns % 3)).toBeUndefined();
      }
    }
  });

  test('of many equal numbers, in blocks, which round less than one long sum', async () => {
    expect(await sumsFault(new Float64Array(3 * 30_000).fill(0.1), 30_000, 3)).toBeUndefined();
  });

  test('NaN and ∞ stay in their column', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const values = fill(precision, of('normal'), 70, 9).fill(value, 66 * 9 + 4, 66 * 9 + 5);
      expect(await sumsFault(values, 70, 9)).toBeUndefined();
    }
  });

  interface Case {
    rows: number;
    columns: number;
    values: Contents;
  }
  const cases: fc.Arbitrary<Case> = fc.record({ rows: sizes(600), columns: sizes(130), values: contents() });
  const example = { rows: 257, columns: 33, values: of('of many sizes') };
  property('of any numbers', cases, [example], async ({ rows, columns, values }) => {
    const held = fill(precision, values, rows, columns);
    expect(await sumsFault(held, rows, columns)).toBeUndefined();
  });
});
