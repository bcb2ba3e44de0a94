import { expect, test } from 'vitest';
import normals from '../../tests/reference/normals.json' with { type: 'json' };
import numpy from '../../tests/reference/numpy.json' with { type: 'json' };
import { OptionError } from '../errors.ts';
import { RandomState } from './random-state.ts';

const streams = Object.entries(numpy.randomState);

test.each(streams)('seed %s gives the uniform numbers that NumPy gives', (seed, { random_sample }) => {
  const values = new RandomState(Number(seed)).randomSample(1000);
  for (const [index, value] of Object.entries(random_sample)) expect(values[Number(index)]).toBe(value);
});

test.each(streams)('seed %s gives the normals that NumPy gives', (seed, { randn }) => {
  const values = new RandomState(Number(seed)).randn(1000);
  for (const [index, value] of Object.entries(randn)) expect(values[Number(index)]).toBe(value);
});

test('of 2,000 normals, the one pair differs for which NumPy’s logarithm is not rounded correctly', () => {
  const values = new RandomState(0).randn(2000);
  const different = normals.randn.flatMap((value, index) => (values[index] === value ? [] : [index]));
  expect(different).toEqual([662, 663]);
  for (const index of different)
    expect(Math.abs(values[index] / normals.randn[index] - 1)).toBeLessThan(3e-16);
  expect(normals.randn[122]).toBe(0.298238174206056);
});

test('the stream does not depend on the size of the draws', () => {
  const whole = new RandomState(7).randn(11);
  const cut = new RandomState(7);
  expect([...cut.randn(3), ...cut.randn(0), ...cut.randn(8)]).toEqual([...whole]);
});

test.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses the seed %d', (seed) => {
  expect(() => new RandomState(seed)).toThrow(OptionError);
});

test.each([-1, 0.5, Number.POSITIVE_INFINITY])('refuses to draw %d numbers', (count) => {
  expect(() => new RandomState(0).randn(count)).toThrow(/count: expected a whole number/);
});

test('refuses to draw more numbers than fit into memory', () => {
  expect(() => new RandomState(0).randn(1e12)).toThrow(OptionError);
});
