import { OptionError } from '../errors.ts';

/** Numbers of a tensor, row-major: 32-bit in single precision, 64-bit in double. */
export type FloatArray = Float32Array | Float64Array;

/** A labelled data set: `count` rows of `features` numbers, each row in one of `classes` classes. */
export interface Dataset {
  /** `count × features`, row-major. */
  inputs: FloatArray;
  /** `count` class indices, each below `classes`. */
  labels: Uint32Array;
  count: number;
  features: number;
  classes: number;
  featureNames?: string[];
  classNames?: string[];
}

/**
 * Checks that a data set is what its shape says and holds finite numbers only.
 *
 * @param name how messages call it, such as `data`
 * @param float32Range whether the inputs must also be finite when rounded to 32 bits
 * @throws {OptionError} naming the field, what was expected and what came
 */
export function checkDataset(data: Dataset, name: string, float32Range: boolean): void {
  if (typeof data !== 'object' || data === null) {
    throw new OptionError(name, 'a data set { inputs, labels, count, features, classes }', data);
  }
  for (const field of ['count', 'features', 'classes'] as const) {
    checkSize(data[field], `${name}.${field}`);
  }
  const { inputs, labels, count, features, classes } = data;
  checkInputs(inputs, features, `${name}.inputs`, float32Range);
  if (inputs.length !== count * features) {
    throw new OptionError(
      `${name}.inputs`,
      `count × features = ${count} × ${features} = ${count * features} numbers`,
      inputs,
      `${inputs.length} numbers`,
    );
  }
  if (!(labels instanceof Uint32Array)) {
    throw new OptionError(`${name}.labels`, 'a Uint32Array of class indices', labels);
  }
  if (labels.length !== count) {
    throw new OptionError(
      `${name}.labels`,
      `one label for each of the ${count} rows`,
      labels,
      `${labels.length} labels`,
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new OptionError(`${name}.labels[${wrong}]`, `a class index below ${classes}`, labels[wrong]);
  }
  checkNames(data.featureNames, features, `${name}.featureNames`);
  checkNames(data.classNames, classes, `${name}.classNames`);
}

/**
 * Checks a matrix of inputs: a typed float array of whole rows, every number finite.
 *
 * @param float32Range whether the numbers must also be finite when rounded to 32 bits
 * @throws {OptionError}
 */
export function checkInputs(inputs: FloatArray, features: number, name: string, float32Range: boolean): void {
  checkFloatArray(inputs, name);
  if (inputs.length === 0 || inputs.length % features !== 0) {
    throw new OptionError(
      name,
      `one or more rows of ${features} numbers`,
      inputs,
      `${inputs.length} numbers`,
    );
  }
  checkFinite(inputs, name, float32Range);
}

/** @throws {OptionError} unless `value` is a whole number of at least 1 */
export function checkSize(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new OptionError(name, 'a whole number of at least 1', value);
  }
}

/** @throws {OptionError} unless `values` is a Float32Array or a Float64Array */
export function checkFloatArray(values: FloatArray, name: string): void {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    throw new OptionError(name, 'a Float32Array or a Float64Array', values);
  }
}

/** @throws {OptionError} naming the first entry that is not finite, or not in 32 bits where `float32Range` */
export function checkFinite(values: FloatArray, name: string, float32Range: boolean): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new OptionError(`${name}[${i}]`, 'a finite number', values[i]);
    if (float32Range && !Number.isFinite(Math.fround(values[i]))) {
      throw new OptionError(`${name}[${i}]`, 'a number that 32 bits can hold (below 3.4e38)', values[i]);
    }
  }
}

function checkNames(names: string[] | undefined, count: number, name: string): void {
  if (names === undefined) return;
  if (
    !Array.isArray(names) ||
    names.length !== count ||
    !Array.from(names).every((entry) => typeof entry === 'string')
  ) {
    throw new OptionError(name, `${count} strings`, names);
  }
}
