import { expect, it } from 'vitest';
import { ticksOf } from './axes-picture.ts';

const plane = (origin: number, along: number) => ({
  axes: [0, 0],
  origin: Float64Array.of(origin),
  u: Float64Array.of(along),
  v: Float64Array.of(along),
});

it('ticks are round numbers in the units of the rows, each at its place', () => {
  // Scaled from −2 to 4 about a mean of 170 with a deviation of 10: from 150 to 210.
  const ticks = ticksOf({ mean: 170, deviation: 10 }, plane(1, 3), 0);
  expect(ticks.map(({ value }) => value)).toEqual([160, 180, 200]);
  for (const { value, place } of ticks) expect(170 + 10 * (1 + 3 * place)).toBeCloseTo(value, 9);
  expect(ticks.map(({ text }) => text)).toEqual(['160', '180', '200']);
  const small = ticksOf({ mean: 0, deviation: 1 }, plane(0, 0.0003), 1);
  expect(small.map(({ value }) => value)).toEqual([-0.0002, 0, 0.0002]);
});

it('ticks of points in time are round there', () => {
  const mean = Date.UTC(2024, 0, 16);
  const ticks = ticksOf({ mean, deviation: 86_400_000 }, plane(0, 14), 0, true);
  expect(ticks.map(({ text }) => text)).toEqual(['2024-01-04', '2024-01-11', '2024-01-18', '2024-01-25']);
});

it('a constant feature has none', () => {
  expect(ticksOf({ mean: 5, deviation: 0 }, plane(0, 1), 0)).toEqual([]);
});
