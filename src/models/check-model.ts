import { strings } from '../checks/arrays.ts';
import { size } from '../checks/numbers.ts';
import {
  type Check,
  counted,
  ignored,
  isObject,
  list,
  oneOf,
  optional,
  readFields,
} from '../checks/schema.ts';
import { ACTIVATION_FUNCTIONS } from '../data/activation-functions.ts';
import { type Columns, Scaling } from '../data/scaling.ts';
import { OptionError } from '../errors.ts';
import type { Activation, FloatArray, LayerParameters, Precision } from '../types.ts';
import type { ModelData } from './model-data.ts';

/** As many hidden layers as a trainer may have. */
const MOST_HIDDEN = 1000;
const ACTIVATIONS = Object.keys(ACTIVATION_FUNCTIONS) as Activation[];

/** {@link ModelData} after its check. */
export interface CheckedModel extends ModelData {
  scaling?: Scaling;
}

/**
 * Checks everything that a prediction depends on, also after a way through JSON; other fields are left out.
 * @returns a copy, with Float32Array or Float64Array as the precision says
 */
export const checkModel: Check<CheckedModel> = (value, name) => {
  if (!isObject(value))
    throw new OptionError(name, 'a model { sizes, activations, loss, precision, parameters }', value);
  const { sizes, loss, precision } = readFields<Pick<ModelData, 'sizes' | 'loss' | 'precision'>>(
    value,
    {
      sizes: checkSizes,
      loss: oneOf('cross-entropy', 'hinge', 'squared-error'),
      precision: oneOf('single', 'double'),
    },
    name,
  );
  const [features, width, hidden] = [sizes[0], sizes[sizes.length - 1], sizes.length - 2];
  const regression = loss === 'squared-error';
  return readFields<CheckedModel>(
    value,
    {
      sizes: () => sizes,
      activations: listOf(oneOf(...ACTIVATIONS), hidden, 'activation', 'of each hidden layer'),
      loss: () => loss,
      precision: () => precision,
      parameters: layers(sizes, precision),
      featureNames: optional(strings(features)),
      classNames: regression ? ignored : optional(strings(width)),
      outputNames: regression ? optional(strings(width)) : ignored,
      scaling: optional(scalingFor(features, regression ? width : undefined)),
    },
    name,
  );
};

const checkSizes: Check<number[]> = (value, name) => {
  const expected = 'an array of layer sizes: features, hidden…, classes or outputs';
  const sizes = list(size, expected, MOST_HIDDEN + 2)(value, name);
  if (sizes.length < 2) throw new OptionError(name, expected, value);
  return sizes;
};

/** Checks an array of exactly so many entries. */
function listOf<T>(entry: Check<T>, count: number, noun: string, which: string): Check<T[]> {
  const expected = `an array of ${counted(count, noun)}, ${which}`;
  return (value, name) => {
    const entries = list(entry, expected, count)(value, name);
    if (entries.length === count) return entries;
    throw new OptionError(name, expected, value);
  };
}

/** @returns a copy in the precision of the model */
function layers(sizes: readonly number[], precision: Precision): Check<LayerParameters[]> {
  const count = sizes.length - 1;
  return (value, name) => {
    const check = listOf(
      (layer) => layer,
      count,
      'layer',
      `{ weights, biases } for sizes ${sizes.join(' → ')}`,
    );
    return check(value, name).map((layer, i) => {
      const [rows, columns] = [sizes[i], sizes[i + 1]];
      const weights = tensor(rows * columns, `${rows}×${columns}`, precision);
      const biases = tensor(columns, `${columns}`, precision);
      return readFields<LayerParameters>(Object(layer), { weights, biases }, `${name}[${i}]`);
    });
  };
}

function tensor(count: number, shape: string, precision: Precision): Check<FloatArray> {
  const Float = precision === 'single' ? Float32Array : Float64Array;
  return (value, name) => {
    const given = (Array.isArray(value) || ArrayBuffer.isView(value) ? value : []) as ArrayLike<unknown>;
    if (given.length !== count) throw new OptionError(name, `${counted(count, 'number')} (${shape})`, value);
    const copy = new Float(count);
    for (let i = 0; i < count; i++) {
      const number = given[i];
      if (typeof number === 'number') copy[i] = number;
      if (typeof number === 'number' && Number.isFinite(copy[i])) continue;
      throw new OptionError(`${name}[${i}]`, `a finite number in ${precision} precision`, number);
    }
    return copy;
  };
}

/**
 * Checks a scaling of so many columns.
 * @param outputs the outputs of a regression; undefined for a classifier
 */
function scalingFor(features: number, outputs: number | undefined): Check<Scaling> {
  return (value, name) => {
    const scaling = new Scaling(value as Scaling);
    const expectColumns = ({ means }: Columns, count: number, name: string) => {
      if (means.length === count) return;
      throw new OptionError(name, counted(count, 'column'), value, counted(means.length, 'column'));
    };
    expectColumns(scaling, features, name);
    if (scaling.targets) expectColumns(scaling.targets, outputs ?? 0, `${name}.targets`);
    return scaling;
  };
}
