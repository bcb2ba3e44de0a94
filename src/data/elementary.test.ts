import { afterEach, describe, expect, test, vi } from 'vitest';
import { errorOfLogarithm } from '../../tests/helpers/oracle/exact.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import normals from '../../tests/reference/normals.json' with { type: 'json' };
import {
  blobs,
  chequerboard,
  circles,
  hills,
  moons,
  RandomState,
  spiral,
  tiltedPlane,
  wave,
  xor,
} from '../index.ts';
import { cosine, exponential, logarithm, sine } from './elementary.ts';

afterEach(() => void vi.restoreAllMocks());

test('logarithms of numbers of all sizes are rounded correctly', () => {
  const random = Array.from(new TestRandom(1).doubles(3000));
  const numbers = random.flatMap((x, i) => [1 + x / 2 ** (i % 50), Math.abs(x) * 2 ** ((i % 600) - 300)]);
  for (const x of numbers) {
    if (x === 1) continue;
    const value = logarithm(x);
    // The neighbours of the value are farther from the exact logarithm.
    const error = Math.abs(errorOfLogarithm(value, x));
    for (const side of [-1, 1]) {
      const neighbour =
        value * (1 + side * 2 ** -53) === value
          ? value * (1 + side * 2 ** -52)
          : value * (1 + side * 2 ** -53);
      expect(error, `ln ${x}`).toBeLessThanOrEqual(Math.abs(errorOfLogarithm(neighbour, x)));
    }
  }
  expect(logarithm(1)).toBe(0);
});

test.each([
  [0, 1],
  [1, Math.E],
  [-1, 0.36787944117144233],
  [0.5, 1.6487212707001282],
  [-4.5, 0.011108996538242306],
  [-20, 2.061153622438558e-9],
  [100, 2.6881171418161356e43],
])('the exponential of %d', (x, value) => {
  expect(exponential(x)).toBe(value);
});

test('the exponential undoes the logarithm', () => {
  for (const x of new TestRandom(2).doubles(1000)) {
    const size = Math.exp(30 * x);
    expect(Math.abs(exponential(logarithm(size)) / size - 1)).toBeLessThan(1e-14);
  }
});

test('sines and cosines are those of NumPy', () => {
  expect(normals.angles.map(sine)).toEqual(normals.sine);
  expect(normals.angles.map(cosine)).toEqual(normals.cosine);
});

test.each([
  [0, 0, 1],
  // Math.PI is 1.2246467991473532e-16 less than π.
  [Math.PI, 1.2246467991473532e-16, -1],
  [-Math.PI / 2, -1, 6.123233995736766e-17],
  [2 ** 39, -0.9782648087280756, 0.2073595042534137],
])('the sine and the cosine of %d', (x, ofSine, ofCosine) => {
  expect([sine(x), cosine(x)]).toEqual([ofSine, ofCosine]);
});

test('huge angles have a sine and a cosine too', () => {
  for (const x of [1e13, -1e30, 1e300, -Number.MAX_VALUE]) {
    expect(sine(x) ** 2 + cosine(x) ** 2).toBeCloseTo(1, 14);
  }
});

describe('without the functions whose last bit differs from engine to engine', () => {
  const inexact =
    'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow';
  const names = `${inexact} sin sinh tan tanh`.split(' ') as (keyof Math)[];

  test.each<[string, () => ArrayLike<number>]>([
    ['spiral', () => spiral({ seed: 3 }).inputs],
    ...Object.entries({ blobs, chequerboard, circles, moons, xor }).map(
      ([name, draw]) =>
        [name, () => draw({ seed: 3, classes: 4 }).inputs] as [string, () => ArrayLike<number>],
    ),
    ...Object.entries({ hills, tiltedPlane, wave }).map(
      ([name, draw]) => [name, () => draw({ seed: 3 }).targets] as [string, () => ArrayLike<number>],
    ),
    ['normals', () => new RandomState(4).randn(500)],
  ])('%s has the same numbers', (_, draw) => {
    const expected = draw();
    for (const name of names) vi.spyOn(Math, name as 'log').mockReturnValue(Number.NaN);
    expect(draw()).toEqual(expected);
  });
});
