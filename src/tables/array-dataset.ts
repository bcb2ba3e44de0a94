import { finiteRows, strings } from '../checks/arrays.ts';
import {
  type Check,
  counted,
  isObject,
  list,
  optional,
  readOptions,
  type Schema,
  unchecked,
} from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import { allocatingArrays, checkLength } from '../limits.ts';
import type { Dataset, FloatArray, RegressionDataset } from '../types.ts';
import { ordered } from './dataset/columns.ts';
import { countOf, type NumberArray } from './numpy/npy-array.ts';

/** An array of numbers, as `readIdx`, `readNpy` and `readImages` give it. */
export interface InputArray {
  /** The number of rows, then the shape of a row. */
  readonly shape: readonly number[];
  readonly data: NumberArray | readonly string[];
}

/** Numbers for each row. */
export type RowArray = InputArray | readonly ArrayLike<number>[];

/** A number or a text for each row. */
export type LabelArray = InputArray | NumberArray | readonly string[] | readonly number[];

/** The size of images whose pixels are the features of rows, row by row of an image. */
export interface ImageSize {
  width: number;
  height: number;
  /** The numbers of a pixel, which stand together: 1 of grey, 3 of red, green and blue, 4 with opacity. */
  channels: number;
}

/** Arrays for {@link arrayDataset}. */
export interface LabelledArrays {
  inputs: RowArray;
  labels: LabelArray;
  featureNames?: readonly string[];
  /** The classes, if some have no row, as may be in test data. Default: the labels that there are. */
  classNames?: readonly string[];
}

/** Arrays for a regression. */
export interface TargetArrays {
  inputs: RowArray;
  /** `count` numbers, or `count × outputs`. */
  targets: RowArray | NumberArray | readonly number[];
  featureNames?: readonly string[];
  outputNames?: readonly string[];
}

/** The most classes. */
const MOST_CLASSES = 1000;
/** The channels of grey, of colours, and of colours with opacity. */
const CHANNELS = [1, 3, 4];

interface Numbers {
  shape: readonly number[];
  data: NumberArray;
}

/** Checks an array of numbers whose shape has rows, or an array of rows. */
const numbers: Check<Numbers> = (value, name) => {
  const expected = 'an array of rows [[1, 2], …], or numbers { shape, data }';
  if (value instanceof Promise)
    throw new OptionError(name, expected, value, 'its promise (await is missing)');
  if (Array.isArray(value) && value.length > 0) return fromRows(value, name);
  const { shape, data } = isObject(value) ? value : {};
  if (!Array.isArray(shape) || !isNumbers(data)) throw new OptionError(name, expected, value);
  if (shape.length > 0 && countOf(shape) === data.length) return { shape, data };
  throw new OptionError(`${name}.shape`, `lengths with the product ${data.length}`, shape);
};

/** The numbers of an array of rows, each of as many numbers as the first one. */
function fromRows(rows: readonly unknown[], name: string): Numbers {
  const width = lengthOf(rows[0]);
  if (width === undefined) throw new OptionError(`${name}[0]`, 'a row of numbers', rows[0]);
  const length = rows.length * width;
  checkLength(name, length, Float64Array, 'Use fewer rows.');
  const data = allocatingArrays(`the rows of ${name}`, () => new Float64Array(length));
  rows.forEach((row, i) => {
    if (lengthOf(row) !== width) throw new OptionError(`${name}[${i}]`, counted(width, 'number'), row);
    for (let j = 0; j < width; j++) {
      const number = (row as ArrayLike<unknown>)[j];
      if (typeof number !== 'number') throw new OptionError(`${name}[${i}][${j}]`, 'a number', number);
      data[i * width + j] = number;
    }
  });
  return { shape: [rows.length, width], data };
}

/** The length of a row; undefined of any other value. */
const lengthOf = (row: unknown) => (Array.isArray(row) || isNumbers(row) ? row.length : undefined);

/** Checks targets, of which each may be a number alone. */
const targets: Check<Numbers> = (value, name) => {
  const isFlat = isNumbers(value) || (Array.isArray(value) && lengthOf(value[0]) === undefined);
  return numbers(isFlat ? Array.from(value, (number) => [number]) : value, name);
};

interface Given {
  inputs: Numbers;
  labels: unknown;
  targets: Numbers | undefined;
  featureNames: unknown;
  classNames: unknown;
  outputNames: unknown;
}

const SCHEMA: Schema<Given> = {
  inputs: numbers,
  labels: unchecked,
  targets: optional(targets),
  featureNames: unchecked,
  classNames: unchecked,
  outputNames: unchecked,
};

const SYNONYMS = {
  inputs: ['x', 'images', 'data', 'features'],
  labels: ['y', 'classes'],
  targets: ['values', 'outputs'],
};

