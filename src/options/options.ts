import { checkDataset, checkFloatArray, checkSize, copyFinite } from '../checks/dataset.ts';
import type { NumberRange } from '../checks/numbers.ts';
import { checkNumber, numberRange } from '../checks/numbers.ts';
import { attempt, oneOf, readFields, readList, readOptions } from '../checks/read.ts';
import { typedArrayLength } from '../checks/typed-arrays.ts';
import { initialParameters } from '../data/initialization.ts';
import { checkSeed, RandomState } from '../data/random-state.ts';
import { OptionError } from '../errors.ts';
import { allocatingArrays } from '../limits.ts';
import type { FloatArray, LayerParameters, TrainerOptions } from '../types.ts';
import { checkDevice, checkRecovery, checkTuning } from './backend.ts';
import { resolveOptimizer } from './optimizer.ts';
import type { BackendChoice, TrainingSetup } from './setup.ts';
import { checkStepSettings, SettingsRecord } from './step-settings.ts';

const TRAINER_OPTIONS: Record<keyof TrainerOptions, true> = {
  data: true,
  hidden: true,
  learningRate: true,
  l2: true,
  optimizer: true,
  batchSize: true,
  parameters: true,
  initialization: true,
  seed: true,
  backend: true,
  precision: true,
  plan: true,
  tuning: true,
  device: true,
  recovery: true,
};

/** More are a mistake: a step has ten dispatches a layer. */
const MOST_HIDDEN = 1000;

/** Times the largest normal number that there is, below 13, it is still finite. */
const MOST_DEVIATION = { float32: 2e37, float64: 1e307 };

/**
 * Checks every option before anything runs. Each is read once.
 * @throws {OptionError} naming the option, what was expected and what came
 */
export function resolveOptions(given: TrainerOptions): { setup: TrainingSetup; choice: BackendChoice } {
  const options = readOptions(given, TRAINER_OPTIONS);
  const { precision = 'single', backend = 'auto', plan = 'auto', device } = options;
  const tuning = checkTuning(options.tuning);
  const recovery = checkRecovery(options.recovery);
  oneOf(precision, ['single', 'double'], 'precision');
  oneOf(backend, ['auto', 'webgpu', 'cpu'], 'backend');
  oneOf(plan, ['auto', 'layered', 'fused', 'resident'], 'plan');
  if (device !== undefined) checkDevice(device);
  const range = numberRange(precision, backend === 'cpu');
  const { hidden = [], l2 = 0, seed = 0, optimizer = { name: 'sgd' }, learningRate, batchSize } = options;
  const data = checkDataset(options.data, 'data', range);
  const expected = `an array of layer sizes, at most ${MOST_HIDDEN}`;
  const widths = readList(hidden, 'hidden', expected, MOST_HIDDEN);
  widths.forEach((size, i) => void checkSize(size, `hidden[${i}]`));
  const settings = checkStepSettings({ learningRate, l2 }, range);
  checkSeed(seed, 'seed');
  if (batchSize !== undefined) checkSize(batchSize, 'batchSize');

  const sizes = [data.features, ...widths, data.classes];
  const resolvedOptimizer = resolveOptimizer(optimizer, range);
  return {
    choice: { backend, plan, device, tuning, recovery },
    setup: {
      data,
      sizes,
      settings: new SettingsRecord(settings),
      optimizer: resolvedOptimizer,
      batchSize: Math.min(batchSize ?? data.count, data.count),
      start: startingPoint(options, sizes, seed, range),
      seed,
      precision,
    },
  };
}

function startingPoint(
  { parameters, initialization = 'he' }: TrainerOptions,
  sizes: readonly number[],
  seed: number,
  range: NumberRange,
): () => LayerParameters[] {
  if (parameters !== undefined) {
    const copy = checkParameters(parameters, sizes, 'parameters', range);
    return () => copy;
  }
  if (typeof initialization === 'number') {
    checkNumber(initialization, 'initialization', range);
    const most = range.float32 ? MOST_DEVIATION.float32 : MOST_DEVIATION.float64;
    if (initialization > most) {
      throw new OptionError('initialization', `a standard deviation of at most ${most}`, initialization);
    }
  } else if (initialization !== 'he' && initialization !== 'glorot') {
    throw new OptionError('initialization', "'he', 'glorot' or a standard deviation", initialization);
  }
  return () =>
    allocatingArrays('the starting weights', () =>
      initialParameters(sizes, initialization, new RandomState(seed)),
    );
}

/**
 * Checks that parameters fit a network and are finite.
 * @returns a copy
 * @throws {OptionError} naming the layer and field
 */
export function checkParameters(
  parameters: LayerParameters[],
  sizes: readonly number[],
  name: string,
  range: NumberRange,
): LayerParameters[] {
  const count = sizes.length - 1;
  const expected = `${count} layers { weights, biases } for sizes ${sizes.join(' → ')}`;
  // One more, so that the message says how many came.
  const layers = readList(parameters, name, expected, MOST_HIDDEN + 1);
  if (layers.length !== count) throw new OptionError(name, expected, parameters, `${layers.length} layers`);
  return layers.map((layer, i) => {
    if (typeof layer !== 'object' || layer === null) {
      throw new OptionError(`${name}[${i}]`, 'a layer { weights, biases }', layer);
    }
    const { weights, biases } = readFields(layer, ['weights', 'biases'], `${name}[${i}]`);
    const [fanIn, fanOut] = [sizes[i], sizes[i + 1]];
    return {
      weights: checkTensor(weights, fanIn * fanOut, `${fanIn}×${fanOut}`, `${name}[${i}].weights`, range),
      biases: checkTensor(biases, fanOut, `${fanOut}`, `${name}[${i}].biases`, range),
    };
  });
}

function checkTensor(
  values: FloatArray,
  count: number,
  shape: string,
  name: string,
  range: NumberRange,
): FloatArray {
  checkFloatArray(values, name);
  const length = typedArrayLength(values);
  if (length !== count) {
    throw new OptionError(name, `${count} numbers (${shape})`, values, `${length} numbers`);
  }
  return copyFinite(values, name, range);
}

/** @throws {OptionError} unless `steps` is a whole number of at least 0, and counting goes as far from `step` on */
export function checkSteps(steps: number, step: number): void {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new OptionError('steps', 'a whole number of at least 0', steps);
  }
  if (!Number.isSafeInteger(step + steps)) {
    throw new OptionError('steps', `at most 2⁵³ − 1 with the ${step} that have been applied`, steps);
  }
}

/** @throws {OptionError} unless `signal` is an AbortSignal, of whatever realm, or not given */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (attempt('signal', () => typeof signal?.throwIfAborted !== 'function')) {
    throw new OptionError('signal', 'an AbortSignal', signal);
  }
}
