import { OptionError } from '../errors.ts';
import type { FloatArray, Precision } from '../types.ts';
import type { Check } from './schema.ts';

/** The constructor of arrays of one precision: Float32Array or Float64Array. */
export interface FloatArrayConstructor {
  new (length: number): FloatArray;
  new (values: ArrayLike<number>): FloatArray;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): FloatArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** The range of allowed numbers, and the type of array that keeps them. */
export interface NumberRange {
  /** Whether numbers must also be finite when rounded to 32 bits. */
  float32: boolean;
  /** The type of a copy; undefined: the type of the original. */
  Float?: FloatArrayConstructor;
}

/**
 * The numbers that a trainer takes. Double precision on the GPU is pairs of float32, which have the
 * range of float32.
 */
export function numberRange(precision: Precision, cpu: boolean): NumberRange {
  const single = precision === 'single';
  return { float32: single || !cpu, Float: single ? Float32Array : Float64Array };
}

/**
 * The smallest setting above 0. A device may treat a smaller float32 as 0. A double-single loses
 * its second word at far larger numbers, and products of double-singles lose more.
 */
const LEAST_SETTING = { single: 2 ** -126, double: 1e-30 };

/** The smallest setting above 0 that a trainer takes. */
export function leastSetting({ float32, Float }: NumberRange): number {
  if (!float32) return 0;
  return Float === Float32Array ? LEAST_SETTING.single : LEAST_SETTING.double;
}

/**
 * Checks a finite number of at least 0. A positive number must not be so small that a device may
 * treat it as 0.
 */
export function setting(range: NumberRange, most = Number.POSITIVE_INFINITY): Check<number> {
  const { float32, Float } = range;
  const least = leastSetting(range);
  const what = Float === Float32Array ? '32 bits' : 'two words of 32 bits';
  return (value, name) => {
    if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(float32 ? Math.fround(value) : value))
      throw new OptionError(name, 'a finite number of at least 0', value);
    if (value > 0 && value < least) {
      const expected = `0, or a number that ${what} can hold (from ${least.toPrecision(2)})`;
      throw new OptionError(name, expected, value);
    }
    if (value > most) throw new OptionError(name, `at most ${most}${float32 ? ' in 32 bits' : ''}`, value);
    return value;
  };
}

/** Checks a number by a condition. @param expected the condition in words */
export function numberThat(holds: (value: number) => boolean, expected: string): Check<number> {
  return (value, name) => {
    if (typeof value === 'number' && holds(value)) return value;
    throw new OptionError(name, expected, value);
  };
}

/** Checks a whole number from `least` to 2⁵³ − 1. */
export function wholeFrom(least: number): Check<number> {
  // −0 + 0 is 0.
  const check = numberThat(
    (value) => Number.isSafeInteger(value) && value >= least,
    `a whole number of at least ${least}`,
  );
  return (value, name) => check(value, name) + 0;
}

/** Checks a count of at least 1. */
export const size: Check<number> = /* @__PURE__ */ wholeFrom(1);

/** Checks the seed of a random stream: a whole number from 0 to 2³² − 1. */
export const seed: Check<number> = /* @__PURE__ */ numberThat(
  (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
  'a whole number from 0 to 4294967295',
);

/** Checks a share or a decay factor: a number from 0 to below 1. */
export const share: Check<number> = /* @__PURE__ */ numberThat(
  (value) => value >= 0 && value < 1,
  'a number from 0 to below 1',
);
