import { describe, expect, it } from 'vitest';
import { type Place, squareAround, wedgeAt, wedgeOf } from './wedges.ts';

const SQUARE = { left: -1, bottom: -1, size: 2 };

/** The area of a polygon. */
const area = (corners: readonly Place[]): number =>
  Math.abs(
    corners.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = corners[(i + 1) % corners.length];
      return sum + (x * nextY - nextX * y) / 2;
    }, 0),
  );

describe('the wedges of classes', () => {
  it('are halves of the square on both sides of a line', () => {
    // Class 0 wins where x > y.
    const scores = Float32Array.of(1, 0, 0, 0, 1, 0);
    expect(area(wedgeOf(scores, 0, SQUARE))).toBeCloseTo(2, 6);
    expect(wedgeAt(scores, [0.5, 0])).toBe(0);
    expect(wedgeAt(scores, [0, 0.5])).toBe(1);
  });

  it('fill the square, and each has the places at which its score is the largest', () => {
    const scores = Float32Array.from({ length: 15 }, (_, i) => Math.sin(7 * i + 1));
    const wedges = Array.from({ length: 5 }, (_, label) => wedgeOf(scores, label, SQUARE));
    expect(wedges.reduce((sum, wedge) => sum + area(wedge), 0)).toBeCloseTo(4, 5);
    let seen = 0;
    wedges.forEach((wedge, label) => {
      if (wedge.length === 0) return;
      seen++;
      const middle = [0, 1].map((axis) => wedge.reduce((sum, place) => sum + place[axis], 0) / wedge.length);
      expect(wedgeAt(scores, middle as unknown as Place)).toBe(label);
    });
    expect(seen).toBeGreaterThan(1);
  });

  it('are empty where another class wins everywhere', () => {
    expect(wedgeOf(Float32Array.of(0, 0, 0, 0, 0, 5), 0, SQUARE)).toEqual([]);
    expect(area(wedgeOf(Float32Array.of(0, 0, 0, 0, 0, 5), 1, SQUARE))).toBe(4);
  });
});

describe('the square around places', () => {
  it('holds them all, and stands still while they move a little', () => {
    const square = squareAround(Float32Array.of(0.1, 3.2, -1.4, 2));
    expect(square).toEqual(squareAround(Float32Array.of(0.12, 3.23, -1.41, 2.02)));
    const { left, bottom, size } = square ?? { left: 0, bottom: 0, size: 0 };
    expect(left).toBeLessThan(-1.4);
    expect(bottom).toBe(left);
    expect(left + size).toBeGreaterThan(3.2);
  });

  it('is none around one place', () => {
    expect(squareAround(Float32Array.of(2, 2))).toBeUndefined();
    expect(squareAround(new Float32Array())).toBeUndefined();
  });
});
