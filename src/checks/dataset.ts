import { OptionError, OutOfMemoryError } from '../errors.ts';
import type { Dataset, FloatArray } from '../types.ts';
import type { NumberRange } from './numbers.ts';
import { readFields, readList } from './read.ts';
import { typedArrayLength, typedArrayName } from './typed-arrays.ts';

const FIELDS = ['inputs', 'labels', 'count', 'features', 'classes', 'featureNames', 'classNames'] as const;

/**
 * Checks that a data set is what its shape says and holds finite numbers only.
 *
 * @param name how messages call it, such as `data`
 * @returns a copy of its own: whatever becomes of the caller's, by whatever thread, has no effect
 * @throws {OptionError} naming the field, what was expected and what came
 */
export function checkDataset(data: Dataset, name: string, range: NumberRange): Dataset {
  if (typeof data !== 'object' || data === null) {
    throw new OptionError(name, 'a data set { inputs, labels, count, features, classes }', data);
  }
  const { inputs, labels, count, features, classes, featureNames, classNames } = readFields(
    data,
    FIELDS,
    name,
  );
  checkSize(count, `${name}.count`);
  checkSize(features, `${name}.features`);
  checkSize(classes, `${name}.classes`);
  const copy: Dataset = {
    inputs: checkInputs(inputs, features, `${name}.inputs`, range, count),
    labels: checkLabels(labels, count, classes, `${name}.labels`),
    count,
    features,
    classes,
  };
  if (featureNames !== undefined)
    copy.featureNames = checkNames(featureNames, features, `${name}.featureNames`);
  if (classNames !== undefined) copy.classNames = checkNames(classNames, classes, `${name}.classNames`);
  return copy;
}

/**
 * Checks a matrix of inputs: a typed float array of whole rows, every number finite.
 *
 * @param count how many rows there must be, where that is known
 * @returns a copy
 * @throws {OptionError}
 */
export function checkInputs(
  inputs: FloatArray,
  features: number,
  name: string,
  range: NumberRange,
  count?: number,
): FloatArray {
  checkFloatArray(inputs, name);
  const length = typedArrayLength(inputs);
  if (length === 0 || length % features !== 0) {
    throw new OptionError(name, `one or more rows of ${features} numbers`, inputs, `${length} numbers`);
  }
  if (count !== undefined && length !== count * features) {
    throw new OptionError(
      name,
      `count × features = ${count} × ${features} = ${count * features} numbers`,
      inputs,
      `${length} numbers`,
    );
  }
  return copyFinite(inputs, name, range);
}

function checkLabels(labels: Uint32Array, count: number, classes: number, name: string): Uint32Array {
  if (typedArrayName(labels) !== 'Uint32Array') {
    throw new OptionError(name, 'a Uint32Array of class indices', labels);
  }
  const length = typedArrayLength(labels);
  if (length !== count) {
    throw new OptionError(name, `one label for each of the ${count} rows`, labels, `${length} labels`);
  }
  const copy = copyOf(labels, name, Uint32Array);
  const wrong = copy.findIndex((label) => label >= classes);
  if (wrong >= 0) throw new OptionError(`${name}[${wrong}]`, `a class index below ${classes}`, copy[wrong]);
  return copy;
}

/** @throws {OptionError} unless `value` is a whole number of at least 1 */
export function checkSize(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new OptionError(name, 'a whole number of at least 1', value);
  }
}

/** @throws {OptionError} unless `values` is a Float32Array or a Float64Array, of whatever realm */
export function checkFloatArray(values: FloatArray, name: string): void {
  if (!['Float32Array', 'Float64Array'].includes(typedArrayName(values) ?? '')) {
    throw new OptionError(name, 'a Float32Array or a Float64Array', values);
  }
}

/** A copy of such an array. @throws {OptionError} naming the first entry that is not finite, or not in its range */
export function copyFinite(values: FloatArray, name: string, { float32, Float }: NumberRange): FloatArray {
  const own = typedArrayName(values) === 'Float32Array' ? Float32Array : Float64Array;
  const copy = copyOf<FloatArray>(values, name, Float ?? own);
  for (let i = 0; i < copy.length; i++) {
    if (Number.isFinite(float32 ? Math.fround(copy[i]) : copy[i])) continue;
    const expected = Number.isFinite(values[i])
      ? 'a number that 32 bits can hold (below 3.4e38)'
      : 'a finite number';
    throw new OptionError(`${name}[${i}]`, expected, values[i]);
  }
  return copy;
}

/** A copy in memory that nobody else has: that of the original may be shared, resized or transferred. */
function copyOf<T extends FloatArray | Uint32Array>(values: T, name: string, Type: new (values: T) => T): T {
  const length = typedArrayLength(values);
  let copy: T;
  try {
    copy = new Type(values);
  } catch (error) {
    throw new OutOfMemoryError(`a copy of ${name}`, String(error));
  }
  if (copy.length === length) return copy;
  throw new OptionError(name, `${length} numbers, as when the call began`, values, `${copy.length} numbers`);
}

function checkNames(names: string[], count: number, name: string): string[] {
  const expected = `${count} strings`;
  const copy = readList(names, name, expected, count);
  if (copy.length !== count || !copy.every((entry) => typeof entry === 'string')) {
    throw new OptionError(name, expected, copy);
  }
  return copy;
}
