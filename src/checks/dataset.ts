import { OptionError } from '../errors.ts';
import type { Dataset, FloatArray } from '../types.ts';
import { floats, labels, strings } from './arrays.ts';
import { type NumberRange, size } from './numbers.ts';
import { type Check, isObject, optional, readFields } from './schema.ts';

/**
 * Checks a data set: its arrays fit its shape and hold finite numbers. Other fields are left out.
 * @returns a copy, on which later changes of the caller's arrays have no effect
 */
export function dataset(range: NumberRange): Check<Dataset> {
  return (value, name) => {
    if (!isObject(value)) {
      throw new OptionError(name, 'a data set { inputs, labels, count, features, classes }', value);
    }
    const shape = readFields(value, { count: size, features: size, classes: size }, name);
    const { count, features, classes } = shape;
    const rest = readFields(
      value,
      {
        inputs: rows(features, range, count),
        labels: labels(count, classes),
        featureNames: optional(strings(features)),
        classNames: optional(strings(classes)),
      },
      name,
    );
    return { ...rest, ...shape };
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
