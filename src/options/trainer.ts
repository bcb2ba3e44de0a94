import { dataset } from '../checks/dataset.ts';
import { type NumberRange, numberRange, seed, setting, size } from '../checks/numbers.ts';
import {
  type Check,
  counted,
  list,
  oneOf,
  optional,
  readOptions,
  type Schema,
  unchecked,
} from '../checks/schema.ts';
import { signal } from '../checks/signal.ts';
import { classesOf, widthOf } from '../data/answers.ts';
import { initialParameters } from '../data/initialization.ts';
import { RandomState } from '../data/random-state.ts';
import { OptionError } from '../errors.ts';
import { allocatingArrays } from '../limits.ts';
import type {
  Activation,
  AnyDataset,
  Initialization,
  LayerParameters,
  RegressionOptions,
  TrainerOptions,
} from '../types.ts';
import { backend, gpuDevice, plan, precision, recovery, threads, tuning, webAssembly } from './backend.ts';
import { optimizer, type ResolvedOptimizer } from './optimizer.ts';
import { layers, MOST_HIDDEN } from './parameters.ts';
import type { BackendChoice, Loss, TrainingSetup } from './setup.ts';
import { type SettingOptions, SettingsRecord, settingsSchema } from './step-settings.ts';
import { PLACES, SYNONYMS } from './synonyms.ts';

/**
 * The largest standard deviation. A normal draw is below 13 deviations, so every weight is finite.
 */
const MOST_DEVIATION = { float32: 2e37, float64: 1e307 };

/** {@link TrainerOptions} or {@link RegressionOptions} after the check of each option. */
interface CheckedOptions extends BackendChoice, SettingOptions, Pick<TrainingSetup, 'precision' | 'seed'> {
  data: AnyDataset;
  hidden: number[];
  /** Unchecked: its check needs the kind of the data. */
  loss: unknown;
  /** Unchecked: its check needs the number of hidden layers. */
  activation: unknown;
  optimizer: ResolvedOptimizer;
  batchSize: number | undefined;
  initialization: Initialization;
  /** Unchecked: its check needs the sizes of all layers. */
  parameters: unknown;
}

/** The check and the default of every option of `createTrainer`. */
function trainerSchema(range: NumberRange): Schema<CheckedOptions> {
  // The check of class weights needs the number of classes.
  const { learningRate, l2, l1, weightDecay, dropout } = settingsSchema(range, undefined);
  return {
    data: dataset(range),
    hidden: optional(list(size, `an array of layer sizes, at most ${MOST_HIDDEN}`, MOST_HIDDEN), []),
    activation: unchecked,
    loss: unchecked,
    learningRate,
    l2: optional(l2, 0),
    l1: optional(l1, 0),
    weightDecay: optional(weightDecay, 0),
    dropout: optional(dropout, 0),
    classWeights: unchecked as Check<undefined>,
    optimizer: optimizer(range),
    batchSize: optional(size),
    parameters: unchecked,
    initialization: optional(initialization(range), 'he'),
    seed: optional(seed, 0),
    backend,
    threads,
    webAssembly,
    precision,
    plan,
    tuning,
    device: optional(gpuDevice),
    recovery,
    signal,
  };
}

const ACTIVATIONS = ['relu', 'leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'] as const;

const LOSSES = {
  labels: { words: ['cross-entropy', 'hinge'], data: 'data with labels' },
  targets: { words: ['squared-error'], data: 'data with targets' },
} as const;

/** Checks the loss, for which the data must have the answers. */
function lossFor(data: AnyDataset): Check<Loss> {
  const { words, data: what } = LOSSES['labels' in data ? 'labels' : 'targets'];
  return (value = words[0], name) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new OptionError(name, `${words.map((word) => `'${word}'`).join(' or ')}, for ${what}`, value);
  };
}

/** Checks the activation of all hidden layers, or one for each of them. */
function activations(layers: number): Check<Activation[]> {
  const one = oneOf<Activation>(...ACTIVATIONS);
  const expected = `an array of ${counted(layers, 'activation')}, one a hidden layer`;
  return (value = 'relu', name) => {
    if (!Array.isArray(value)) return new Array<Activation>(layers).fill(one(value, name));
    if (value.length === layers) return list(one, expected, layers)(value, name);
    throw new OptionError(name, expected, value, `an array of ${value.length}`);
  };
}

function initialization(range: NumberRange): Check<Initialization> {
  const most = range.float32 ? MOST_DEVIATION.float32 : MOST_DEVIATION.float64;
  const deviation = setting(range);
  return (value, name) => {
    if (value === 'he' || value === 'glorot' || value === 'lecun') return value;
    if (typeof value !== 'number') {
      throw new OptionError(name, "'he', 'glorot', 'lecun' or a standard deviation", value);
    }
    if (value > most && value < Number.POSITIVE_INFINITY)
      throw new OptionError(name, `a standard deviation of at most ${most}`, value);
    return deviation(value, name);
  };
}

/**
 * Checks every option.
 * @throws {OptionError} with the name of the option, the expected and the received value
 */
export function resolveOptions(given: TrainerOptions | RegressionOptions): {
  setup: TrainingSetup;
  choice: BackendChoice;
} {
  // Precision and backend decide the range of the other options' numbers.
  const range = numberRange(
    precision(given?.precision, 'precision'),
    backend(given?.backend, 'backend') === 'cpu',
  );
  const options = readOptions(given, trainerSchema(range), undefined, SYNONYMS, PLACES);
  const { data, hidden, batchSize, activation, seed, ...rest } = options;
  const { learningRate, l2, l1, weightDecay, dropout, optimizer } = rest;
  const loss = lossFor(data)(rest.loss, 'loss');
  const weights = settingsSchema(range, classesOf(data)).classWeights;
  const classWeights = optional(weights)(rest.classWeights, 'classWeights');
  const sizes = [data.features, ...hidden, widthOf(data)];
  return {
    choice: {
      backend: rest.backend,
      threads: rest.threads,
      webAssembly: rest.webAssembly,
      plan: rest.plan,
      device: rest.device,
      tuning: rest.tuning,
      recovery: rest.recovery,
      signal: rest.signal,
    },
    setup: {
      data,
      sizes,
      activations: activations(hidden.length)(activation, 'activation'),
      loss,
      settings: new SettingsRecord(
        { learningRate, l2, l1, weightDecay, dropout, classWeights, optimizer },
        range,
      ),
      batchSize: Math.min(batchSize ?? data.count, data.count),
      ...(batchSize !== undefined && { askedBatchSize: batchSize }),
      start: startingPoint(options, sizes, range),
      seed,
      precision: rest.precision,
    },
  };
}

function startingPoint(
  { parameters, initialization, seed }: CheckedOptions,
  sizes: readonly number[],
  range: NumberRange,
): () => LayerParameters[] {
  if (parameters !== undefined) {
    const copy = layers(sizes, range)(parameters, 'parameters');
    return () => copy;
  }
  return () =>
    allocatingArrays('the starting weights', () =>
      initialParameters(sizes, initialization, new RandomState(seed)),
    );
}
