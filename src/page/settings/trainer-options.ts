import {
  type AnyDataset,
  type Changes,
  type Dataset,
  type LayerParameters,
  type Optimizer,
  RandomState,
  type TrainerOptions,
} from '../../index.ts';
import { classWeightsOf } from './class-weights.ts';
import type { NetworkOptions } from './network.ts';
import { learningRateOf, SCHEDULED } from './schedule.ts';
import { changes, FACTORS, type Settings } from './settings.ts';

/**
 * Normals that the notes' stream gives before the weights of the linear classifier, and of the
 * network.
 */
const DRAWN_BEFORE = { linear: 318, network: 324 };
const NOTES_DEVIATION = 0.01;

/** A trainer's options without backend and device. */
export function trainerOptions(settings: Settings, data: Dataset): TrainerOptions;
export function trainerOptions(settings: Settings, data: AnyDataset): NetworkOptions;
export function trainerOptions(settings: Settings, data: AnyDataset): NetworkOptions {
  const { hidden, initialization, deviation, weightSeed, batchSize, precision } = settings;
  const { activation, loss, l2, l1, weightDecay, dropout } = settings;
  const sizes = [data.features, ...hidden, 'labels' in data ? data.classes : data.outputs];
  const options = {
    hidden: [...hidden],
    activation,
    learningRate: learningRateOf(settings),
    l2,
    l1,
    weightDecay,
    dropout,
    optimizer: optimizerOf(settings),
    ...(batchSize > 0 && { batchSize }),
    precision,
    seed: weightSeed,
    ...(initialization === 'notes'
      ? { parameters: notesParameters(sizes) }
      : { initialization: initialization === 'normal' ? deviation : initialization }),
  };
  if (!('labels' in data)) return { ...options, data };
  const weighed = settings.classWeights.length > 0 && {
    classWeights: classWeightsOf(settings, data.classes),
  };
  return { ...options, data, loss, ...weighed };
}

function optimizerOf({ optimizer, momentum, beta1, beta2, decay, epsilon }: Settings): Optimizer {
  switch (optimizer) {
    case 'sgd':
      return { name: 'sgd' };
    case 'momentum':
      return { name: 'sgd', momentum };
    case 'nesterov':
      return { name: 'sgd', momentum, nesterov: momentum > 0 };
    case 'adagrad':
      return { name: 'adagrad', epsilon };
    case 'rmsprop':
      return { name: 'rmsprop', decay, epsilon };
    case 'adam':
      return { name: 'adam', beta1, beta2, epsilon };
  }
}

/**
 * What a trainer has to change to have other settings from its next step on.
 * @param classes undefined for a regression
 */
export function trainerChanges(from: Settings, to: Settings, classes: number | undefined): Changes {
  const changed: readonly string[] = changes(from, to);
  const factors: readonly string[] = FACTORS[to.optimizer];
  const numbers = (['l2', 'l1', 'weightDecay', 'dropout', 'momentum', 'beta1', 'beta2'] as const).filter(
    (key) =>
      changed.includes(key) && (!['momentum', 'beta1', 'beta2'].includes(key) || factors.includes(key)),
  );
  return {
    ...Object.fromEntries(numbers.map((key) => [key, to[key]])),
    ...(SCHEDULED.some((key) => changed.includes(key)) && { learningRate: learningRateOf(to) }),
    ...(changed.includes('classWeights') &&
      classes !== undefined && { classWeights: classWeightsOf(to, classes) }),
  };
}

/** Weights drawn from the notes' random stream, for any network. */
function notesParameters(sizes: readonly number[]): LayerParameters[] {
  const random = new RandomState(0);
  random.randn(sizes.length === 2 ? DRAWN_BEFORE.linear : DRAWN_BEFORE.network);
  return sizes.slice(1).map((fanOut, layer) => ({
    weights: random.randn(sizes[layer] * fanOut).map((normal) => normal * NOTES_DEVIATION),
    biases: new Float64Array(fanOut),
  }));
}
