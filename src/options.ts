import { checkOptions } from './data/checks.ts';
import { checkDataset, checkFinite, checkFloatArray, checkSize, type Dataset } from './data/dataset.ts';
import { initialParameters, type LayerParameters } from './data/initialization.ts';
import { checkSeed, RandomState } from './data/random-state.ts';
import { OptionError } from './errors.ts';
import type { Backend, Optimizer, PlanName, Precision, TrainerOptions, TuningOptions } from './types.ts';

/** {@link Optimizer} with nothing left open. */
export type ResolvedOptimizer = Required<Optimizer>;

/**
 * What both backends train from: {@link TrainerOptions} checked, with every default filled in. The caller's arrays have been
 * copied: what happens to them afterwards has no effect.
 */
export interface TrainingSetup {
  /** With inputs in the trainer's precision. */
  data: Dataset;
  /** Features, hidden…, classes. */
  sizes: readonly number[];
  learningRate: number;
  l2: number;
  optimizer: ResolvedOptimizer;
  /** At most `data.count`; equal to it when every step sees all rows. */
  batchSize: number;
  /** Makes the starting point, one entry a layer: nothing is drawn before it is known that the network fits. */
  start: () => LayerParameters[];
  seed: number;
  precision: Precision;
}

/** Where and how the caller wants to train. */
export interface BackendChoice {
  backend: 'auto' | Backend;
  plan: 'auto' | PlanName;
  device: GPUDevice | undefined;
  tuning: false | TuningOptions;
}

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
};

/**
 * Checks every option before anything runs.
 * @throws {OptionError} naming the option, what was expected and what came
 */
export function resolveOptions(options: TrainerOptions): { setup: TrainingSetup; choice: BackendChoice } {
  checkOptions(options, TRAINER_OPTIONS);
  const { precision = 'single', backend = 'auto', plan = 'auto', device } = options;
  const tuning = checkTuning(options.tuning);
  oneOf(precision, ['single', 'double'], 'precision');
  oneOf(backend, ['auto', 'webgpu', 'cpu'], 'backend');
  oneOf(plan, ['auto', 'layered', 'fused', 'resident'], 'plan');
  if (device !== undefined && typeof device?.createComputePipelineAsync !== 'function') {
    throw new OptionError('device', 'a GPUDevice', device);
  }
  // The GPU's double precision is pairs of float32, which reach no further.
  const float32Range = precision === 'single' || backend !== 'cpu';
  const { data, hidden = [], l2 = 0, seed = 0, optimizer = { name: 'sgd' } } = options;
  checkDataset(data, 'data', float32Range);
  if (!Array.isArray(hidden)) throw new OptionError('hidden', 'an array of layer sizes', hidden);
  // By index: forEach leaves holes out.
  for (let i = 0; i < hidden.length; i++) checkSize(hidden[i], `hidden[${i}]`);
  checkNumber(options.learningRate, 'learningRate', float32Range);
  checkNumber(l2, 'l2', float32Range);
  checkSeed(seed, 'seed');
  if (options.batchSize !== undefined) checkSize(options.batchSize, 'batchSize');

  const sizes = [data.features, ...hidden, data.classes];
  const resolvedOptimizer = resolveOptimizer(optimizer);
  const start = startingPoint(options, sizes, seed, float32Range);
  return {
    choice: { backend, plan, device, tuning },
    setup: {
      data: copyOf(data, precision),
      sizes,
      learningRate: options.learningRate,
      l2,
      optimizer: resolvedOptimizer,
      batchSize: Math.min(options.batchSize ?? data.count, data.count),
      start,
      seed,
      precision,
    },
  };
}

function copyOf({ inputs, labels, count, features, classes }: Dataset, precision: Precision): Dataset {
  const Float = precision === 'single' ? Float32Array : Float64Array;
  return { inputs: new Float(inputs), labels: labels.slice(), count, features, classes };
}

function startingPoint(
  options: TrainerOptions,
  sizes: readonly number[],
  seed: number,
  float32Range: boolean,
): () => LayerParameters[] {
  if (options.parameters !== undefined) {
    checkParameters(options.parameters, sizes, 'parameters', float32Range);
    const copy = options.parameters.map(({ weights, biases }) => ({
      weights: weights.slice(),
      biases: biases.slice(),
    }));
    return () => copy;
  }
  const { initialization = 'he' } = options;
  if (typeof initialization === 'number') checkNumber(initialization, 'initialization', float32Range);
  else if (initialization !== 'he' && initialization !== 'glorot') {
    throw new OptionError('initialization', "'he', 'glorot' or a standard deviation", initialization);
  }
  return () => initialParameters(sizes, initialization, new RandomState(seed));
}

