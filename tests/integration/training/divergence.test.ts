import { describe, expect, test } from 'vitest';
import { caseStudy, type Dataset, NonFiniteError, type TrainerOptions } from '../../../src/index.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { measurements, rejection } from '../../helpers/trainers/training.ts';

const trainers = testTrainers();

/** One feature in two classes. */
const rows = (...inputs: number[]): Dataset => ({
  inputs: Float64Array.from(inputs),
  labels: Uint32Array.from(inputs, (_, i) => i % 2),
  count: inputs.length,
  features: 1,
  classes: 2,
});
const weights = (...values: number[]) => [
  { weights: Float64Array.from(values), biases: new Float64Array(2) },
];
/** The size of inputs whose squares overflow in float32 or in float64. */
const size = ({ backend, precision }: Partial<TrainerOptions>) =>
  backend === 'cpu' && precision === 'double' ? 1e200 : 1e25;

describe.each(trainers.backends)('%s', (_, backend) => {
  const create = async (options: Partial<TrainerOptions>) => {
    return trainers.create({ data: rows(1, 2), learningRate: 1, ...backend(), ...options });
  };

  test('after a divergence every call names its step, until a checkpoint is restored', async () => {
    const trainer = await create({ ...caseStudy.network.options, learningRate: 1e6, ...backend() });
    const checkpoint = await trainer.save();
    const first = (await rejection(trainer.train(200))) as NonFiniteError;
    expect(first).toBeInstanceOf(NonFiniteError);
    for (const call of [
      () => trainer.train(1),
      () => measurements(trainer, { steps: 1, every: 1 }),
      () => trainer.measure(),
      () => trainer.measure(caseStudy.network.options.data),
      () => trainer.predict(Float32Array.of(1, 2)),
      () => trainer.activations(Float32Array.of(1, 2)),
      () => trainer.gradients(),
      () => trainer.parameters(),
      () => trainer.save(),
      () => trainer.inspect(),
      () => trainer.tune(),
    ]) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as NonFiniteError).step).toBe(first.step);
    }
    await trainer.restore(checkpoint);
    expect(await trainer.save()).toEqual(checkpoint);
    await trainer.train(1);
  });

  test('names the first tensor that is not finite, and has the parameters before that update', async () => {
    const { precision, backend: place } = backend();
    const trainer = await create({ ...caseStudy.network.options, learningRate: 1e6, ...backend() });
    const error = (await rejection(trainer.train(200))) as NonFiniteError;
    const { step, tensor, checkpoint } = error;
    expect(error.message).toMatch(`diverged at step ${step}: '${tensor}' is no longer a finite number`);
    if (!checkpoint) throw new Error('expected a checkpoint');
    expect(checkpoint.step).toBe(step - 1);

    const again = await create({ ...caseStudy.network.options, learningRate: 1e6, ...backend() });
    await again.train(step - 1);
    expect(await again.save()).toEqual(checkpoint);
    const tensors = await again.inspect();
    const finite = new Map(
      tensors.map(({ name, values }) => [name, Array.from(values).every(Number.isFinite)]),
    );
    const replaced = new Set(tensors.map(({ replaces }) => replaces));
    const written = again.operations.flatMap(({ phase, writes }) => (phase === 'update' ? [] : writes));
    const first = written.find((name) => finite.get(name) === false && !replaced.has(name));
    if (first) expect(tensor).toBe(first);
    else {
      expect(tensor).toMatch(/^[Wb] [01]$/);
      expect(finite.get(`${tensor} after`)).toBe(false);
    }
    // The GPU and the oracle find the same tensor in the same range of numbers.
    if (place === 'webgpu' && precision !== 'double') expect(tensor).toBe((await onCpu()).tensor);

    await trainer.restore(checkpoint);
    expect(await trainer.save()).toEqual(checkpoint);
    expect(((await rejection(trainer.train(1))) as NonFiniteError).step).toBe(step);
  });

  const onCpu = async () => {
    const oracle = await create({ ...caseStudy.network.options, learningRate: 1e6, backend: 'cpu' });
    return (await rejection(oracle.train(200))) as NonFiniteError;
  };

  const root = () => (backend().backend === 'cpu' && backend().precision === 'double' ? 1e154 : 1.7e19);
  const layers = (...all: number[][]) =>
    all.map((values) => ({
      weights: Float64Array.from(values),
      biases: new Float64Array(all.length > 1 && values === all[0] ? values.length : 2),
    }));

  test.each<[tensor: string, (root: number) => Partial<TrainerOptions>]>([
    ['scores', (root) => ({ data: rows(10 * root, -root), parameters: layers([root, -root]) })],
    [
      'dW 0',
      (root) => ({
        data: rows(10 * root, 10 * root),
        hidden: [1],
        parameters: layers([1 / root], [root, -root]),
      }),
    ],
    [
      'W 0',
      (root) => ({
        data: rows(1e15, -1e15),
        parameters: layers([0, 0]),
        learningRate: root > 1e100 ? 1e300 : 1e30,
      }),
    ],
    [
      'moment 0 of W 0',
      (root) => ({
        data: rows(1, -1),
        parameters: layers([root * root * 0.3, -root * root * 0.3]),
        l2: 10,
        optimizer: { name: 'sgd', momentum: 0.5 },
        learningRate: 0,
      }),
    ],
    [
      'moment 1 of W 0',
      (root) => ({
        data: rows(1e3 * root, -1e3 * root),
        parameters: layers([0, 0]),
        optimizer: { name: 'adam', beta2: 0 },
      }),
    ],
  ])('tells that %s overflows', async (tensor, options) => {
    const trainer = await create(options(root()));
    const error = (await rejection(trainer.train(3))) as NonFiniteError;
    expect(error).toBeInstanceOf(NonFiniteError);
    expect([error.tensor, error.step, error.checkpoint?.step]).toEqual([tensor, 1, 0]);
  });

  test('a moment of Adam that overflows is divergence, though the weights stay finite', async () => {
    const large = size(backend());
    const trainer = await create({
      data: rows(large, -large, 3 * large),
      parameters: weights(0, 0),
      optimizer: { name: 'adam' },
    });
    for (const call of [
      () => trainer.train(10),
      // The answers are finite, but training has diverged.
      () => trainer.predict(Float32Array.of(0)),
      () => trainer.activations(Float32Array.of(0)),
    ]) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as NonFiniteError).step).toBe(1);
    }
  });

  test.each([2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 5e9, 2 ** 52])(
    'reports and divergence are right from step %d on',
    async (start) => {
      const options = { ...caseStudy.network.options, learningRate: 1e6, hidden: [4], parameters: undefined };
      const course = async (from: number) => {
        const trainer = await create({ ...options, ...backend() });
        const checkpoint = { ...(await trainer.save()), step: from };
        await trainer.restore(checkpoint);
        const steps: number[] = [];
        await rejection(
          (async () => {
            for await (const { step } of trainer.run({ steps: 200, every: 1 })) steps.push(step - from);
          })(),
        );
        await trainer.restore(checkpoint);
        const error = (await rejection(trainer.train(200))) as NonFiniteError;
        const { step, tensor } = error;
        const read = (await rejection(trainer.predict(Float32Array.of(1, 2)))) as NonFiniteError;
        expect(read.step).toBe(step);
        return { steps, step: step - from, tensor, before: (error.checkpoint?.step ?? 0) - from };
      };
      expect(await course(start)).toEqual(await course(0));
    },
  );

  test('without an L2 term, the squares of weights may overflow', async () => {
    const weight = size(backend());
    const trainer = await create({
      data: rows(1 / weight, -1 / weight),
      parameters: weights(weight, -weight),
      learningRate: 0,
    });
    const { loss, dataLoss, l2Loss } = await trainer.measure();
    expect([loss, l2Loss]).toEqual([dataLoss, 0]);
    expect(loss).toBeGreaterThan(0);
  });

  test.each([
    [1, -1],
    [-1, 1],
    [-1, -1],
    [1, 1],
  ])('a logit that overflows is refused by every call, at weights of signs %d and %d', async (...signs) => {
    const large = backend().backend === 'cpu' && backend().precision === 'double' ? 1e300 : 1e30;
    for (const hidden of [[], [1]]) {
      const last = weights(signs[0], signs[1] * large);
      const first = { weights: Float64Array.of(1), biases: new Float64Array(1) };
      const parameters = hidden.length > 0 ? [first, ...last] : last;
      const trainer = await create({ data: rows(1e9), hidden, parameters });
      for (const call of [
        () => trainer.predict(Float64Array.of(1e9)),
        () => trainer.measure(),
        () => trainer.measure({ ...rows(1e9), labels: Uint32Array.of(1) }),
        () => trainer.activations(Float64Array.of(1e9)),
        () => trainer.train(1),
      ]) {
        expect(await rejection(call())).toBeInstanceOf(NonFiniteError);
      }
    }
  });

  test('answers that are not finite are refused, and the weights stay as they are', async () => {
    const large = size(backend()) ** 1.4;
    const trainer = await create({ data: rows(large, -large), parameters: weights(large, -large) });
    for (const read of [
      () => trainer.predict(Float64Array.of(large)),
      () => trainer.activations(Float64Array.of(large)),
      () => trainer.gradients(),
    ]) {
      const error = await rejection(read());
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as NonFiniteError).step).toBe(0);
    }
    const [{ weights: after }] = await trainer.parameters();
    expect(after[0] / large).toBeCloseTo(1, 6);
  });
});
