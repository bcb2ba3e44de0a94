import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Activation,
  type ClassifierLoss,
  type Optimizer,
  OptionError,
  type PlanName,
  SpiralnetError,
} from '../../../src/index.ts';
import { showFigure } from '../../helpers/oracle/figures.ts';
import {
  courseOf,
  expectation,
  expectCourse,
  type FixedOptions,
  type Verdict,
} from '../../helpers/oracle/oracle.ts';
import { property } from '../../helpers/property.ts';
import { TestRandom } from '../../helpers/random.ts';
import { inTime } from '../../helpers/trainers/hostile.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();

/** Milliseconds for a case; enough for a machine with shared cores. */
const LIMIT = 30_000;
const STEPS = 5;

/** Options in the form in which a failing case prints them. */
interface Case {
  rows: number;
  features: number;
  classes: number;
  hidden: number[];
  /** Inputs are standard normals times this number. */
  scale: number;
  seed: number;
  learningRate: number;
  l2: number;
  l1: number;
  weightDecay: number;
  activation: Activation;
  loss: ClassifierLoss;
  /** The weights of the classes, in turn; undefined without any. */
  weights: number[] | undefined;
  optimizer: Optimizer;
  batchSize: number | undefined;
  initialization: 'he' | 'glorot' | number | 'given';
  plan: 'auto' | PlanName;
  budget: number | undefined;
}

const optimizers: fc.Arbitrary<Optimizer> = fc.oneof(
  fc.constant({ name: 'sgd' as const }),
  fc.record({
    name: fc.constant('sgd' as const),
    momentum: fc.constantFrom(0, 1e-46, 0.5, 0.9, 0.999999999),
  }),
  fc.record({
    name: fc.constant('sgd' as const),
    momentum: fc.constantFrom(1e-46, 0.5, 0.9),
    nesterov: fc.constant(true),
  }),
  fc.record(
    {
      name: fc.constant('rmsprop' as const),
      decay: fc.constantFrom(0, 0.5, 0.9, 0.999),
      epsilon: fc.constantFrom(1e-30, 1e-12, 1e-8, 1, 1e30),
    },
    { requiredKeys: ['name'] },
  ),
  fc.record(
    { name: fc.constant('adagrad' as const), epsilon: fc.constantFrom(1e-30, 1e-12, 1e-8, 1, 1e30) },
    { requiredKeys: ['name'] },
  ),
  fc.record(
    {
      name: fc.constant('adam' as const),
      beta1: fc.constantFrom(0, 0.5, 0.9, 0.99999),
      beta2: fc.constantFrom(0, 0.9, 0.999, 0.99999),
      epsilon: fc.constantFrom(1e-30, 1e-12, 1e-8, 1, 1e30),
    },
    { requiredKeys: ['name'] },
  ),
);

/** Extremes are rare, because several extremes at once hide each other. */
function mostly<T>(common: T[], extremes: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...common) },
    { weight: 1, arbitrary: fc.constantFrom(...extremes) },
  );
}

type Shape = Pick<Case, 'rows' | 'features' | 'classes' | 'hidden'>;

const shapes: fc.Arbitrary<Shape> = fc.record({
  rows: fc.constantFrom(1, 2, 7, 65),
  features: fc.constantFrom(1, 3, 17),
  classes: fc.constantFrom(1, 2, 4, 17),
  hidden: fc.constantFrom<number[]>([], [], [1], [5], [66], [3, 4], [2, 1, 3, 2, 3, 2, 2]),
});

/** Few shapes, because each shape compiles its own kernels, which takes most of the time. */
const FEW_SHAPES: fc.Arbitrary<Shape> = fc.constantFrom<Shape>(
  { rows: 1, features: 1, classes: 1, hidden: [] },
  { rows: 7, features: 3, classes: 4, hidden: [] },
  { rows: 7, features: 3, classes: 4, hidden: [1] },
  { rows: 65, features: 3, classes: 4, hidden: [66] },
  { rows: 2, features: 17, classes: 4, hidden: [3, 4] },
  { rows: 7, features: 3, classes: 4, hidden: [2, 1, 3, 2, 3, 2, 2] },
);

const settings: fc.Arbitrary<Omit<Case, keyof Shape>> = fc.record({
  scale: mostly([1, 0.1, 10], [0, 1e-40, 1e-30, 1e-10, 1e-3, 1e3, 1e10, 1e20, 1e37]),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  learningRate: mostly([1e-3, 0.1, 1], [0, 1e-46, 1e-38, 1e-30, 1e-20, 1e-10, 1e6, 1e20, 1e30, 1e38]),
  l2: mostly([0, 0, 1e-3], [1e-46, 1e-30, 1, 10, 1e20, 1e38]),
  l1: mostly([0, 0, 1e-3], [1e-46, 1e-30, 1, 1e20]),
  weightDecay: mostly([0, 0, 0.1], [1e-46, 1e-30, 1, 1e8, 1e20]),
  activation: fc.constantFrom<Activation>(
    ...(['relu', 'relu', 'relu', 'leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'] as const),
  ),
  loss: fc.constantFrom<ClassifierLoss>('cross-entropy', 'cross-entropy', 'hinge'),
  weights: mostly([undefined, undefined, [1, 0.5, 3]], [[0], [1, 0], [1e-30, 1e30], [1e-46], [1e30]]),
  optimizer: optimizers,
  batchSize: fc.constantFrom(undefined, undefined, 1, 4, 64, 1e9, Number.MAX_SAFE_INTEGER),
  initialization: mostly<Case['initialization']>(
    ['he', 'glorot', 'given', 0.01],
    [0, 1e-46, 1e-38, 1e-30, 1e10, 1e30, 2e37, 1e38],
  ),
  plan: fc.constantFrom('auto', 'layered', 'fused', 'resident'),
  budget: fc.constantFrom(undefined, undefined, undefined, 0, 1),
});

