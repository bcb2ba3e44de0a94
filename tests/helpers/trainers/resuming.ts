import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type AnyDataset,
  cosineDecay,
  createTrainer,
  exponentialDecay,
  type NetworkChanges,
  type NetworkOptions,
  type Optimizer,
  type RegressionTrainer,
  stepDecay,
  type Trainer,
  type TrainerOptions,
  warmup,
} from '../../../src/index.ts';
import { exportModel, type ResumeOptions, resume } from '../../../src/models/index.ts';
import { ACTIVATIONS } from '../models.ts';
import { TestRandom } from '../random.ts';

/** A training that a file interrupts: its options, the changes after some steps, and where it is saved. */
export interface Interrupted {
  options: Omit<NetworkOptions, 'learningRate'> &
    Pick<TrainerOptions, 'learningRate' | 'classWeights'> & {
      loss: 'cross-entropy' | 'hinge' | 'squared-error';
    };
  changes: NetworkChanges;
  steps: number;
}

const [ROWS, FEATURES, WIDTH] = [11, 3, 4];
const random = new TestRandom(17);
const CLASSES: AnyDataset = { ...random.dataset(ROWS, FEATURES, WIDTH), classNames: ['a', 'b', 'c', 'd'] };
const VALUES: AnyDataset = {
  inputs: CLASSES.inputs,
  targets: random.floats(ROWS * WIDTH),
  count: ROWS,
  features: FEATURES,
  outputs: WIDTH,
};

export const OPTIMIZERS: Optimizer[] = [
  { name: 'sgd' },
  { name: 'sgd', momentum: 0.9 },
  { name: 'sgd', momentum: 0.8, nesterov: true },
  { name: 'adam', beta1: 0.8 },
  { name: 'rmsprop', decay: 0.9 },
  { name: 'adagrad' },
];

/** Trainings with every option that a step depends on. */
export const interrupted: fc.Arbitrary<Interrupted> = fc
  .record({
    loss: fc.constantFrom('cross-entropy', 'hinge', 'squared-error'),
    optimizer: fc.constantFrom(...OPTIMIZERS),
    classWeights: fc.constant<number[]>([1, 0.5, 2, 0]),
    ...{ hidden: fc.constantFrom<number[][]>([], [5], [4, 3]), activation: fc.constantFrom(...ACTIVATIONS) },
    learningRate: fc.constantFrom(
      0.02,
      stepDecay(0.03, { every: 3, factor: 0.5 }),
      exponentialDecay(0.03, { every: 2, factor: 0.9 }),
      warmup(4, cosineDecay(0.03, { steps: 20, end: 1e-3 })),
    ),
    ...{ l2: fc.constantFrom(0, 1e-3), l1: fc.constantFrom(0, 1e-3), weightDecay: fc.constantFrom(0, 0.01) },
    // Nothing diverges.
    initialization: fc.constant(0.2),
    dropout: fc.constantFrom(0, 0.4),
    batchSize: fc.constantFrom(undefined, 4, ROWS, 50),
    precision: fc.constantFrom('single', 'double'),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    changes: fc.constantFrom<NetworkChanges[]>({}, { l2: 0.02, dropout: 0.2 }, { learningRate: 0.01 }),
    steps: fc.integer({ min: 0, max: 9 }),
  })
  .map(
    ({ changes, steps, classWeights, ...options }): Interrupted => ({
      changes,
      steps,
      options: {
        ...options,
        ...(options.loss !== 'squared-error' && { classWeights }),
      } as Interrupted['options'],
    }),
  );

/** Expects that a training which goes on from a file has the bits of one that was not interrupted. */
export async function expectResumed({ options, changes, steps }: Interrupted, backend: ResumeOptions) {
  const data = options.loss === 'squared-error' ? VALUES : CLASSES;
  const all = { ...options, ...backend, data } as TrainerOptions;
  await using trainer = await createTrainer(all);
  await trainer.train(steps);
  trainer.set(changes);
  const bytes = await exportModel(trainer, 'safetensors');
  await using other = await resumed(bytes, data, backend);
  await expectSame(other, trainer);
  await trainer.train(6);
  await other.train(6);
  await expectSame(other, trainer);
  // A file of the resumed training is the same file.
  expect(await exportModel(other, 'safetensors')).toEqual(await exportModel(trainer, 'safetensors'));
}

/** Both kinds of data, which only the overloads of `resume` tell apart. */
export function resumed(
  bytes: Uint8Array,
  data: AnyDataset,
  options?: ResumeOptions,
): Promise<Trainer | RegressionTrainer> {
  return 'labels' in data ? resume(bytes, data, options) : resume(bytes, data, options);
}

async function expectSame(one: Trainer | RegressionTrainer, other: Trainer | RegressionTrainer) {
  expect(one.describe()).toEqual(other.describe());
  expect(await one.save()).toEqual(await other.save());
}
