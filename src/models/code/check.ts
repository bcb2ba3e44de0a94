import { dataset } from '../../checks/dataset.ts';
import { type NumberRange, numberRange, size, wholeFrom } from '../../checks/numbers.ts';
import {
  type Check,
  flag,
  ignored,
  isObject,
  list,
  optional,
  readOptions,
  unchecked,
} from '../../checks/schema.ts';
import { classesOf } from '../../data/answers.ts';
import { OptionError } from '../../errors.ts';
import { learningRate } from '../../options/schedules.ts';
import type { Loss } from '../../options/setup.ts';
import { type SettingChanges, type Settings, settingsChanges } from '../../options/step-settings.ts';
import { SYNONYMS } from '../../options/synonyms.ts';
import { resolveOptions } from '../../options/trainer.ts';
import { namesOf, type TableEncoding } from '../../tables/dataset/encoding.ts';
import type { Activation, AnyDataset, NetworkOptions, ScheduleData, TrainerOptions } from '../../types.ts';
import { rowsOf, type Source } from './check-data.ts';
import { type Start, startOf } from './start.ts';
import type { CodeRun } from './types.ts';

/** The settings from a step on, whose learning rate is plain data. */
export type Piece = { step: number; settings: Omit<Settings, 'learningRate'>; rate: number | ScheduleData };

/** A run after the check of everything that a script depends on. */
export interface CheckedRun {
  source: Source;
  /** The training rows, where they are known before the script runs. */
  train: AnyDataset | undefined;
  /** Features, hidden…, classes or outputs; undefined where only the file tells. */
  sizes: (number | undefined)[];
  activations: readonly Activation[];
  loss: Loss;
  start: Start;
  /** The settings from step 0 on, then from each step at which they change. */
  pieces: Piece[];
  /** The changes themselves, in the order of their steps. */
  changes: { step: number; changes: SettingChanges }[];
  steps: number;
  every: number;
  last: boolean;
  /** Undefined if every step takes all rows. */
  batchSize: number | undefined;
  seed: number;
  precision: NetworkOptions['precision'];
  backend: NetworkOptions['backend'];
}

const MOST_CHANGES = 2 ** 16;
const WORDS = {
  ...SYNONYMS,
  data: [...SYNONYMS.data, 'source'],
  changes: ['turns', 'set', 'edits'],
  weights: ['npz', 'start'],
};

/** Checks a run. @throws {OptionError} also for what no script can say, with what to do */
export function checkRun(given: unknown): CheckedRun {
  const run = readOptions(
    given,
    {
      options: object,
      steps: wholeFrom(0),
      every: size,
      last: optional(flag, false),
      data: unchecked,
      changes: optional(list(object, 'an array of { step, … }', MOST_CHANGES), []),
      weights: optional(text),
      // A case study has them.
      published: ignored,
    },
    undefined,
    WORDS,
  );
  const options = run.options as unknown as TrainerOptions;
  const own = options.data && dataset({ float32: false })(options.data, 'options.data');
  const { source, train } = rowsOf(run.data, own, Object(options.data).encoding);
  const encoding = source.kind === 'file' ? source.encoding : undefined;
  const isDigits = source.kind === 'digits';
  const rows = train ?? (isDigits ? DIGIT : rowOf(options, encoding));
  const { setup } = resolveOptions({ ...options, data: rows } as TrainerOptions);
  const { precision, seed, sizes } = setup;
  const range = numberRange(precision, options.backend === 'cpu');
  const changes = run.changes
    .map((change, i) => checkChange(change, `changes[${i}]`, setup.settings.now.optimizer, range, rows))
    .filter(({ step }) => step < run.steps || (run.last && step === run.steps))
    .sort((a, b) => a.step - b.step);
  for (const { step, changes: values } of changes) setup.settings.set(step, values);
  const known = isDigits || (train ?? encoding ?? options.parameters) !== undefined;
  const { batchSize } = options;
  return {
    source,
    train,
    sizes: sizes.map((width, i) => (known || (i > 0 && i < sizes.length - 1) ? width : undefined)),
    activations: setup.activations,
    loss: setup.loss,
    start: startOf(options, sizes, run.weights, seed),
    pieces: [...new Set([0, ...changes.map(({ step }) => step)])].map((step) => {
      const { learningRate: rate, ...settings } = setup.settings.from(step);
      return { step, settings, rate: plainRate(rate) };
    }),
    changes,
    steps: run.steps,
    every: run.every,
    last: run.last,
    batchSize: train && batchSize !== undefined && batchSize >= train.count ? undefined : batchSize,
    seed,
    precision: options.precision,
    backend: options.backend,
  };
}

const object: Check<{ [name: string]: unknown }> = (value, name) => {
  if (isObject(value)) return value;
  throw new OptionError(name, 'an object', value);
};

const text: Check<string> = (value, name) => {
  if (typeof value === 'string' && value !== '') return value;
  throw new OptionError(name, 'the name of a file that exportModel wrote in the format npz', value);
};

function checkChange(
  { step: given, ...rest }: { [name: string]: unknown },
  name: string,
  optimizer: Settings['optimizer'],
  range: NumberRange,
  rows: AnyDataset,
): CheckedRun['changes'][number] {
  const step = wholeFrom(0)(given, `${name}.step`);
  return { step, changes: settingsChanges(rest, optimizer, range, classesOf(rows)) };
}

/** The data of a learning rate. */
function plainRate(rate: Settings['learningRate']): number | ScheduleData {
  if (typeof rate === 'number') return rate;
  const data: unknown = Reflect.get(rate, 'data');
  if (isObject(data)) return data as unknown as ScheduleData;
  throw new OptionError(
    'learningRate',
    'a number or a schedule of this library, such as stepDecay(1, { every: 1000, factor: 0.5 }), as no ' +
      "script can contain a function of the caller's own",
    rate,
  );
}

/** The rate of a schedule for its first update. */
export function firstRate(rate: number | ScheduleData): number {
  const checked = learningRate({ float32: false })(rate, 'rate');
  return typeof checked === 'number' ? checked : checked(0);
}

/** One row in place of the digits, which load later. */
const DIGIT = {
  inputs: new Float64Array(64),
  labels: new Uint32Array(1),
  count: 1,
  features: 64,
  classes: 10,
};

/** One row in place of those in a file, whose shape the encoding or the given weights tell. */
function rowOf(options: CodeRun['options'], encoding: TableEncoding | undefined): AnyDataset {
  const [layers, weights] = [options.parameters, 'classWeights' in options && options.classWeights];
  const lengths = (layer: number) => {
    const { weights, biases } = (Array.isArray(layers) ? layers.at(layer) : undefined) ?? {};
    return { weights: weights?.length ?? 1, biases: biases?.length };
  };
  const [first, { biases: last }] = [lengths(0), lengths(-1)];
  const features =
    encoding?.features.flatMap(namesOf).length ??
    Math.max(1, Math.floor(first.weights / (first.biases ?? 1)));
  const rows = { inputs: new Float64Array(features), count: 1, features };
  if (encoding ? encoding.label.kind === 'values' : options.loss === 'squared-error') {
    const outputs = encoding ? 1 : (last ?? 1);
    return { ...rows, targets: new Float64Array(outputs), outputs };
  }
  const named = encoding?.label.kind === 'classes' ? encoding.label.classes.length : undefined;
  return { ...rows, labels: new Uint32Array(1), classes: named ?? last ?? (weights ? weights.length : 2) };
}
