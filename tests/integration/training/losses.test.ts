import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  type Dataset,
  type LossMeasurement,
  type NetworkTrainer,
  type PlanName,
  type Precision,
  type Prediction,
  type RegressionDataset,
  type RegressionPrediction,
  type RunOptions,
  type TrainerOptions,
} from '../../../src/index.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL, inTurn } from '../../helpers/tier.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { expectParameters } from '../../helpers/trainers/training.ts';

const trainers = testTrainers();

const random = new TestRandom(21);
const [COUNT, FEATURES, WIDTH] = [53, 5, 4];
const labelled = random.dataset(COUNT, FEATURES, WIDTH);
const other = random.dataset(31, FEATURES, WIDTH);

/** Targets that a network of this size can follow in part. */
function withTargets({ inputs, count, features }: Dataset, seed: number): RegressionDataset {
  const noise = new TestRandom(seed).floats(count * WIDTH, 0.3);
  const targets = noise.map((e, i) => e + inputs[Math.floor(i / WIDTH) * features + (i % WIDTH)]);
  return { inputs, targets, count, features, outputs: WIDTH };
}

const values = withTargets(labelled, 1);
const otherValues = withTargets(other, 2);

/** A trainer of either kind, whose calls a test gives data of its kind. */
type AnyMeasurement = LossMeasurement & { accuracy?: number; r2?: number };
type AnyTrainer = NetworkTrainer & {
  measure(data?: unknown): Promise<AnyMeasurement>;
  run(options: RunOptions): AsyncGenerator<AnyMeasurement>;
  predict(inputs: Float32Array): Promise<Partial<Prediction & RegressionPrediction>>;
};

const create = (options: object) =>
  createTrainer(options as TrainerOptions) as unknown as Promise<AnyTrainer>;

async function measured(trainer: AnyTrainer, options: RunOptions): Promise<AnyMeasurement[]> {
  const all: AnyMeasurement[] = [];
  for await (const measurement of trainer.run(options)) all.push(measurement);
  return all;
}

/** Each loss and its data, with class weights, of which one is 0, or without. */
const LOSSES: [string, object, Dataset | RegressionDataset][] = [
  ['hinge', { data: labelled, loss: 'hinge' }, other],
  ['squared error', { data: values }, otherValues],
  ['cross-entropy with class weights', { data: labelled, classWeights: [0.5, 2, 0, 1.25] }, other],
  ['hinge with class weights', { data: labelled, loss: 'hinge', classWeights: [3, 0.25, 1, 0] }, other],
];

const SHAPES: [string, { hidden: number[]; batchSize?: number }][] = [
  ['a hidden layer', { hidden: [9] }],
  ['no hidden layer and mini-batches with a short last one', { hidden: [], batchSize: 8 }],
  ['a hidden layer and mini-batches with a short last one', { hidden: [9], batchSize: 8 }],
  ['batches of one row', { hidden: [3], batchSize: 1 }],
  ['no hidden layer', { hidden: [] }],
];
const DEEP: typeof SHAPES = [
  ['two hidden layers', { hidden: [17, 9] }],
  ['two hidden layers and mini-batches', { hidden: [17, 9], batchSize: 8 }],
];

const PLANS: [PlanName, Precision][] = [
  ['layered', 'single'],
  ['layered', 'double'],
  ['fused', 'single'],
  ['fused', 'double'],
  ['resident', 'single'],
  ['resident', 'double'],
];

/** Rounding of twenty steps, which a network of this size may amplify some tenfold. */
const TOLERANCE = { single: 5e-5, double: 1e-11 };

describe.each(PLANS)('the %s plan in %s precision follows the oracle', (plan, precision) => {
  const tolerance = TOLERANCE[precision];
  const shapes = { layered: [...SHAPES, ...DEEP], fused: [...SHAPES, ...DEEP], resident: SHAPES }[plan];
  const cases = inTurn(
    LOSSES,
    shapes,
    PLANS.findIndex(([a, b]) => a === plan && b === precision),
  ).map(([[loss, options, rows], [shape, more]]) => ({
    loss,
    shape,
    options: { ...options, ...more },
    rows,
  }));

  test.each(cases)('$loss, $shape', async ({ options, rows }) => {
    // Biases other than 0: the logits of a row without an active unit would be equal, but for rounding.
    const parameters = new TestRandom(8).parameters([FEATURES, ...options.hidden, WIDTH]);
    const common = { ...options, learningRate: 0.05, l2: 0.01, seed: 7, precision, parameters };
    const oracle = await create({ ...common, backend: 'cpu', precision: 'double' });
    const trainer = await create({
      ...common,
      plan,
      backend: 'webgpu',
      device: trainers.device,
      tuning: false,
    });
    expect(trainer.plan).toBe(plan);
    for (const measure of ALL ? (['all', 'batch'] as const) : (['batch'] as const)) {
      const [expected, actual] = await Promise.all(
        [oracle, trainer].map((one) => measured(one, { steps: 15, every: 1, measure })),
      );
      expectMeasured(actual, expected, tolerance);
    }
    expectParameters(await trainer.parameters(), await oracle.parameters(), tolerance);
    for (const data of [undefined, rows]) {
      const [expected, actual] = await Promise.all(
        [oracle, trainer].map((one) => (data ? one.measure(data) : one.measure())),
      );
      expectMeasured([actual], [expected], tolerance);
    }
    const [expected, actual] = await Promise.all(
      [oracle, trainer].map((one) => one.predict(other.inputs as Float32Array)),
    );
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
      if (name === 'labels') expect(actual[name]).toEqual(expected[name]);
      else expectClose(actual[name] ?? [], expected[name] ?? [], tolerance, name);
    }
    const gradients = await Promise.all([oracle, trainer].map((one) => one.gradients()));
    expectParameters(gradients[1], gradients[0], tolerance);
    const [theirs, ours] = await Promise.all([oracle, trainer].map((one) => one.inspect()));
    expect(ours.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name));
    for (const [i, { name, values }] of ours.entries())
      expectClose(values, theirs[i].values, tolerance, name);
    trainer.destroy();
  });
});

function expectMeasured(actual: AnyMeasurement[], expected: AnyMeasurement[], tolerance: number): void {
  expect(actual.map(Object.keys)).toEqual(expected.map(Object.keys));
  for (const field of ['step', 'loss', 'dataLoss', 'accuracy', 'r2'] as const) {
    const [ours, theirs] = [actual, expected].map((all) => all.map((row) => row[field] ?? 0));
    const scale = Math.max(1, ...theirs.map(Math.abs));
    expectClose(ours, theirs, field === 'accuracy' ? 1e-12 : 4 * tolerance * scale, field);
  }
}
