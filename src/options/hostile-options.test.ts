import fc from 'fast-check';
import { expect } from 'vitest';
import { property } from '../../tests/helpers/property.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { apply, type Change, changes, inTime, WRAPS, wrap } from '../../tests/helpers/trainers/hostile.ts';
import {
  createTrainer,
  type LayerParameters,
  type Optimizer,
  SpiralnetError,
  type Trainer,
  type TrainerOptions,
} from '../index.ts';

/** Milliseconds for a case; enough for a machine with shared cores. */
const LIMIT = 20_000;

/** Every option of `TrainerOptions`, and some unknown options. */
const PATHS = [
  'data',
  'data.inputs',
  'data.labels',
  'data.count',
  'data.features',
  'data.classes',
  'data.featureNames',
  'data.featureNames.0',
  'data.classNames',
  'data.targets',
  'data.outputs',
  'data.source',
  'hidden',
  'hidden.0',
  'hidden.length',
  'learningRate',
  'l2',
  'l1',
  'weightDecay',
  'loss',
  'classWeights',
  'classWeights.0',
  'optimizer',
  'optimizer.name',
  'optimizer.momentum',
  'optimizer.nesterov',
  'optimizer.beta1',
  'optimizer.beta2',
  'optimizer.decay',
  'optimizer.epsilon',
  'optimizer.betas',
  'batchSize',
  'parameters',
  'parameters.0',
  'parameters.1',
  'parameters.0.weights',
  'parameters.1.biases',
  'initialization',
  'seed',
  'backend',
  'precision',
  'plan',
  'tuning',
  'tuning.budget',
  'tuning.cache',
  'tuning.cache.get',
  'tuning.cache.set',
  'device',
  'learning_rate',
  '__proto__',
  'title',
];

interface Case {
  optimizer: Optimizer['name'];
  parameters: boolean;
  changes: Change[];
  how: (typeof WRAPS)[number];
  wrapped: 'all' | 'data' | 'optimizer' | 'tuning' | 'hidden';
}

const cases: fc.Arbitrary<Case> = fc.record({
  optimizer: fc.constantFrom('sgd', 'adam', 'rmsprop', 'adagrad'),
  parameters: fc.boolean(),
  changes: fc.uniqueArray(changes(PATHS, { large: true }), { maxLength: 3, selector: ({ path }) => path }),
  how: fc.constantFrom(...WRAPS),
  wrapped: fc.constantFrom('all', 'data', 'optimizer', 'tuning', 'hidden'),
});

const one = (path: string, value: string, optimizer: Case['optimizer'] = 'sgd'): Case => ({
  optimizer,
  parameters: true,
  changes: [{ path, value }],
  how: 'plain',
  wrapped: 'all',
});

const OPTIMIZERS: Record<Optimizer['name'], Optimizer> = {
  sgd: { name: 'sgd', momentum: 0.5, nesterov: true },
  adam: { name: 'adam', beta1: 0.8, beta2: 0.9, epsilon: 1e-7 },
  rmsprop: { name: 'rmsprop', decay: 0.9, epsilon: 1e-7 },
  adagrad: { name: 'adagrad', epsilon: 1e-7 },
};

/**
 * Six rows of two features in three classes, four hidden units. Its arrays are writable, its
 * objects extensible.
 */
function good({ optimizer, parameters }: Pick<Case, 'optimizer' | 'parameters'>) {
  const random = new TestRandom(1);
  return {
    data: { ...random.dataset(6, 2, 3), featureNames: ['x', 'y'], classNames: ['a', 'b', 'c'] },
    hidden: [4],
    learningRate: 0.1,
    l2: 0.01,
    l1: 0.01,
    weightDecay: 0.01,
    loss: 'cross-entropy' as const,
    classWeights: [1, 0.5, 2],
    optimizer: OPTIMIZERS[optimizer],
    batchSize: 4,
    ...(parameters && { parameters: random.parameters([2, 4, 3]) }),
    initialization: 'he' as const,
    seed: 3,
    backend: 'cpu' as const,
    precision: 'single' as const,
    plan: 'auto' as const,
    tuning: { budget: 0, cache: new Map<string, string>() },
  };
}

/** The finite parameters after a few steps; undefined after a typed error. */
async function outcome(options: TrainerOptions): Promise<LayerParameters[] | undefined> {
  let trainer: Trainer | undefined;
  try {
    trainer = await createTrainer(options);
    await trainer.train(3);
    const { loss, accuracy } = await trainer.measure();
    expect(Number.isFinite(loss) && accuracy >= 0 && accuracy <= 1).toBe(true);
    const parameters = await trainer.parameters();
    const numbers = parameters.flatMap(({ weights, biases }) => [...weights, ...biases]);
    expect(numbers.every(Number.isFinite)).toBe(true);
    return parameters;
  } catch (error) {
    if (error instanceof SpiralnetError) return undefined;
    throw error;
  } finally {
    trainer?.destroy();
  }
}

property(
  'a trainer with any options trains or ends in a typed error',
  cases,
  [
    one('hidden', 'a very long array'),
    one('data.classNames', 'a very long array'),
    one('data.inputs', 'numbers shared'),
    one('data.inputs', 'a proxy of numbers'),
    one('initialization', '1e39'),
  ],
  async ({ changes, how, wrapped, ...shape }) => {
    const options = good(shape);
    for (const change of changes) apply(options, change);
    const given = wrapped === 'all' ? wrap(options, how) : wrapPart(options, wrapped, how);
    await inTime(outcome(given as TrainerOptions), LIMIT);
  },
  15,
);

function wrapPart(options: object, name: string, how: Case['how']): object {
  const value = Object.getOwnPropertyDescriptor(options, name)?.value;
  if (typeof value === 'object' && value !== null) Object.assign(options, { [name]: wrap(value, how) });
  return options;
}
