import { describe, expect, test } from 'vitest';
import { caseStudy, spiral } from '../../../../index.ts';
import { armCurve, armPoints, CLASSES, NOTES, PER_CLASS } from './arms.ts';

const flat = (points: readonly { x: number; y: number }[]) => points.flatMap(({ x, y }) => [x, y]);

describe('the spiral of the figure', () => {
  test('is the notes’, point by point', () => {
    const { data } = caseStudy.linear.options;
    const points = armPoints(NOTES);
    expect(points.map(({ label }) => label)).toEqual(Array.from(data.labels));
    flat(points).forEach((value, i) => {
      expect(value).toBeCloseTo(data.inputs[i], 14);
    });
  });

  test('follows the library’s when the noise changes', () => {
    const { inputs } = spiral({ noise: 0.45 });
    flat(armPoints({ ...NOTES, noise: 0.45 })).forEach((value, i) => {
      expect(value).toBeCloseTo(inputs[i], 14);
    });
  });

  test('has the radius and the turn that were chosen, and without noise lies on its curves', () => {
    const chosen = { radius: 0.7, turn: 2.5, noise: 0 };
    const points = armPoints(chosen);
    for (let label = 0; label < CLASSES; label++) {
      const arm = points.slice(label * PER_CLASS, (label + 1) * PER_CLASS);
      const [first, last] = [arm[0], arm[PER_CLASS - 1]];
      expect(Math.hypot(first.x, first.y)).toBe(0);
      expect(Math.hypot(last.x, last.y)).toBeCloseTo(0.7, 14);
      expect(last.angle - first.angle).toBeCloseTo(2.5, 14);
      expect(arm.every(({ shift }) => shift === 0)).toBe(true);
      const end = armCurve(chosen, label, 1).at(-1);
      expect(end?.x).toBeCloseTo(last.x, 14);
      expect(end?.y).toBeCloseTo(last.y, 14);
    }
  });
});
