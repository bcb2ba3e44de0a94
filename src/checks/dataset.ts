import { OptionError } from '../errors.ts';
import type { AnyDataset, FloatArray } from '../types.ts';
import { floatArray, floats, labels, rowsOf, strings, wordArray } from './arrays.ts';
import type { Synonyms } from './names.ts';
import { type NumberRange, size } from './numbers.ts';
import { type Check, isObject, optional, readFields, readRecord, unchecked } from './schema.ts';

const SYNONYMS: Synonyms = {
  inputs: ['x', 'xs', 'data', 'points'],
  labels: ['y', 'ys', 'targets'],
  targets: ['y', 'ys', 'values'],
  count: ['n', 'rows', 'length', 'samples'],
  features: ['dimensions', 'columns'],
  classNames: ['labelnames', 'targetnames'],
  outputNames: ['targetnames'],
};

/** The names of a data set's parts: the answers of its rows, and what these are counted by. */
interface Kind {
  answers: 'labels' | 'targets';
  width: 'classes' | 'outputs';
  names: 'classNames' | 'outputNames';
}

const CLASSES: Kind = { answers: 'labels', width: 'classes', names: 'classNames' };
const VALUES: Kind = { answers: 'targets', width: 'outputs', names: 'outputNames' };

/**
 * Checks a data set with labels or with targets: its arrays fit its shape and hold finite numbers.
 * Fields of the caller's own are left out.
 * @returns a copy, on which later changes of the caller's arrays have no effect
 */
export function dataset(range: NumberRange): Check<AnyDataset> {
  return (value, name) => {
    if (!isObject(value)) {
      throw new OptionError(
        name,
        'a data set { inputs, labels, count, features, classes } or { inputs, targets, count, features, outputs }',
        value,
      );
    }
    const { labels, targets, classes, outputs } = value;
    if (labels !== undefined && targets !== undefined)
      throw new OptionError(`${name}.targets`, 'labels or targets, but not both', targets);
    const regression = labels === undefined && classes === undefined && (targets ?? outputs) !== undefined;
    return read(value, name, range, regression ? VALUES : CLASSES) as unknown as AnyDataset;
  };
}

function read(value: object, name: string, range: NumberRange, kind: Kind): object {
  const { answers, width, names } = kind;
  const given = readRecord<{ [field: string]: unknown; count: number; features: number }>(
    value,
    {
      inputs: floatArray,
      [answers]: kind === CLASSES ? wordArray : floatArray,
      count: size,
      features: size,
      [width]: size,
      featureNames: unchecked,
      [names]: unchecked,
    },
    name,
    SYNONYMS,
  );
  const { count, features } = given;
  const columns = given[width] as number;
  const checked = readFields<{ [field: string]: unknown }>(
    given,
    {
      inputs: rows(features, range, count),
      [answers]: kind === CLASSES ? labels(count, columns) : rows(columns, range, count, 'outputs'),
      featureNames: optional(strings(features)),
      [names]: optional(strings(columns)),
    },
    name,
  );
  return { ...checked, count, features, [width]: columns };
}

/**
 * Checks rows of `columns` finite numbers, row-major.
 * @param count the number of rows; default: at least one
 * @param what what the columns are
 * @returns a copy
 */
export function rows(
  columns: number,
  range: NumberRange,
  count?: number,
  what: 'features' | 'outputs' = 'features',
): Check<FloatArray> {
  return floats(range, (length) => {
    if (length === 0 || length % columns !== 0) return rowsOf(columns);
    if (count === undefined || length === count * columns) return undefined;
    return `count × ${what} = ${count} × ${columns} = ${count * columns} numbers`;
  });
}
