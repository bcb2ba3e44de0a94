import { describe, expect, it } from 'vitest';
import { type Dataset, RandomState, type RegressionDataset } from '../../index.ts';
import { digits } from '../../tables/index.ts';
import { divide, planeThrough, rowData } from './row-data.ts';
import { DEFAULTS, type Settings } from './settings.ts';
import type { RowSet } from './study-data.ts';

const SETTINGS: Settings = { ...DEFAULTS, shape: 'table', testShare: 0.25 };

/** Rows of three features of very different size, the last of which never changes. */
function people(count = 40): RowSet {
  const normals = new RandomState(7).randn(2 * count);
  const data: Dataset = {
    inputs: Float64Array.from({ length: 3 * count }, (_, i) => {
      const [height, income] = normals.subarray(2 * Math.floor(i / 3), 2 * Math.floor(i / 3) + 2);
      return [170 + 10 * height, 30_000 + 9000 * income, 5][i % 3];
    }),
    labels: Uint32Array.from({ length: count }, (_, row) => row % 2),
    count,
    features: 3,
    classes: 2,
    featureNames: ['height', 'income', 'planet'],
    classNames: ['no', 'yes'],
  };
  return { key: 'people', data };
}

describe('loaded rows', () => {
  it('are divided by class, and keep their numbers', () => {
    const rows = people();
    const { train, test, loaded, inputs, outputs, classNames } = divide(rows, SETTINGS);
    expect([train.count, test?.count]).toEqual([30, 10]);
    expect([...loaded.train, ...loaded.test].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, row) => row),
    );
    expect(inputs).toEqual(['height', 'income', 'planet']);
    expect([outputs, classNames]).toEqual([2, ['no', 'yes']]);
    const labels = (test as Dataset).labels;
    loaded.test.forEach((row, i) => {
      expect(labels[i]).toBe((rows.data as Dataset).labels[row]);
    });
    const other = divide(rows, { ...SETTINGS, dataSeed: 1 }).loaded.test;
    expect(other).not.toEqual(loaded.test);
    expect(divide(rows, { ...SETTINGS, testShare: 0 }).test).toBeUndefined();
  });

  it('are scaled by the training rows alone, and raw units come back', () => {
    const rows = people();
    const { train, test, loaded } = divide(rows, SETTINGS);
    for (const feature of [0, 1]) {
      const column = Float64Array.from(train.inputs).filter((_, i) => i % 3 === feature);
      const mean = column.reduce((sum, value) => sum + value, 0) / train.count;
      expect(mean).toBeCloseTo(0, 12);
      expect(column.reduce((sum, value) => sum + value * value, 0) / train.count).toBeCloseTo(1, 12);
    }
    expect(train.inputs[2]).toBe(0);
    for (const [numbers, data] of [
      [loaded.train, train],
      [loaded.test, test as Dataset],
    ] as const) {
      numbers.forEach((row, i) => {
        for (let k = 0; k < 3; k++) {
          const { mean, deviation } = loaded.units[k];
          const raw = mean + deviation * data.inputs[3 * i + k];
          expect(raw / rows.data.inputs[3 * row + k]).toBeCloseTo(1, 12);
        }
      });
    }
    const raw = divide(rows, { ...SETTINGS, scaled: false });
    expect(raw.train.inputs.subarray(0, 3)).toEqual(
      rows.data.inputs.slice(3 * raw.loaded.train[0], 3 * raw.loaded.train[0] + 3),
    );
    expect(raw.loaded.units[0]).toEqual({ mean: 0, deviation: 1 });
  });

  it('that are images are divided by the largest pixel, all alike', async () => {
    const rows = { key: 'digits', data: await digits(), images: { width: 8, height: 8 } };
    const { train, test, loaded } = divide(rows, SETTINGS);
    for (const [numbers, data] of [
      [loaded.train, train],
      [loaded.test, test as Dataset],
    ] as const) {
      const first = rows.data.inputs.slice(64 * numbers[0], 64 * numbers[0] + 64);
      expect(data.inputs.slice(0, 64)).toEqual(first.map((pixel) => pixel / 16));
    }
    expect(loaded.units[63]).toEqual({ mean: 0, deviation: 16 });
  });

  it('lie in a plane of two features where their features say', () => {
    const { train, test, loaded, ...rest } = divide(people(), SETTINGS);
    const divided = { train, test, loaded, ...rest };
    const plane = planeThrough(divided, { axes: [1, 0] });
    const { points, inputsAt } = rowData(divided, plane);
    const all = [...points.train, ...points.test];
    for (const along of ['x', 'y'] as const) {
      expect(Math.max(...all.map((point) => point[along]))).toBeCloseTo(1, 12);
      expect(Math.min(...all.map((point) => point[along]))).toBeCloseTo(-1, 12);
    }
    const back = inputsAt(Float64Array.from(points.train.flatMap(({ x, y }) => [x, y])));
    train.inputs.forEach((value, i) => {
      expect(back[i]).toBeCloseTo(value, 12);
    });
    expect(points.train[3]).toMatchObject({ row: loaded.train[3], label: (train as Dataset).labels[3] });
  });

  it('have a plane through exactly 0 where their means are but rounding', () => {
    const through = (settings: Settings) => planeThrough(divide(people(), settings), { axes: [0, 2] });
    expect(through(SETTINGS).origin[1]).toBe(0);
    expect(through({ ...SETTINGS, scaled: false }).origin[1]).toBeGreaterThan(20_000);
  });

  it('lie in the plane of components nearest to themselves, all distances alike', async () => {
    const rows = { key: 'digits', data: await digits() };
    const divided = divide(rows, SETTINGS);
    const { train } = divided;
    const components = new Float64Array(128);
    components[10] = 0.6;
    components[20] = 0.8;
    components[64 + 20] = 0.6;
    components[64 + 10] = -0.8;
    const plane = planeThrough(divided, { axes: [], components, shares: [0.5, 0.25] });
    const { points, inputsAt } = rowData(divided, plane);
    const back = inputsAt(Float64Array.from(points.train.flatMap(({ x, y }) => [x, y])));
    for (const row of [0, 500, 1000]) {
      for (const pixel of [10, 20]) {
        expect(back[64 * row + pixel]).toBeCloseTo(train.inputs[64 * row + pixel], 10);
      }
    }
    const length = (vector: Float64Array) => Math.hypot(...vector);
    expect(length(plane.u)).toBeCloseTo(length(plane.v), 12);
    expect(Math.max(...points.train.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))))).toBeLessThan(
      1.001,
    );
  });

  it('have points for evenly chosen rows where they are very many', () => {
    const divided = divide(people(20_000), SETTINGS);
    const { points } = rowData(divided, planeThrough(divided, { axes: [0, 1] }));
    expect(points.train).toHaveLength(5000);
    expect(points.test).toHaveLength(5000);
    expect(points.train[7]).toMatchObject({ index: 21, row: divided.loaded.train[21] });
    expect(points.test[7].index).toBeUndefined();
  });

  it('of a regression have values, scaled with their own units', () => {
    const data: RegressionDataset = {
      inputs: Float64Array.of(1, 2, 3, 4),
      targets: Float64Array.of(100, 200, 300, 400),
      count: 4,
      features: 1,
      outputs: 1,
    };
    const divided = divide({ key: 'line', data }, { ...SETTINGS, testShare: 0 });
    const { points, colours, loaded } = rowData(divided, planeThrough(divided, { axes: [0, 1] }));
    expect(loaded?.valueUnits).toEqual({ mean: 250, deviation: Math.sqrt(12_500) });
    expect(colours.mean).toBeCloseTo(0, 12);
    expect(colours.deviation).toBeCloseTo(2, 12);
    expect(points.train.map(({ x, y }) => [x, y])).toEqual([
      [-1, 0],
      [expect.closeTo(-1 / 3, 12), 0],
      [expect.closeTo(1 / 3, 12), 0],
      [1, 0],
    ]);
    expect(points.train[0].value).toBeCloseTo(-1.3416, 4);
    expect(rowData(divided, undefined).points.train).toEqual([]);
  });
});
