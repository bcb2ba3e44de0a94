import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { dataset } from '../../checks/dataset.ts';
import { OptionError } from '../../errors.ts';
import type { Dataset } from '../../types.ts';
import { blobs } from './blobs.ts';
import { chequerboard } from './chequerboard.ts';
import { circles } from './circles.ts';
import { moons } from './moons.ts';
import type { PlaneOptions } from './plane.ts';
import { xor } from './xor.ts';

const SETS = { circles, moons, blobs, xor, chequerboard };
const CLASSES = [2, 3, 4, 5, 6];

/** The points of a data set, each with its class. */
const points = ({ inputs, labels }: Dataset) =>
  Array.from(labels, (label, i) => ({ label, x: inputs[2 * i], y: inputs[2 * i + 1] }));

describe.each(Object.entries(SETS))('%s', (name, draw) => {
  test('has 100 points a class by default, in class order', () => {
    const data = draw();
    const classes = name === 'blobs' ? 3 : 2;
    const { inputs, labels, ...shape } = data;
    expect(shape).toEqual({ count: 100 * classes, features: 2, classes, featureNames: ['x', 'y'] });
    expect(inputs).toBeInstanceOf(Float64Array);
    expect(Array.from(labels)).toEqual(Array.from({ length: 100 * classes }, (_, i) => Math.floor(i / 100)));
    dataset({ float32: true })(data, 'data');
  });

  test.each([1, ...CLASSES, 25])('takes %i classes, with as many points each', (classes) => {
    for (const perClass of [1, 7]) {
      const data = draw({ perClass, classes });
      dataset({ float32: true })(data, 'data');
      expect([data.count, data.classes]).toEqual([perClass * classes, classes]);
      expect(Array.from(data.labels)).toEqual(
        Array.from({ length: perClass * classes }, (_, i) => Math.floor(i / perClass)),
      );
    }
  });

  test('is the same for the same seed, and different for another seed', () => {
    const options = { perClass: 20, classes: 4, noise: 0.1 };
    expect(draw({ ...options, seed: 5 })).toEqual(draw({ ...options, seed: 5 }));
    expect(draw(options)).toEqual(draw({ ...options, seed: 0 }));
    expect(draw({ ...options, seed: 5 }).inputs).not.toEqual(draw({ ...options, seed: 6 }).inputs);
  });

  test('fills about [-1, 1] in its longer direction', () => {
    for (const classes of CLASSES) {
      for (const seed of [0, 1, 2]) {
        const { inputs } = draw({ classes, seed });
        const reach = Math.max(...Array.from(inputs, Math.abs));
        expect(reach).toBeGreaterThan(0.85);
        expect(reach).toBeLessThan(1.15);
      }
    }
  });

  test('has normal noise of the given deviation around fixed points', () => {
    const options = { perClass: 5000, classes: 3, seed: 2 };
    const [still, once, twice] = [0, 0.1, 0.2].map((noise) => draw({ ...options, noise }).inputs);
    const normals = Array.from(once, (value, i) => (value - still[i]) / 0.1);
    expectClose(
      twice,
      normals.map((value, i) => still[i] + 0.2 * value),
      1e-13,
    );
    const moment = (power: number) => normals.reduce((sum, value) => sum + value ** power, 0) / 30_000;
    // For 30,000 points the standard errors are 0.006, 0.008 and 0.06.
    expectClose([moment(1), moment(2)], [0, 1], 0.03);
    expectClose([moment(4)], [3], 0.25);
    // Each coordinate has noise of its own.
    const products = normals.reduce((sum, value, i) => (i % 2 ? sum + value * normals[i - 1] : sum), 0);
    expectClose([products / 15_000], [0], 0.03);
  });

  test.each([
    { perClass: 0 },
    { perClass: 1.5 },
    { classes: -1 },
    { classes: Number.NaN },
    { noise: Number.POSITIVE_INFINITY },
    { noise: -1 },
    { noise: '0.1' },
    { seed: -1 },
    { seed: null },
    { perClass: 1e12 },
  ])('refuses %o', (options) => {
    const [[option, received]] = Object.entries(options);
    expect(() => draw(options as PlaneOptions)).toThrow(expect.objectContaining({ option, received }));
  });

  test.each([{ perclass: 5 }, { clases: 3 }, { nois: 1 }, null])('refuses %o', (options) => {
    expect(() => draw(options as PlaneOptions)).toThrow(OptionError);
  });
});

