import { OptionError } from '../errors.ts';
import type { Dataset, FloatArray } from '../types.ts';
import { floatArray, floats, labels, strings, wordArray } from './arrays.ts';
import type { Synonyms } from './names.ts';
import { type NumberRange, size } from './numbers.ts';
import { type Check, isObject, optional, readFields, readRecord, unchecked } from './schema.ts';

const SYNONYMS: Synonyms = {
  inputs: ['x', 'xs', 'data', 'points'],
  labels: ['y', 'ys', 'targets'],
  count: ['n', 'rows', 'length', 'samples'],
  features: ['dimensions', 'columns'],
  classNames: ['labelnames', 'targetnames'],
};

/**
 * Checks a data set: its arrays fit its shape and hold finite numbers. Fields of the
 * caller's own are left out.
 * @returns a copy, on which later changes of the caller's arrays have no effect
 */
export function dataset(range: NumberRange): Check<Dataset> {
  return (value, name) => {
    if (!isObject(value)) {
      throw new OptionError(name, 'a data set { inputs, labels, count, features, classes }', value);
    }
    const types = { inputs: floatArray, labels: wordArray };
    const shape = { count: size, features: size, classes: size };
    const names = { featureNames: unchecked, classNames: unchecked };
    const given = readRecord(value, { ...types, ...shape, ...names }, name, SYNONYMS);
    const { count, features, classes } = given;
    const checked = readFields(
      given,
      {
        inputs: rows(features, range, count),
        labels: labels(count, classes),
        featureNames: optional(strings(features)),
        classNames: optional(strings(classes)),
      },
      name,
    );
    return { ...checked, count, features, classes };
  };
}

/**
 * Checks rows of `features` finite numbers, row-major.
 * @param count the number of rows; default: at least one
 * @returns a copy
 */
export function rows(features: number, range: NumberRange, count?: number): Check<FloatArray> {
  return floats(range, (length) => {
    if (length === 0 || length % features !== 0) return `one or more rows of ${features} numbers`;
    if (count === undefined || length === count * features) return undefined;
    return `count × features = ${count} × ${features} = ${count * features} numbers`;
  });
}
