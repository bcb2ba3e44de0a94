import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OptionError, type RegressionDataset } from '../index.ts';
import { Scaling, standardize } from './scaling.ts';

const dataOf = (rows: number[][]) => ({
  inputs: Float64Array.from(rows.flat()),
  labels: Uint32Array.from(rows, (_, row) => row % 2),
  count: rows.length,
  features: rows[0].length,
  classes: 2,
});

describe('standardize', () => {
  test('gives each column mean 0 and standard deviation 1, by the number of rows', () => {
    const { data, scaling } = standardize(
      dataOf([
        [1, 10],
        [2, 10],
        [3, 40],
      ]),
    );
    expect(scaling.means).toEqual([2, 20]);
    expect(scaling.deviations).toEqual([Math.sqrt(2 / 3), Math.sqrt(200)].map((x) => expect.closeTo(x, 12)));
    const root = Math.sqrt(1.5);
    const expected = [-root, -Math.SQRT1_2, 0, -Math.SQRT1_2, root, Math.SQRT2];
    expect(Array.from(data.inputs)).toEqual(expected.map((x) => expect.closeTo(x, 12)));
    expect(Array.from(scaling.apply(Float32Array.of(2, 20)))).toEqual([0, 0]);
  });

  test('makes a constant column 0, whatever its value, also in other rows', () => {
    for (const value of [0.1, 1e300, -7, 1.7e12 + 1 / 3]) {
      const { data, scaling } = standardize(dataOf([[value], [value], [value]]));
      expect(Array.from(data.inputs)).toEqual([0, 0, 0]);
      expect(scaling.deviations).toEqual([0]);
      expect(Array.from(scaling.apply(Float64Array.of(5)))).toEqual([0]);
    }
  });

  test('keeps two time stamps a minute apart two numbers in 32 bits', () => {
    const start = Date.UTC(2026, 0, 1);
    const rows = Array.from({ length: 1000 }, (_, i) => [start + 60_000 * i]);
    const { data } = standardize(dataOf(rows));
    expect(new Set(Float32Array.from(data.inputs)).size).toBe(1000);
    expect(new Set(Float32Array.from(rows.flat())).size).toBeLessThan(1000);
  });

  test('has finite numbers for every column', () => {
    const column = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(column, (values) => {
        const { data, scaling } = standardize(dataOf(values.map((value) => [value])));
        expect(data.inputs.every(Number.isFinite)).toBe(true);
        expect([...scaling.means, ...scaling.deviations].every(Number.isFinite)).toBe(true);
      }),
    );
    const extremes = standardize(dataOf([[-Number.MAX_VALUE], [Number.MAX_VALUE]]));
    expect(Array.from(extremes.data.inputs)).toEqual([-1, 1]);
  });

  test('scales the targets of a regression on request, and takes predictions back', () => {
    const data: RegressionDataset = {
      inputs: Float64Array.of(1, 2),
      targets: Float64Array.of(100, 7, 300, 7),
      count: 2,
      features: 1,
      outputs: 2,
    };
    expect(standardize(data).data.targets).toEqual(data.targets);
    const { data: scaled, scaling } = standardize(data, { targets: true });
    expect(Array.from(scaled.targets)).toEqual([-1, 0, 1, 0]);
    expect(Array.from(scaling.restore(Float32Array.of(0.5, 3)))).toEqual([250, 7]);
  });

  test('is plain data in JSON', () => {
    const { scaling } = standardize(dataOf([[1], [2], [4]]));
    const copy = new Scaling(JSON.parse(JSON.stringify(scaling)));
    expect(copy).toEqual(scaling);
    expect(copy.apply(Float64Array.of(3))).toEqual(scaling.apply(Float64Array.of(3)));
  });

  test('refuses what is no scaling, and rows of another width', () => {
    const { scaling } = standardize(
      dataOf([
        [1, 2],
        [2, 3],
      ]),
    );
    expect(() => scaling.apply(Float64Array.of(1, 2, 3))).toThrow(OptionError);
    expect(() => scaling.applyTo(dataOf([[1], [2]]))).toThrow('data.features: expected 2, but got 1');
    expect(() => scaling.applyTo(undefined as never)).toThrow('inputs: expected a Float32Array');
    expect(() => new Scaling({ means: [1], deviations: [] })).toThrow('1 standard deviations');
    expect(() => new Scaling({ means: [1], deviations: [-1] })).toThrow(OptionError);
    expect(() => standardize(dataOf([[1]]) as never, { targets: true } as never)).toThrow('options.targets');
    expect(() => standardize(dataOf([[1]]) as never, { tragets: true } as never)).toThrow(
      "the name 'targets'",
    );
  });
});
