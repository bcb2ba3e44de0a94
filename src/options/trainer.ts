import { dataset } from '../checks/dataset.ts';
import { type NumberRange, numberRange, seed, setting, size } from '../checks/numbers.ts';
import { type Check, list, optional, readOptions, type Schema, unchecked } from '../checks/schema.ts';
import { signal } from '../checks/signal.ts';
import { initialParameters } from '../data/initialization.ts';
import { RandomState } from '../data/random-state.ts';
import { OptionError } from '../errors.ts';
import { allocatingArrays } from '../limits.ts';
import type { Dataset, Initialization, LayerParameters, TrainerOptions } from '../types.ts';
import { backend, gpuDevice, plan, precision, recovery, tuning } from './backend.ts';
import { optimizer } from './optimizer.ts';
import { layers, MOST_HIDDEN } from './parameters.ts';
import type { BackendChoice, ResolvedOptimizer, TrainingSetup } from './setup.ts';
import { SettingsRecord, type StepSettings, settingsSchema } from './step-settings.ts';
import { PLACES, SYNONYMS } from './synonyms.ts';

/**
 * The largest standard deviation. A normal draw is below 13 deviations, so every weight is finite.
 */
const MOST_DEVIATION = { float32: 2e37, float64: 1e307 };

/** {@link TrainerOptions} after the check of each option. */
interface CheckedOptions extends BackendChoice, StepSettings, Pick<TrainingSetup, 'precision' | 'seed'> {
  data: Dataset;
  hidden: number[];
  optimizer: ResolvedOptimizer;
  batchSize: number | undefined;
  initialization: Initialization;
  /** Unchecked: its check needs the sizes of all layers. */
  parameters: unknown;
}

/** The check and the default of every option of `createTrainer`. */
function trainerSchema(range: NumberRange): Schema<CheckedOptions> {
  const { learningRate, l2 } = settingsSchema(range);
  return {
    data: dataset(range),
    hidden: optional(list(size, `an array of layer sizes, at most ${MOST_HIDDEN}`, MOST_HIDDEN), []),
    learningRate,
    l2: optional(l2, 0),
    optimizer: optimizer(range),
    batchSize: optional(size),
    parameters: unchecked,
    initialization: optional(initialization(range), 'he'),
    seed: optional(seed, 0),
    backend,
    precision,
    plan,
    tuning,
    device: optional(gpuDevice),
    recovery,
    signal,
  };
}

function initialization(range: NumberRange): Check<Initialization> {
  const most = range.float32 ? MOST_DEVIATION.float32 : MOST_DEVIATION.float64;
  const deviation = setting(range);
  return (value, name) => {
    if (value === 'he' || value === 'glorot') return value;
    if (typeof value !== 'number') {
      throw new OptionError(name, "'he', 'glorot' or a standard deviation", value);
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
export function resolveOptions(given: TrainerOptions): { setup: TrainingSetup; choice: BackendChoice } {
  // Precision and backend decide the range of the other options' numbers.
  const range = numberRange(
    precision(given?.precision, 'precision'),
    backend(given?.backend, 'backend') === 'cpu',
  );
  const options = readOptions(given, trainerSchema(range), undefined, SYNONYMS, PLACES);
  const { data, hidden, batchSize, ...rest } = options;
  const { learningRate, l2, optimizer, seed } = rest;
  const sizes = [data.features, ...hidden, data.classes];
  return {
    choice: {
      backend: rest.backend,
      plan: rest.plan,
      device: rest.device,
      tuning: rest.tuning,
      recovery: rest.recovery,
      signal: rest.signal,
    },
    setup: {
      data,
      sizes,
      settings: new SettingsRecord({ learningRate, l2 }),
      optimizer,
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
