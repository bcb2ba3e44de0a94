import { finiteRows } from '../checks/arrays.ts';
import { dataset } from '../checks/dataset.ts';
import { numberThat } from '../checks/numbers.ts';
import { flag, isObject, list, optional, readOptions } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { AnyDataset, Dataset, FloatArray, RegressionDataset } from '../types.ts';

/** Mean and standard deviation of each column; the deviation divides by the number of rows. */
export interface Columns {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** A {@link Scaling} as plain data. */
export interface ScalingData extends Columns {
  /** Of the targets of a regression, if they are scaled too. */
  readonly targets?: Columns;
}

const NUMBERS = { float32: false };
const MOST_COLUMNS = 2 ** 24;

/**
 * The map from the columns of raw rows to columns of mean 0 and standard deviation 1: (x − mean) /
 * deviation, in float64. A column with the deviation 0 becomes 0.
 */
export class Scaling implements ScalingData {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly targets?: Columns;

  /** @throws {OptionError} if `data` is no scaling */
  constructor(data: ScalingData) {
    const { means, deviations } = columns(data, 'scaling');
    this.means = means;
    this.deviations = deviations;
    if (data.targets !== undefined) this.targets = columns(data.targets, 'scaling.targets');
  }

  /**
   * Scales raw rows.
   * @param inputs rows × features, row-major
   * @throws {OptionError} if `inputs` are no rows of finite numbers
   */
  apply(inputs: FloatArray): Float64Array {
    return scaled(finiteRows(this.means.length)(inputs, 'inputs'), this);
  }

  /** Scales the targets of a regression, where the scaling has targets. */
  applyTargets(targets: FloatArray): Float64Array {
    if (!this.targets) return Float64Array.from(targets);
    return scaled(finiteRows(this.targets.means.length)(targets, 'targets'), this.targets);
  }

  /**
   * Turns the values that a regression predicts into the units of the raw targets.
   * @param values rows × outputs, row-major
   */
  restore(values: FloatArray): Float64Array {
    const { targets } = this;
    if (!targets) return Float64Array.from(values);
    const { means, deviations } = targets;
    return Float64Array.from(values, (value, i) => {
      const column = i % means.length;
      return value * deviations[column] + means[column];
    });
  }

  /**
   * Scales a data set that the scaling was not made from, such as test rows.
   * @throws {OptionError} if `data` has other columns
   */
  applyTo(data: Dataset): Dataset;
  applyTo(data: RegressionDataset): RegressionDataset;
  applyTo(data: AnyDataset): AnyDataset {
    const inputs = this.apply(data?.inputs);
    const width = this.means.length;
    if (data.features !== width) throw new OptionError('data.features', `${width}`, data.features);
    return 'labels' in data
      ? { ...data, inputs }
      : { ...data, inputs, targets: this.applyTargets(data.targets) };
  }

  toJSON(): ScalingData {
    const { means, deviations, targets } = this;
    return { means, deviations, ...(targets && { targets }) };
  }
}

/**
 * Scales each feature to mean 0 and standard deviation 1, in float64: numbers that differ little for
 * their size, such as time stamps, stay different in 32 bits too. A constant column becomes 0. Pixels are
 * better divided by their largest value, all alike: `new Scaling({ means: Array(64).fill(0), deviations:
 * Array(64).fill(16) })`.
 * @param options `targets`: whether the targets of a regression are scaled too; default false
 * @returns the scaled data, and the scaling for test rows, for predictions and for files
 * @throws {OptionError} if `data`, a field of it or an option cannot be used
 */
export function standardize(data: Dataset): { data: Dataset; scaling: Scaling };
export function standardize(
  data: RegressionDataset,
  options?: { targets?: boolean },
): { data: RegressionDataset; scaling: Scaling };
export function standardize(
  data: AnyDataset,
  options: { targets?: boolean } = {},
): { data: AnyDataset; scaling: Scaling } {
  const copy = dataset(NUMBERS)(data, 'data');
  const { targets } = readOptions(options, { targets: optional(flag, false) }, 'options');
  if (targets && !('targets' in copy)) throw new OptionError('options.targets', 'data with targets', targets);
  const scaling = new Scaling({
    ...statistics(copy.inputs, copy.features),
    ...(targets && 'targets' in copy && { targets: statistics(copy.targets, copy.outputs) }),
  });
  return { data: scaling.applyTo(copy as Dataset), scaling };
}

function columns(value: unknown, name: string): Columns {
  if (!isObject(value)) throw new OptionError(name, 'an object { means, deviations }', value);
  const finite = numberThat(Number.isFinite, 'a finite number');
  const least0 = numberThat((x) => x >= 0 && x < Number.POSITIVE_INFINITY, 'a finite number of at least 0');
  const means = list(finite, 'an array of means, one a column', MOST_COLUMNS)(value.means, `${name}.means`);
  const expected = `an array of ${means.length} standard deviations, one a column`;
  const deviations = list(least0, expected, MOST_COLUMNS)(value.deviations, `${name}.deviations`);
  if (deviations.length !== means.length)
    throw new OptionError(
      `${name}.deviations`,
      expected,
      value.deviations,
      `an array of ${deviations.length}`,
    );
  return { means, deviations };
}

/** Halves first, so that the difference of two large numbers of opposite signs is a number. */
function scaled(values: FloatArray, { means, deviations }: Columns): Float64Array {
  const columns = means.length;
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      const deviation = deviations[column];
      if (deviation === 0) continue;
      result[start + column] = (values[start + column] / 2 - means[column] / 2) / (deviation / 2);
    }
  }
  return result;
}

/** Mean and standard deviation of each column; the values are read row by row, as they lie in memory. */
function statistics(values: FloatArray, columns: number): Columns {
  const count = values.length / columns;
  const [least, most] = [values.slice(0, columns), values.slice(0, columns)];
  eachRow(values, columns, (start) => {
    for (let column = 0; column < columns; column++) {
      const value = values[start + column];
      if (value < least[column]) least[column] = value;
      else if (value > most[column]) most[column] = value;
    }
  });
  // A part of the range, from 0 to 1: its sums neither overflow nor lose the digits of a large mean.
  const spans = Float64Array.from(least, (value, column) => most[column] / 2 - value / 2);
  const part = (value: number, column: number) => (value / 2 - least[column] / 2) / spans[column];
  const sums = new Float64Array(columns);
  eachRow(values, columns, (start) => {
    for (let column = 0; column < columns; column++) sums[column] += part(values[start + column], column);
  });
  const means = sums.map((sum) => sum / count);
  const squares = new Float64Array(columns);
  eachRow(values, columns, (start) => {
    for (let column = 0; column < columns; column++)
      squares[column] += (part(values[start + column], column) - means[column]) ** 2;
  });
  const list = (of: (column: number) => number) => Array.from({ length: columns }, (_, column) => of(column));
  return {
    means: list((column) =>
      spans[column] === 0 ? least[column] : 2 * (least[column] / 2 + means[column] * spans[column]),
    ),
    deviations: list((column) =>
      spans[column] === 0 ? 0 : 2 * (Math.sqrt(squares[column] / count) * spans[column]),
    ),
  };
}

function eachRow(values: FloatArray, columns: number, take: (start: number) => void): void {
  for (let start = 0; start < values.length; start += columns) take(start);
}
