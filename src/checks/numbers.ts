import { OptionError } from '../errors.ts';
import type { FloatArray, Precision } from '../types.ts';

/** Makes arrays of one precision: Float32Array or Float64Array. */
export interface FloatArrayConstructor {
  new (length: number): FloatArray;
  new (values: ArrayLike<number>): FloatArray;
  readonly BYTES_PER_ELEMENT: number;
}

/** What numbers are checked for and kept in. */
export interface NumberRange {
  /** Whether they must also be finite when rounded to 32 bits. */
  float32: boolean;
  /** What copies are made in; undefined: in what came. */
  Float?: FloatArrayConstructor;
}

/** What numbers a trainer takes. The GPU's double precision is pairs of float32, which reach no further. */
export function numberRange(precision: Precision, cpu: boolean): NumberRange {
  const single = precision === 'single';
  return { float32: single || !cpu, Float: single ? Float32Array : Float64Array };
}

/**
 * The least setting but 0. Nearer to 0, devices may take a float32 for 0; a double-single loses its second word, and products of it
 * more still, long before.
 */
const LEAST_SETTING = { single: 2 ** -126, double: 1e-30 };

/** @throws {OptionError} unless a setting is finite and at least 0, and one that devices can tell from 0 where it is not */
export function checkNumber(value: number, name: string, { float32, Float }: NumberRange): void {
  if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(float32 ? Math.fround(value) : value)) {
    throw new OptionError(name, 'a finite number of at least 0', value);
  }
  const least = LEAST_SETTING[Float === Float32Array ? 'single' : 'double'];
  if (float32 && value > 0 && value < least) {
    const what = Float === Float32Array ? '32 bits' : 'two words of 32 bits';
    throw new OptionError(name, `0, or a number that ${what} can hold (from ${least.toPrecision(2)})`, value);
  }
}
