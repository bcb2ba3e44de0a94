import { expect, test } from 'vitest';
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
  // The logarithm and the root may differ from NumPy's in the last bit.
  for (const [index, value] of Object.entries(randn)) {
    expect(Math.abs(values[Number(index)] - value) <= 4e-16 * Math.abs(value)).toBe(true);
  }
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
