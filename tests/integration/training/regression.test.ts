import { describe, expect, test } from 'vitest';
import {
  type Changes,
  type Checkpoint,
  checkGradients,
  createTrainer,
  type Dataset,
  NonFiniteError,
  OptionError,
  type RegressionDataset,
  type RegressionOptions,
  type RegressionTrainer,
  spiral,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { rejection } from '../../helpers/trainers/training.ts';

const trainers = testTrainers();
const labelled = new TestRandom(1).dataset(20, 3, 2);
const values = regressionOf(labelled, 2, 4);

function regressionOf(
  { inputs, count, features }: Dataset,
  outputs: number,
  seed: number,
): RegressionDataset {
  return { inputs, targets: new TestRandom(seed).floats(count * outputs), count, features, outputs };
}

const create = async (options: Partial<RegressionOptions> & Pick<RegressionOptions, 'data'>) => {
  const trainer: RegressionTrainer = await createTrainer({ learningRate: 0.1, ...options });
  return trainer;
};

/** 1 − Σ(z − t)² / Σ(t − m)², as the definition says. */
function r2Of(values: ArrayLike<number>, { targets, count, outputs }: RegressionDataset): number {
  let [rest, all] = [0, 0];
  for (let k = 0; k < outputs; k++) {
    const own = Array.from({ length: count }, (_, row) => targets[row * outputs + k]);
    const mean = own.reduce((sum, t) => sum + t) / count;
    for (const [row, t] of own.entries()) {
      rest += (values[row * outputs + k] - t) ** 2;
      all += (t - mean) ** 2;
    }
  }
  return 1 - rest / all;
}

describe.each(trainers.backends)('on %s', (name, backend) => {
  const tolerance = name.endsWith('single') ? 1e-5 : 1e-11;
  const on = () => backend() as Partial<RegressionOptions>;

  test('r² is that of the predictions, over all rows, other rows and batches', async () => {
    const trainer = await create({ ...on(), data: values, hidden: [5], batchSize: 8 });
    await trainer.train(10);
    const other = regressionOf(new TestRandom(5).dataset(33, 3, 2), 2, 6);
    for (const data of [values, other]) {
      const predicted = (await trainer.predict(data.inputs)).values;
      const { r2, dataLoss } = await trainer.measure(data);
      expectClose([r2], [r2Of(predicted, data)], tolerance, 'r²');
      const squares = Array.from(predicted, (z, i) => (z - data.targets[i]) ** 2).reduce((a, b) => a + b);
      expectClose([dataLoss], [squares / 2 / data.count], tolerance, 'loss');
    }
    expect(await trainer.measure(values)).toEqual(await trainer.measure());
    for await (const { r2 } of trainer.run({ steps: 4, every: 1, measure: 'batch' })) {
      expect(r2).toBeLessThan(1);
    }
    trainer.destroy();
  });

  test('without any difference between targets r² is 1 for a loss of 0, else 0', async () => {
    // 0.1 + 0.1 + 0.1 is not 3·0.1.
    const [inputs, targets] = [Float64Array.of(1, 2, 3), new Float64Array(3).fill(0.1)];
    const data = { inputs, targets, count: 3, features: 1, outputs: 1 };
    for (const [bias, r2] of [
      [0.1, 1],
      [0.2, 0],
    ]) {
      const parameters = [{ weights: Float64Array.of(0), biases: Float64Array.of(bias) }];
      const trainer = await create({ ...on(), data, parameters });
      expect((await trainer.measure()).r2).toBe(r2);
      trainer.destroy();
    }
  });

  test('targets of 1e15 and 1e-15 have a finite r² or end in a typed error', async () => {
    for (const size of [1e15, 1e-15, 1e30]) {
      const data = { ...values, targets: values.targets.map((t) => size * t) };
      const trainer = await create({ ...on(), data });
      const measured = await trainer.measure().catch((error: unknown) => error);
      if (measured instanceof NonFiniteError) expect(size).toBe(1e30);
      else expect(Number.isFinite((measured as { r2: number }).r2)).toBe(true);
      trainer.destroy();
    }
  });

  test('a training that diverges ends in an error with the tensor and the last finite state', async () => {
    const trainer = await create({ ...on(), data: values, hidden: [5], learningRate: 1e4 });
    const error = await rejection(trainer.train(500));
    expect(error).toBeInstanceOf(NonFiniteError);
    const { checkpoint, tensor } = error as NonFiniteError;
    expect(tensor).toBeTypeOf('string');
    await trainer.restore(checkpoint as Checkpoint);
    expect(await trainer.save()).toEqual(checkpoint);
    trainer.destroy();
  });

  test('the gradient check holds for squared errors, in every layer', async () => {
    const trainer = await create({
      ...on(),
      data: values,
      hidden: [5, 4],
      activation: 'tanh',
      l2: 0.1,
      l1: 0.02,
    });
    await trainer.train(3);
    const { largestRelativeError } = await checkGradients(trainer);
    expect(largestRelativeError).toBeLessThan(name.endsWith('single') ? 1e-3 : 1e-6);
    trainer.destroy();
  });
});

describe('the search for the fastest plan', () => {
  const weighted = { data: labelled, classWeights: [1, 3] };
  test.each<[string, object]>([
    ['squared error', { data: values }],
    ['squared error, in batches', { data: values, batchSize: 7 }],
    ['hinge', { data: labelled, loss: 'hinge' }],
    ['hinge with class weights, in batches', { ...weighted, loss: 'hinge', batchSize: 7 }],
    ['class weights', weighted],
  ])('finds the same bits in every candidate: %s', async (_, options) => {
    const tuning = { budget: 600_000, cache: new Map<string, string>() };
    const network = { hidden: [6], learningRate: 0.1, device: trainers.device, tuning, ...options };
    const trainer = await createTrainer(network as unknown as TrainerOptions);
    const { candidates } = await trainer.tune();
    expect(candidates.length).toBeGreaterThan(1);
    expect(candidates.filter(({ rejected }) => rejected !== undefined)).toEqual([]);
    trainer.destroy();
  });
});

describe('data and losses that do not fit each other', () => {
  const options = { learningRate: 0.1, backend: 'cpu' } as const;

  test('do not compile', () => {
    const calls = () => [
      // @ts-expect-error a loss of targets for labels
      createTrainer({ ...options, data: labelled, loss: 'squared-error' }),
      // @ts-expect-error a loss of labels for targets
      createTrainer({ ...options, data: values, loss: 'hinge' }),
      // @ts-expect-error class weights for targets
      createTrainer({ ...options, data: values, classWeights: [1, 2] }),
      // @ts-expect-error labels for a regression
      create({ data: values }).then((trainer) => trainer.measure(labelled)),
      // @ts-expect-error class weights of a regression
      create({ data: values }).then((trainer) => trainer.set({ classWeights: [1] })),
      // @ts-expect-error the accuracy of a regression
      create({ data: values }).then(async (trainer) => (await trainer.measure()).accuracy),
    ];
    expect(calls).toBeTypeOf('function');
  });

  const classifier: TrainerOptions = { ...options, data: labelled };
  test.each<[string, object, RegExp]>([
    ['loss', { data: labelled, loss: 'squared-error' }, /'cross-entropy' or 'hinge', for data with labels/],
    ['loss', { data: values, loss: 'hinge' }, /'squared-error', for data with targets, but got 'hinge'/],
    ['loss', { data: labelled, loss: 'mse' }, /'cross-entropy' or 'hinge'/],
    ['classWeights', { data: values, classWeights: [1, 2] }, /data with labels for class weights/],
    ['classWeights', { data: labelled, classWeights: [1, 2, 3] }, /an array of 2 weights, one a class/],
    ['classWeights[1]', { data: labelled, classWeights: [1, -2] }, /at least 0/],
    ['classWeights[1]', { data: labelled, classWeights: [1, 2e30] }, /at most 1e\+30/],
    ['data.targets', { data: { ...labelled, targets: values.targets } }, /labels or targets, but not both/],
    ['data.targets', { data: { ...values, targets: values.targets.slice(2) } }, /count × outputs = 20 × 2/],
    [
      'data.targets',
      { data: { ...values, targets: Array.from(values.targets) } },
      /Float32Array.from\(targets\)/,
    ],
    [
      'data.targets[3]',
      { data: { ...values, targets: values.targets.with(3, Number.NaN) } },
      /a finite number/,
    ],
    ['data.outputs', { data: { ...values, outputs: 0 } }, /at least 1/],
    ['data.outputNames', { data: { ...values, outputNames: ['a'] } }, /2 strings/],
  ])('%s is refused', async (option, wrong, message) => {
    const error = await rejection(createTrainer({ ...options, ...wrong } as TrainerOptions));
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toMatchObject({ option, message: expect.stringMatching(message) });
  });

  test('are refused by measure and set', async () => {
    const trainer: Trainer = await createTrainer(classifier);
    const regression = await create({ data: values, backend: 'cpu' });
    for (const [work, option] of [
      [trainer.measure(values as unknown as Dataset), 'data'],
      [regression.measure(labelled as unknown as RegressionDataset), 'data'],
      [regression.measure({ ...values, outputs: 1, targets: values.targets.slice(20) }), 'data.outputs'],
    ] as const) {
      expect(await rejection(work)).toMatchObject({ name: 'OptionError', option });
    }
    expect(() => regression.set({ classWeights: [1, 1] } as Changes)).toThrow(OptionError);
  });

  test('a prediction by hinge has scores, and no probabilities', async () => {
    const trainer = await createTrainer({ ...classifier, loss: 'hinge' });
    const prediction = await trainer.predict(labelled.inputs);
    expect(Object.keys(prediction)).toEqual(['scores', 'labels']);
    expect(structuredClone(prediction)).toEqual({ scores: prediction.scores, labels: prediction.labels });
    expect(() => prediction.probabilities).toThrow(/the loss 'hinge' has no probabilities/);
    expect(() => prediction.probabilities).toThrow(OptionError);
  });
});

describe.each(trainers.backends)('losses of labels on %s', (name, backend) => {
  const options = (): TrainerOptions => ({ learningRate: 0.1, data: spiral({ perClass: 8 }), ...backend() });

  test('batches whose weights are all 0 have no loss, and only the penalties move the weights', async () => {
    for (const loss of ['cross-entropy', 'hinge'] as const) {
      const data = { ...labelled, labels: new Uint32Array(labelled.count) };
      const base = { ...options(), data, loss, classWeights: [0, 1], hidden: [4], l2: 0.5 };
      for (const batchSize of [undefined, 6]) {
        const trainer = await trainers.create({ ...base, batchSize });
        const before = await trainer.parameters();
        const { dataLoss } = await trainer.measure();
        await trainer.train(1);
        expect(dataLoss).toBe(0);
        const after = await trainer.parameters();
        for (const [layer, { weights, biases }] of before.entries()) {
          const expected = Array.from(weights, (w) => w * (1 - 0.1 * 0.5));
          expectClose(after[layer].weights, expected, 1e-6);
          expect(after[layer].biases).toEqual(biases);
        }
      }
    }
  });

  test('a margin of exactly 0 moves no weight, in every plan', async () => {
    // Logits of 1, 0 and −1, of which the first is the label's.
    const data = { inputs: Float64Array.of(1), labels: Uint32Array.of(0), count: 1, features: 1, classes: 3 };
    const last = { weights: Float64Array.of(1, 0, -1), biases: new Float64Array(3) };
    const first = { weights: Float64Array.of(1), biases: new Float64Array(1) };
    for (const hidden of [[], [1]]) {
      const parameters = hidden.length > 0 ? [first, last] : [last];
      for (const plan of name.startsWith('webgpu')
        ? (['layered', 'fused', 'resident'] as const)
        : [undefined]) {
        const trainer = await trainers.create({
          ...options(),
          data,
          loss: 'hinge',
          hidden,
          parameters,
          plan,
        });
        await trainer.train(1);
        const after = await trainer.parameters();
        for (const [layer, { weights, biases }] of parameters.entries()) {
          expect(Array.from(after[layer].weights)).toEqual(Array.from(weights));
          expect(Array.from(after[layer].biases)).toEqual(Array.from(biases));
        }
        expect(await trainer.measure()).toMatchObject({ loss: 0, accuracy: 1 });
      }
    }
  });

  test('class weights that are changed count from the next step on', async () => {
    const base: TrainerOptions = { ...options(), loss: 'hinge', hidden: [4] };
    const trainer = await trainers.create(base);
    await trainer.train(2);
    const saved = await trainer.save();
    trainer.set({ classWeights: [1, 0.5, 3] });
    const other = await trainers.create({ ...base, classWeights: [1, 0.5, 3] });
    await other.restore(saved);
    const look = async (of: Trainer) => [await of.measure(), await of.gradients(), await of.inspect()];
    expect(await look(trainer)).toEqual(await look(other));
    for (const one of [trainer, other]) await one.train(3);
    expect(await look(trainer)).toEqual(await look(other));
    // Three times the same weights have the same means.
    other.set({ classWeights: [3, 1.5, 9] });
    const [{ loss }, scaled] = [await trainer.measure(), await other.measure()];
    expectClose([scaled.loss], [loss], 1e-6);
  });

  test.each([
    ['hinge', undefined],
    ['hinge', [0.5, 2, 0]],
    ['cross-entropy', [3, 0.25, 1]],
  ] as const)('the gradient check holds for %s with the class weights %j', async (loss, classWeights) => {
    for (const hidden of [[], [6, 5]]) {
      const more = {
        loss,
        hidden,
        l2: 0.01,
        l1: 0.01,
        ...(classWeights && { classWeights: [...classWeights] }),
      };
      const trainer = await trainers.create({ ...options(), ...more });
      await trainer.train(3);
      const { largestRelativeError, tensors } = await checkGradients(trainer);
      expect(largestRelativeError).toBeLessThan(name.endsWith('single') ? 1e-3 : 1e-6);
      expect(tensors[0].checked).toBeGreaterThan(0);
    }
  });

  test('logits of 1e30 stay finite with hinge, or training ends in a typed error', async () => {
    const data = spiral({ perClass: 8 });
    const parameters = [
      { weights: new Float64Array(6).map((_, i) => (i % 2 ? -1e30 : 1e30)), biases: new Float64Array(3) },
    ];
    const trainer = await trainers.create({ ...options(), data, loss: 'hinge', parameters });
    const { loss } = await trainer.measure();
    expect(loss).toBeGreaterThan(1e28);
    await trainer.train(2);
    const { weights } = (await trainer.parameters())[0];
    expect(weights.every(Number.isFinite)).toBe(true);
    const diverging = await trainers.create({
      ...options(),
      data,
      loss: 'hinge',
      learningRate: 1e30,
      l2: 1e10,
    });
    const error = await rejection(diverging.train(100));
    expect(error).toBeInstanceOf(NonFiniteError);
  });
});
