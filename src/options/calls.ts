import { dataset } from '../checks/dataset.ts';
import { type NumberRange, seed, size, wholeFrom } from '../checks/numbers.ts';
import {
  type Check,
  flag,
  ignored,
  isObject,
  list,
  oneOf,
  optional,
  readFields,
  readOptions,
} from '../checks/schema.ts';
import { signal } from '../checks/signal.ts';
import { widthOf } from '../data/answers.ts';
import type { EngineState } from '../engine.ts';
import { OptionError } from '../errors.ts';
import type { AnyDataset, LayerParameters } from '../types.ts';
import { layers } from './parameters.ts';
import { isFullBatch, momentCount, squaresOf, type TrainingSetup } from './setup.ts';
import { SYNONYMS } from './synonyms.ts';

/** Checks the number of updates to apply after `applied` updates. */
export function steps(applied: number): Check<number> {
  const whole = wholeFrom(0);
  return (value, name) => {
    const count = whole(value, name);
    if (Number.isSafeInteger(applied + count)) return count;
    throw new OptionError(name, `at most 2⁵³ − 1 together with the ${applied} steps applied so far`, value);
  };
}

/** Checks the options of `train`. */
export function trainOptions(options: unknown): { signal: AbortSignal | undefined } {
  return readOptions<{ signal: AbortSignal | undefined }>(options, { signal }, undefined, SYNONYMS);
}

/**
 * Checks the options of `run`. The other fields of a {@link CaseStudy} are allowed, so that `run`
 * takes a case study as it is.
 */
export function runOptions(options: unknown, applied: number) {
  const schema = {
    steps: steps(applied),
    every: size,
    last: optional(flag, false),
    measure: optional(oneOf('all', 'batch'), 'all'),
    parameters: optional(flag, false),
    signal,
    options: ignored,
    published: ignored,
  };
  const { steps: count, signal: ended, ...reports } = readOptions(options, schema, undefined, SYNONYMS);
  return { steps: count, signal: ended, reports };
}

/** Checks a data set to measure, of the training data's kind and with the same features and classes. */
export function measuredRows({ data }: TrainingSetup, range: NumberRange): Check<AnyDataset> {
  const check = dataset(range);
  return (value, name) => {
    const rows = check(value, name);
    const answers = 'labels' in data ? 'labels' : 'targets';
    if (!(answers in rows)) throw new OptionError(name, `data with ${answers}, as the training data`, value);
    const width = 'labels' in data ? 'classes' : 'outputs';
    for (const [field, own, trained] of [
      ['features', rows.features, data.features],
      [width, widthOf(rows), widthOf(data)],
    ] as const) {
      if (own !== trained)
        throw new OptionError(`${name}.${field}`, `${trained}, as in the training data`, own);
    }
    return rows;
  };
}

/**
 * Checks a checkpoint of a trainer with the same shape and optimizer, and with the same batch size,
 * asked for or used, or, as in this trainer, with all rows in each step.
 * @returns a copy
 */
export function checkpoint(setup: TrainingSetup, range: NumberRange): Check<EngineState & { seed: number }> {
  const { sizes, settings } = setup;
  const { optimizer } = settings.now;
  const count = momentCount(setup);
  const squares = squaresOf(setup);
  const parameters = layers(sizes, range);
  // SGD has a velocity, or none if it has never had a momentum.
  const [least, most] = optimizer.name === 'sgd' ? [0, 1] : [count, count];
  const expected = least < most ? 'at most one set of moments' : `${count} sets of moments`;
  const moments: Check<EngineState['moments']> = (value, name) => {
    const sets = list(parameters, expected, most)(value, name);
    if (sets.length < least) throw new OptionError(name, expected, value);
    if (squares !== undefined) checkSquares(sets[squares], `${name}[${squares}]`);
    return sets;
  };
  return (value, name) => {
    if (!isObject(value) || value.version !== 1)
      throw new OptionError(name, `a checkpoint that save() returned (version 1)${remedy(value)}`, value);
    const { askedBatchSize } = readFields(value, { askedBatchSize: optional(size) }, name);
    const saved = readFields(
      value,
      {
        step: wholeFrom(0),
        seed,
        batchSize: batchSize(setup, value.fullBatch === true, askedBatchSize),
        parameters,
        optimizer: (value, name) => {
          const fields = { name: equal(optimizer.name, `'${optimizer.name}'`), moments };
          return readFields(isObject(value) ? value : {}, fields, name);
        },
      },
      name,
    );
    const { batchSize: _, optimizer: kept, ...state } = saved;
    return { ...state, moments: kept.moments };
  };
}

/** What to do with a value that keeps a network in another way. */
function remedy(value: unknown): string {
  if (typeof value === 'string') return ', which JSON.parse() makes of its text';
  if (!isObject(value)) return '';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob)
    return ', or for a file a call of resume() of spiralnet/models';
  return 'parameters' in value ? ', or for a model createTrainer({ parameters: model.parameters })' : '';
}

/**
 * @param full whether every step of the checkpoint's trainer took all rows
 * @param asked the batch size that was asked for, if the checkpoint's trainer had fewer rows
 */
function batchSize(setup: TrainingSetup, full: boolean, asked: number | undefined): Check<number> {
  const { batchSize, askedBatchSize, data } = setup;
  return (value, name) => {
    const saved = size(value, name);
    const isAsked = askedBatchSize === (asked ?? saved);
    if (saved === batchSize || isAsked || (full && isFullBatch(setup))) return saved;
    const own =
      askedBatchSize === undefined
        ? `all of this trainer's ${data.count} rows; a trainer with batchSize: ${saved} takes this checkpoint`
        : `this trainer's batchSize ${askedBatchSize}`;
    const got =
      asked === undefined ? undefined : `${saved}, for the batchSize ${asked} of a trainer with fewer rows`;
    throw new OptionError(name, own, saved, got);
  };
}

/** Checks sums or means of squares, whose roots an update takes. */
function checkSquares(layers: readonly LayerParameters[], name: string): void {
  for (const [layer, tensors] of layers.entries()) {
    for (const tensor of ['weights', 'biases'] as const) {
      const wrong = tensors[tensor].findIndex((square) => square < 0);
      if (wrong < 0) continue;
      const path = `${name}[${layer}].${tensor}[${wrong}]`;
      throw new OptionError(path, 'squares, of at least 0', tensors[tensor][wrong]);
    }
  }
}

function equal<T>(own: T, expected: string): Check<T> {
  return (value, name) => {
    if (value === own) return own;
    throw new OptionError(name, expected, value);
  };
}
