import { OptionError } from '../errors.ts';
import type { FloatArray, Precision } from '../types.ts';
import type { Check } from './schema.ts';

/** Makes arrays of one precision: Float32Array or Float64Array. */
export interface FloatArrayConstructor {
  new (length: number): FloatArray;
  new (values: ArrayLike<number>): FloatArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** What numbers are checked for and kept in. */
export interface NumberRange {
  /** Whether numbers must also be finite when rounded to 32 bits. */
  float32: boolean;
  /** What copies are made in; undefined: in what came. */
  Float?: FloatArrayConstructor;
}

/**
 * The numbers that a trainer takes. The GPU's double precision is pairs of float32, which reach no
 * further.
 */
export function numberRange(precision: Precision, cpu: boolean): NumberRange {
  const single = precision === 'single';
  return { float32: single || !cpu, Float: single ? Float32Array : Float64Array };
}

/**
 * The least setting that is not 0. Devices may take a smaller float32 for 0; a double-single
 * loses its second word long before, and its products lose more.
 */
const LEAST_SETTING = { single: 2 ** -126, double: 1e-30 };

/** A finite number of at least 0 that devices can tell from 0 where it is not 0. */
export function setting({ float32, Float }: NumberRange, most = Number.POSITIVE_INFINITY): Check<number> {
  const [least, what] =
    Float === Float32Array
      ? [LEAST_SETTING.single, '32 bits']
      : [LEAST_SETTING.double, 'two words of 32 bits'];
  return (value, name) => {
    if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(float32 ? Math.fround(value) : value))
      throw new OptionError(name, 'a finite number of at least 0', value);
    if (float32 && value > 0 && value < least) {
      const expected = `0, or a number that ${what} can hold (from ${least.toPrecision(2)})`;
      throw new OptionError(name, expected, value);
    }
    if (value > most) throw new OptionError(name, `at most ${most}${float32 ? ' in 32 bits' : ''}`, value);
    return value;
  };
}

/** A number for which something holds. @param expected which numbers those are */
export function numberThat(holds: (value: number) => boolean, expected: string): Check<number> {
  return (value, name) => {
    if (typeof value === 'number' && holds(value)) return value;
    throw new OptionError(name, expected, value);
  };
}

/** A whole number that a float64 holds exactly, from `least` up. */
export function wholeFrom(least: number): Check<number> {
  // A sum with 0 makes 0 of −0.
  const check = numberThat(
    (value) => Number.isSafeInteger(value) && value >= least,
    `a whole number of at least ${least}`,
  );
  return (value, name) => check(value, name) + 0;
}

/** How many there are of something. */
export const size: Check<number> = wholeFrom(1);

/** Where a random stream begins: a whole number from 0 to 2³² − 1. */
export const seed: Check<number> = numberThat(
  (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
  'a whole number from 0 to 4294967295',
);

/** A share that leaves something, or a factor by which something decays. */
export const share: Check<number> = numberThat(
  (value) => value >= 0 && value < 1,
  'a number from 0 to below 1',
);
