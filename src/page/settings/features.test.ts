import { expect, it } from 'vitest';
import { featureRows } from './features.ts';
import { loadPointKit, planeData } from './plane-data.ts';
import { DEFAULTS, FEATURES } from './settings.ts';

await loadPointKit();

it('the features of a point are what their names say', () => {
  const row = (x: number, y: number) => [...featureRows(Float64Array.of(x, y), FEATURES)];
  expect(row(0.5, -2)).toEqual([
    0.5,
    -2,
    0.25,
    4,
    -1,
    1,
    expect.closeTo(0, 15),
    Math.sqrt(4.25),
    Math.atan2(-2, 0.5),
  ]);
  // The angle turns from the positive x axis to the positive y axis.
  expect(row(1, 0)[8]).toBe(0);
  expect(row(0, 1)[8]).toBe(Math.PI / 2);
  expect(row(-1, 0)[8]).toBe(Math.PI);
});

it('data has the chosen features, a row for each point, and x and y are what they were', () => {
  const settings = { ...DEFAULTS, testShare: 0.2 };
  const { train: plain, points } = planeData(settings);
  const { train, test } = planeData({ ...settings, features: ['y', 'xy'] });
  expect([plain?.features, plain?.featureNames]).toEqual([2, ['x', 'y']]);
  expect([train?.features, train?.featureNames]).toEqual([2, ['y', 'xy']]);
  expect([train?.inputs.length, test?.inputs.length]).toEqual([480, 120]);
  points.train.forEach(({ x, y }, row) => {
    expect([...(plain?.inputs.subarray(2 * row, 2 * row + 2) ?? [])]).toEqual([x, y]);
    expect([...(train?.inputs.subarray(2 * row, 2 * row + 2) ?? [])]).toEqual([y, x * y]);
  });
});

it('rows have the format of their points', () => {
  expect(featureRows(Float32Array.of(3, 4, 6, 8), ['r'])).toEqual(Float32Array.of(5, 10));
});
