import { expect, it } from 'vitest';
import { CLASSES, lookOf, OUTLINES } from './classes.ts';

/** A colour in CIE L*a*b*, in which distances are about those that are seen. */
function lab(colour: string): number[] {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (one: string, other: string): number => {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(...a.map((part, i) => part - b[i]));
};

it.each(['fill', 'point'] as const)('the %s colours of ten classes are told apart', (kind) => {
  for (let i = 0; i < CLASSES.length; i++)
    for (let j = 0; j < i; j++)
      expect(distance(CLASSES[i][kind], CLASSES[j][kind]), `${i} and ${j}`).toBeGreaterThan(20);
});

it('a hundred classes have looks of their own, and the first ten a marker each', () => {
  expect(CLASSES).toHaveLength(10);
  const looks = Array.from({ length: 100 }, (_, label) => lookOf(label));
  expect(new Set(looks.map(({ fill, shape }) => `${fill} ${shape}`)).size).toBe(100);
  expect(new Set(looks.slice(0, 10).map(({ shape }) => shape)).size).toBe(10);
  for (const { shape } of looks) if (shape !== 'circle') expect(OUTLINES[shape].length).toBeGreaterThan(2);
});