/**
 * Makes a data set of arrays: of the images and labels of MNIST, of `X` and `y` of an npz file, or of an
 * array of rows `[[5.1, 3.5], …]`. The first axis counts rows; all others together are the features. Labels may be numbers or texts: the classes are
 * those that there are, in the order of the numbers if all are numbers, else of their code units.
 *
 * A Float32Array or a Float64Array of inputs is used as it is, without a copy; whole numbers become such an
 * array. Scale the data before training (`standardize`).
 *
 * @returns the data set; also the size of images, if a row has two axes or three of which the last are
 * channels
 * @throws {OptionError} if the arrays do not fit each other, inputs or targets are not finite, or there are
 * more than 1,000 different labels
 * @throws {LimitError} if rows are too large for an array
 */
export function arrayDataset(arrays: LabelledArrays): Dataset & Partial<ImageSize>;
export function arrayDataset(arrays: TargetArrays): RegressionDataset & Partial<ImageSize>;
export function arrayDataset(
  arrays: LabelledArrays | TargetArrays,
): (Dataset | RegressionDataset) & Partial<ImageSize> {
  const given = readOptions(arrays, SCHEMA, undefined, SYNONYMS);
  const { shape, data } = given.inputs;
  const [count, ...row] = shape;
  const features = countOf(row);
  const inputs = finiteRows(features)(floatsOf(data), 'inputs');
  const featureNames = optional(strings(features))(given.featureNames, 'featureNames');
  const common = { inputs, count, features, ...(featureNames && { featureNames }), ...imageSize(row) };
  const { labels, targets } = given;
  if ((labels === undefined) === (targets === undefined))
    throw new OptionError('labels', 'either labels or targets', labels);
  return targets ? { ...common, ...values(targets, given, count) } : { ...common, ...classes(given, count) };
}

/** Numbers of up to 16 bits are numbers of 32 bits. */
function floatsOf(data: NumberArray): FloatArray {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return data.BYTES_PER_ELEMENT < 4 ? Float32Array.from(data) : Float64Array.from(data);
}

function imageSize(row: readonly number[]): Partial<ImageSize> {
  const [height, width, channels = 1] = row;
  const isImage = row.length === 2 || (row.length === 3 && CHANNELS.includes(channels));
  return isImage ? { width, height, channels } : {};
}

function classes({ labels, classNames }: Given, count: number) {
  const texts = labelTexts(labels, count);
  const found = ordered(new Set(texts));
  if (found.length > MOST_CLASSES) {
    const got = counted(found.length, 'different label');
    throw new OptionError('labels', `at most ${MOST_CLASSES} classes; give values as targets`, labels, got);
  }
  const names =
    classNames === undefined
      ? found
      : list(text, 'an array of texts', MOST_CLASSES)(classNames, 'classNames');
  const indices = new Map(names.map((name, index) => [name, index]));
  const unknown = found.find((name) => !indices.has(name));
  if (unknown !== undefined) throw new OptionError('classNames', `all labels, also '${unknown}'`, classNames);
  return {
    labels: Uint32Array.from(texts, (name) => indices.get(name) as number),
    classes: names.length,
    classNames: names,
  };
}

/** The label of each row as a text. */
function labelTexts(labels: unknown, count: number): string[] {
  const values: unknown = isObject(labels) && 'data' in labels ? labels.data : labels;
  if (!Array.isArray(values) && !isNumbers(values))
    throw new OptionError('labels', 'an array of numbers or texts', labels);
  if (values.length !== count)
    throw new OptionError('labels', counted(count, 'label'), labels, counted(values.length, 'value'));
  return Array.from<unknown, string>(values, (label, row) => {
    if (typeof label === 'string' || Number.isSafeInteger(label)) return String(label);
    throw new OptionError(`labels[${row}]`, 'a text or a whole number; give other numbers as targets', label);
  });
}

function values({ shape, data }: Numbers, { outputNames }: Given, count: number) {
  if (shape[0] !== count)
    throw new OptionError('targets.shape', `${counted(count, 'row')}, as the inputs have`, shape);
  const outputs = countOf(shape.slice(1));
  const names = optional(strings(outputs))(outputNames, 'outputNames');
  const targets = finiteRows(outputs)(floatsOf(data), 'targets');
  return { targets, outputs, ...(names && { outputNames: names }) };
}

const isNumbers = (value: unknown): value is NumberArray =>
  ArrayBuffer.isView(value) &&
  'length' in value &&
  !(value instanceof BigInt64Array || value instanceof BigUint64Array);

const text: Check<string> = (value, name) => {
  if (typeof value === 'string') return value;
  throw new OptionError(name, 'a text', value);
};