describe.each(CLASSES)('without noise, of %i classes,', (classes) => {
  const options = { classes, noise: 0, perClass: 60 };

  test('circles are evenly spaced on rings', () => {
    for (const { label, x, y } of points(circles(options))) {
      expectClose([Math.hypot(x, y)], [(0.9 * (label + 1)) / classes], 1e-15);
    }
    const { inputs } = circles(options);
    expectClose(inputs.subarray(30, 32), [0, 0.9 / classes], 1e-15);
    expectClose(inputs.subarray(-2), [0.9 * Math.cos(Math.PI / 30), -0.9 * Math.sin(Math.PI / 30)], 1e-14);
  });

  test('moons are half circles, up and down in turn, with their ends inside their neighbours', () => {
    const all = points(moons(options));
    expectClose([Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))], [-0.9, 0.9], 1e-15);
    const arcs = Array.from({ length: classes }, (_, label) => {
      const own = all.filter((point) => point.label === label);
      const [first, last] = own[0].x < own[59].x ? [own[0], own[59]] : [own[59], own[0]];
      const [radius, x] = [(last.x - first.x) / 2, (last.x + first.x) / 2];
      const up = label % 2 === 0 ? 1 : -1;
      for (const point of own) {
        expectClose([Math.hypot(point.x - x, point.y - first.y)], [radius], 1e-15);
        expect(up * (point.y - first.y)).toBeGreaterThan(-1e-15);
      }
      return { x, y: first.y, radius, up, first, last };
    });
    arcs.slice(1).forEach((arc, i) => {
      const before = arcs[i];
      expectClose([arc.radius], [before.radius], 1e-15);
      expect(Math.hypot(arc.first.x - before.x, arc.first.y - before.y)).toBeLessThan(0.6 * arc.radius);
      expect(Math.hypot(before.last.x - arc.x, before.last.y - arc.y)).toBeLessThan(0.6 * arc.radius);
      // Each end of a moon lies inside the neighbouring moon.
      expect(before.up * (arc.first.y - before.y)).toBeGreaterThan(0);
    });
    const distances = all.flatMap((a, i) =>
      all.slice(i + 1).flatMap((b) => (a.label === b.label ? [] : [Math.hypot(a.x - b.x, a.y - b.y)])),
    );
    expect(Math.min(...distances)).toBeGreaterThan(0.45 * arcs[0].radius);
  });

  test('blobs without noise are their centres', () => {
    for (const { label, x, y } of points(blobs(options))) {
      const angle = (2 * Math.PI * label) / classes;
      expectClose([x, y], [0.65 * Math.cos(angle), 0.65 * Math.sin(angle)], 1e-15);
    }
  });

  test('xor has sectors, with opposite sectors in one class', () => {
    const seen = new Set<number>();
    for (const { label, x, y } of points(xor(options))) {
      const turn = (Math.atan2(y, x) + 2 * Math.PI) / (2 * Math.PI);
      const sector = Math.floor((turn % 1) * 2 * classes);
      expect(sector % classes).toBe(label);
      seen.add(sector);
      expect(Math.hypot(x, y)).toBeLessThan(0.95);
      if (classes === 2) {
        expect(x * y > 0).toBe(label === 0);
        expect(Math.min(Math.abs(x), Math.abs(y))).toBeGreaterThan(0.07);
      }
    }
    expect(seen.size).toBe(2 * classes);
  });

  test('chequerboard has cells, with neighbouring cells in different classes', () => {
    const side = Math.max(4, classes);
    const seen = new Set<number>();
    for (const { label, x, y } of points(chequerboard(options))) {
      const [column, row] = [x, y].map((value) => ((value + 1) / 2) * side);
      const [c, r] = [Math.floor(column), Math.floor(row)];
      expect((c + r) % classes).toBe(label);
      seen.add(c * side + r);
      for (const part of [column - c, row - r]) expect(Math.abs(part - 0.5)).toBeLessThan(0.4 + 1e-12);
    }
    expect(Math.max(...seen)).toBe(side * side - 1);
    expect(seen.size).toBe(side * side);
  });
});

test.each([
  [3, 2],
  [5, 3],
  [6, 6],
  [7, 20],
  [300, 1],
])(
  'chequerboard of %i classes takes the first cells of each, as many as its %i points need',
  (classes, perClass) => {
    const { push } = Array.prototype;
    let listed = 0;
    Array.prototype.push = function (...items) {
      listed++;
      return push.apply(this, items);
    };
    const data = chequerboard({ classes, perClass, noise: 0 });
    Array.prototype.push = push;
    expect(listed).toBeLessThan(2 * classes * Math.max(4, perClass));
    const side = Math.max(4, classes);
    for (let label = 0; label < classes; label++) {
      const cells: string[] = [];
      for (let column = 0; column < side; column++) {
        for (let row = 0; row < side; row++)
          if ((column + row) % classes === label) cells.push(`${column} ${row}`);
      }
      const own = points(data).slice(label * perClass, (label + 1) * perClass);
      const cellOf = (value: number) => Math.floor(((value + 1) / 2) * side);
      expect(own.map(({ x, y }) => `${cellOf(x)} ${cellOf(y)}`)).toEqual(
        own.map((_, i) => cells[i % cells.length]),
      );
    }
  },
);

test('points of xor are uniform over their sector', () => {
  const all = points(xor({ perClass: 20_000, noise: 0 }));
  const first = all.filter(({ label, x, y }) => label === 0 && x > 0 && y > 0);
  expect(first.length).toBe(10_000);
  // In a quarter disc, half of the area lies within 1/√2 of the radius, and half on either side of
  // the diagonal.
  const corner = 0.1 * Math.SQRT1_2;
  const share = (holds: (point: { x: number; y: number }) => boolean) => first.filter(holds).length / 10_000;
  expectClose(
    [
      share(({ x, y }) => Math.hypot(x - corner, y - corner) < 0.85 * Math.SQRT1_2),
      share(({ x, y }) => x > y),
    ],
    [0.5, 0.5],
    0.02,
  );
});
