import { OptionError, OutOfMemoryError } from '../errors.ts';
import type { FloatArray } from '../types.ts';
import type { NumberRange } from './numbers.ts';
import { type Check, counted, isObject } from './schema.ts';

type CheckedArray = FloatArray | Uint32Array;

const TYPES = 'a Float32Array, a Float64Array or an array';

/** Checks the type of an array of numbers, before the rest of the array. */
export const floatArray: Check<FloatArray> = (value, name) => {
  const type = typedArrayName(value);
  if (type === 'Float32Array' || type === 'Float64Array') return value as FloatArray;
  throw new OptionError(
    name,
    `a Float32Array or a Float64Array${remedy('Float32Array', value, name)}`,
    value,
  );
};

/** Checks the type of an array of class indices, before the rest of the array. */
export const wordArray: Check<Uint32Array> = (value, name) => {
  if (typedArrayName(value) === 'Uint32Array') return value as Uint32Array;
  throw new OptionError(name, `a Uint32Array of class indices${remedy('Uint32Array', value, name)}`, value);
};

/** How to make a typed array of a plain array. */
function remedy(type: string, value: unknown, name: string): string {
  if (!Array.isArray(value)) return '';
  const own = name.slice(name.lastIndexOf('.') + 1);
  return `, such as ${type}.from(${own}${Array.isArray(value[0]) ? '.flat()' : ''})`;
}

/**
 * Checks a tensor of finite numbers.
 * @param lengthError the expected length in words; undefined if the length is right
 * @returns a copy
 */
export function floats(
  { float32, Float }: NumberRange,
  lengthError: (length: number) => string | undefined,
): Check<FloatArray> {
  return (value, name) => {
    const values = floatArray(value, name);
    const expected = lengthError(values.length);
    if (expected) throw new OptionError(name, expected, value, counted(values.length, 'number'));
    const Original = typedArrayName(values) === 'Float32Array' ? Float32Array : Float64Array;
    const copy = copyOf<FloatArray>(values, name, Float ?? Original);
    for (let i = 0; i < copy.length; i++) {
      if (Number.isFinite(float32 ? Math.fround(copy[i]) : copy[i])) continue;
      const tooLarge = Number.isFinite(values[i]);
      const expected = tooLarge ? 'a number that 32 bits can hold (below 3.4e38)' : 'a finite number';
      throw new OptionError(`${name}[${i}]`, expected, values[i]);
    }
    return copy;
  };
}

/**
 * Checks rows of finite numbers, row-major.
 * @returns the array itself, not a copy
 */
export function finiteRows(columns: number): Check<FloatArray> {
  return (value, name) => {
    const values = floatArray(value, name);
    const { length } = values;
    if (length === 0 || length % columns !== 0)
      throw new OptionError(name, rowsOf(columns), value, counted(length, 'number'));
    const wrong = values.findIndex((number) => !Number.isFinite(number));
    if (wrong >= 0) throw new OptionError(`${name}[${wrong}]`, 'a finite number', values[wrong]);
    return values;
  };
}

/** Rows in words. */
export const rowsOf = (columns: number) => `one or more rows of ${counted(columns, 'number')}`;

/**
 * Checks a tensor like {@link floats}, and also takes what a typed array becomes in JSON: an object
 * with the keys 0, 1, 2, …, or an array of numbers.
 */
export function floatsOrPlain(
  range: NumberRange,
  lengthError: (length: number) => string | undefined,
): Check<FloatArray> {
  const check = floats(range, lengthError);
  return (value, name) => {
    if (!isObject(value) || ArrayBuffer.isView(value)) return check(value, name);
    const length = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (!Array.isArray(value) && !(Object.hasOwn(value, 0) && Object.hasOwn(value, length - 1))) {
      throw new OptionError(name, `${TYPES} of numbers`, value);
    }
    const expected = lengthError(length);
    if (expected) throw new OptionError(name, `${TYPES} of ${expected}`, value, counted(length, 'number'));
    const numbers = Float64Array.from({ length }, (_, i) => {
      if (typeof value[i] === 'number') return value[i];
      throw new OptionError(`${name}[${i}]`, 'a finite number', value[i]);
    });
    return check(numbers, name);
  };
}

/** Checks class indices below `classes`, one a row. @returns a copy */
export function labels(count: number, classes: number): Check<Uint32Array> {
  return (value, name) => {
    const { length } = wordArray(value, name);
    if (length !== count) {
      throw new OptionError(
        name,
        `one label for each of the ${counted(count, 'row')}`,
        value,
        counted(length, 'label'),
      );
    }
    const copy = copyOf(value as Uint32Array, name, Uint32Array);
    const wrong = copy.findIndex((label) => label >= classes);
    if (wrong >= 0) throw new OptionError(`${name}[${wrong}]`, `a class index below ${classes}`, copy[wrong]);
    return copy;
  };
}

/** Checks an array of exactly `count` strings. @returns a copy */
export function strings(count: number): Check<string[]> {
  return (value, name) => {
    const names = Array.isArray(value) && value.length === count ? Array.from(value) : [];
    if (names.length === count && names.every((entry) => typeof entry === 'string')) return names;
    throw new OptionError(name, `${count} strings`, value);
  };
}

/**
 * An array of zeros.
 * @throws {OptionError} with the name of the option, if there is not enough memory
 */
export function zeros(length: number, option: string, value: number): Float64Array {
  try {
    return new Float64Array(length);
  } catch (cause) {
    throw Object.assign(new OptionError(option, 'a number that fits into memory', value), { cause });
  }
}

/**
 * The type of a typed array, such as `Float32Array`, also from another realm (a frame); undefined
 * for any other value.
 */
function typedArrayName(value: unknown): string | undefined {
  return ArrayBuffer.isView(value)
    ? Object.prototype.toString.call(value).slice('[object '.length, -1)
    : undefined;
}

/**
 * A copy in the library's own memory: the memory of the original may be shared, resized or
 * transferred.
 */
function copyOf<T extends CheckedArray>(values: T, name: string, Type: new (values: T) => T): T {
  const { length } = values;
  let copy: T;
  try {
    copy = new Type(values);
  } catch (error) {
    throw new OutOfMemoryError(`a copy of ${name}`, String(error));
  }
  if (copy.length === length) return copy;
  throw new OptionError(name, counted(length, 'number'), values, counted(copy.length, 'number'));
}
