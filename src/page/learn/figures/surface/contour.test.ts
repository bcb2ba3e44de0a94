import { expect, test } from 'vitest';
import { contour } from './contour.ts';

const SIDE = 31;
const over = (height: (x: number, y: number) => number) =>
  Float64Array.from({ length: SIDE * SIDE }, (_, node) => height(node % SIDE, Math.floor(node / SIDE)));

test('the contour of a plane is a straight line from edge to edge', () => {
  const pieces = contour(
    over((x, y) => x + 2 * y),
    SIDE,
    20.5,
  );
  for (const [x, y] of pieces.flat()) expect(x + 2 * y).toBeCloseTo(20.5, 9);
  const length = pieces.reduce((sum, [[x, y], [u, v]]) => sum + Math.hypot(u - x, v - y), 0);
  expect(length).toBeCloseTo(Math.hypot(20.5, 10.25), 9);
});

test('the contour of a bowl is a circle', () => {
  const pieces = contour(
    over((x, y) => (x - 15) ** 2 + (y - 15) ** 2),
    SIDE,
    100.5,
  );
  for (const [x, y] of pieces.flat())
    expect(Math.abs(Math.hypot(x - 15, y - 15) - Math.sqrt(100.5))).toBeLessThan(0.02);
  const length = pieces.reduce((sum, [[x, y], [u, v]]) => sum + Math.hypot(u - x, v - y), 0);
  expect(Math.abs(length - 2 * Math.PI * Math.sqrt(100.5))).toBeLessThan(0.2);
});

test('values that do not reach the level have no contour', () => {
  expect(
    contour(
      over((x) => x),
      SIDE,
      99,
    ),
  ).toEqual([]);
});