function optionsOf({
  rows,
  features,
  classes,
  hidden,
  scale,
  budget,
  initialization,
  weights,
  ...options
}: Case): FixedOptions {
  const random = new TestRandom(options.seed);
  const data = random.dataset(rows, features, classes);
  return {
    ...options,
    data: { ...data, inputs: data.inputs.map((x) => x * scale) },
    hidden,
    ...(weights && { classWeights: Array.from({ length: classes }, (_, k) => weights[k % weights.length]) }),
    tuning: budget === undefined ? SMALL : { budget },
    ...(initialization === 'given'
      ? { parameters: random.parameters([features, ...hidden, classes]) }
      : { initialization }),
  };
}

const plain: Case = {
  rows: 7,
  features: 3,
  classes: 4,
  hidden: [5],
  scale: 1,
  seed: 1,
  learningRate: 0.1,
  l2: 1e-3,
  l1: 0,
  weightDecay: 0,
  activation: 'relu',
  loss: 'cross-entropy',
  weights: undefined,
  optimizer: { name: 'sgd' },
  batchSize: undefined,
  initialization: 'he',
  plan: 'auto',
  budget: undefined,
};
const EXAMPLES: Case[] = [
  plain,
  // The squares of the gradients are finite, but overflow after Adam's bias correction.
  { ...plain, hidden: [], scale: 1e20, optimizer: { name: 'adam' }, learningRate: 0.05 },
  { ...plain, scale: 1e-30, optimizer: { name: 'adam', epsilon: 1e-30 } },
  { ...plain, optimizer: { name: 'sgd', momentum: 0.9, nesterov: true }, l1: 1e-3, weightDecay: 0.1 },
  { ...plain, optimizer: { name: 'rmsprop', epsilon: 0.01 }, weightDecay: 0.1 },
  { ...plain, optimizer: { name: 'adagrad', epsilon: 0.01 }, l1: 1e-3 },
  { ...plain, loss: 'hinge', weights: [1, 0.5, 3] },
  { ...plain, weights: [1, 0], batchSize: 1 },
  // The weights cancel in every step, except for rounding errors.
  { ...plain, rows: 1, features: 1, classes: 2, hidden: [], scale: 1000, seed: 0, l2: 10 },
  // The activations are 0 in 32 bits, and the units inactive.
  {
    ...plain,
    rows: 1,
    features: 1,
    hidden: [2, 1, 3, 2],
    scale: 1e-40,
    seed: 3737281255,
    initialization: 0.01,
  },
  // Adam divides the rounded 1 − p by itself.
  {
    ...plain,
    rows: 1,
    features: 1,
    hidden: [],
    seed: 3554895129,
    learningRate: 1,
    l2: 0,
    optimizer: { name: 'adam', beta2: 0 },
    initialization: 0.01,
  },
];

describe.each(trainers.backends)('%s', (name, backend) => {
  const cpu = name.startsWith('cpu');
  const seen: Record<Verdict | 'not taken', number> = { close: 0, refused: 0, undecided: 0, 'not taken': 0 };

  property(
    'any legal options train to the oracle’s numbers or end in a typed error',
    fc.tuple(cpu ? shapes : FEW_SHAPES, settings).map(([shape, rest]) => ({ ...shape, ...rest })),
    EXAMPLES,
    async (one) => {
      const options = { ...backend(), ...optionsOf(one) };
      const { precision = 'single' } = options;
      const work = async () => {
        const trainer = await trainers.create(options);
        try {
          return await courseOf(trainer, STEPS);
        } finally {
          trainer.destroy();
        }
      };
      try {
        const course = await inTime(work(), LIMIT);
        seen[expectCourse(course, await expectation(options, STEPS, precision), name !== 'cpu, double')]++;
      } catch (error) {
        if (!(error instanceof SpiralnetError)) throw error;
        // Only options beyond the range of float32 are refused.
        if (error instanceof OptionError) expect(error.message).toMatch(/32 bits|e\+?\d\d/);
        seen['not taken']++;
      }
    },
    { 'webgpu, single': 0.5, 'webgpu, double': 0.25 }[name] ?? 2,
    cpu ? undefined : 2000,
  );

  test('and most cases are decided', ({ skip }) => {
    const { close, undecided, refused } = seen;
    showFigure(`random options on ${name}: ${JSON.stringify(seen)}`);
    // The kept cases are the hard ones: they do not tell how many cases are decided.
    if (close + undecided + refused < 8 * EXAMPLES.length) skip('too few random cases to tell');
    expect(close).toBeGreaterThan(undecided);
    expect(close).toBeGreaterThan(refused);
  });
});
