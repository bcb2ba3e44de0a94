import { dataset } from '../checks/dataset.ts';
import { type NumberRange, numberRange, seed, setting, size } from '../checks/numbers.ts';
import { type Check, list, optional, readOptions, type Schema, unchecked } from '../checks/schema.ts';
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
import { SYNONYMS } from './synonyms.ts';

/** Times the largest normal number that there is, below 13, it is still finite. */
const MOST_DEVIATION = { float32: 2e37, float64: 1e307 };

/** {@link TrainerOptions} as checked, one by one. */
interface CheckedOptions extends BackendChoice, StepSettings, Pick<TrainingSetup, 'precision' | 'seed'> {
  data: Dataset;
  hidden: number[];
  optimizer: ResolvedOptimizer;
  batchSize: number | undefined;
  initialization: Initialization;
  /** Depends on the sizes of all layers, and so is checked after them. */
  parameters: unknown;
}

/** Every option of `createTrainer`: how it is checked, and its default. */
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
 * Checks every option before anything runs.
 * @throws {OptionError} naming the option, what was expected and what came
 */
export function resolveOptions(given: TrainerOptions): { setup: TrainingSetup; choice: BackendChoice } {
  // They decide which numbers the other options may be.
  const range = numberRange(
    precision(given?.precision, 'precision'),
    backend(given?.backend, 'backend') === 'cpu',
  );
  const options = readOptions(given, trainerSchema(range), undefined, SYNONYMS);
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
    },
    setup: {
      data,
      sizes,
      settings: new SettingsRecord({ learningRate, l2 }),
      optimizer,
      batchSize: Math.min(batchSize ?? data.count, data.count),
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