/**
 * Checks that parameters fit a network and are finite.
 * @throws {OptionError} naming the layer and field
 */
export function checkParameters(
  parameters: LayerParameters[],
  sizes: readonly number[],
  name: string,
  float32Range: boolean,
): void {
  const layers = sizes.length - 1;
  if (!Array.isArray(parameters) || parameters.length !== layers) {
    throw new OptionError(
      name,
      `${layers} layers { weights, biases } for sizes ${sizes.join(' → ')}`,
      parameters,
      Array.isArray(parameters) ? `${parameters.length} layers` : undefined,
    );
  }
  for (let i = 0; i < layers; i++) {
    const layer = parameters[i];
    if (typeof layer !== 'object' || layer === null) {
      throw new OptionError(`${name}[${i}]`, 'a layer { weights, biases }', layer);
    }
    const [fanIn, fanOut] = [sizes[i], sizes[i + 1]];
    checkTensor(layer.weights, fanIn * fanOut, `${fanIn}×${fanOut}`, `${name}[${i}].weights`, float32Range);
    checkTensor(layer.biases, fanOut, `${fanOut}`, `${name}[${i}].biases`, float32Range);
  }
}

function checkTensor(
  values: LayerParameters['weights'],
  length: number,
  shape: string,
  name: string,
  float32Range: boolean,
): void {
  checkFloatArray(values, name);
  if (values.length !== length) {
    throw new OptionError(name, `${length} numbers (${shape})`, values, `${values.length} numbers`);
  }
  checkFinite(values, name, float32Range);
}

function resolveOptimizer(optimizer: Optimizer): ResolvedOptimizer {
  if (typeof optimizer !== 'object' || optimizer === null) {
    throw new OptionError('optimizer', "{ name: 'sgd' } or { name: 'adam' }", optimizer);
  }
  oneOf(optimizer.name, ['sgd', 'adam'], 'optimizer.name');
  if (optimizer.name === 'sgd') {
    checkOptions(optimizer, { name: true, momentum: true }, 'optimizer');
    const { momentum = 0 } = optimizer;
    return { name: 'sgd', momentum: checkDecay(momentum, 'optimizer.momentum') };
  }
  checkOptions(optimizer, { name: true, beta1: true, beta2: true, epsilon: true }, 'optimizer');
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimizer;
  if (!(Number.isFinite(epsilon) && epsilon >= 1e-30)) {
    throw new OptionError('optimizer.epsilon', 'a finite number of at least 1e-30', epsilon);
  }
  return {
    name: 'adam',
    beta1: checkDecay(beta1, 'optimizer.beta1'),
    beta2: checkDecay(beta2, 'optimizer.beta2'),
    epsilon,
  };
}

function checkTuning(tuning: false | TuningOptions = {}): false | TuningOptions {
  if (tuning === false) return tuning;
  if (typeof tuning !== 'object' || tuning === null)
    throw new OptionError('tuning', 'false or { budget, cache }', tuning);
  const { budget, cache } = tuning;
  if (budget !== undefined) checkNumber(budget, 'tuning.budget', false);
  if (cache !== undefined && (typeof cache?.get !== 'function' || typeof cache.set !== 'function')) {
    throw new OptionError('tuning.cache', 'an object with get and set, such as a Map', cache);
  }
  return { ...(budget !== undefined && { budget }), ...(cache && { cache }) };
}

/** How many moments the optimizer keeps for each parameter. */
export function momentCount(optimizer: ResolvedOptimizer): number {
  if (optimizer.name === 'adam') return 2;
  return optimizer.momentum > 0 ? 1 : 0;
}

function checkDecay(value: number, name: string): number {
  if (typeof value !== 'number' || !(value >= 0 && value < 1)) {
    throw new OptionError(name, 'a number from 0 to below 1', value);
  }
  return value;
}

function checkNumber(value: number, name: string, float32Range: boolean): void {
  if (
    typeof value !== 'number' ||
    !(value >= 0) ||
    !Number.isFinite(float32Range ? Math.fround(value) : value)
  ) {
    throw new OptionError(name, 'a finite number of at least 0', value);
  }
}

function oneOf<T extends string>(value: T, allowed: readonly T[], name: string): void {
  if (!allowed.includes(value)) {
    throw new OptionError(name, allowed.map((entry) => `'${entry}'`).join(' or '), value);
  }
}

/** @throws {OptionError} unless `steps` is a whole number of at least 0 */
export function checkSteps(steps: number): void {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new OptionError('steps', 'a whole number of at least 0', steps);
  }
}

/** @throws {OptionError} unless `signal` is an AbortSignal, of whatever realm, or not given */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new OptionError('signal', 'an AbortSignal', signal);
  }
}
