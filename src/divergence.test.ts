import { describe, expect, test } from 'vitest';
import { testTrainers } from '../tests/trainers.ts';
import { measurements, rejection } from '../tests/training.ts';
import { caseStudy, type Dataset, NonFiniteError, type TrainerOptions } from './index.ts';

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
/** Of inputs whose square a float32, or a float64, does not hold. */
const size = ({ backend, precision }: Partial<TrainerOptions>) =>
  backend === 'cpu' && precision === 'double' ? 1e200 : 1e25;

describe.each(trainers.backends)('%s', (_, backend) => {
  const create = async (options: Partial<TrainerOptions>) => {
    return trainers.create({ data: rows(1, 2), learningRate: 1, ...backend(), ...options });
  };

  test('after divergence every call names the step where it began, until a checkpoint is restored', async () => {
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
    ]) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as NonFiniteError).step).toBe(first.step);
    }
    await trainer.restore(checkpoint);
    expect(await trainer.save()).toEqual(checkpoint);
    await trainer.train(1);
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
      // Finite answers, but of a training that has diverged.
      () => trainer.predict(Float32Array.of(0)),
      () => trainer.activations(Float32Array.of(0)),
    ]) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as NonFiniteError).step).toBe(1);
    }
  });

  test('without an L2 term, weights may be too large to be squared', async () => {
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

  test('answers that are not finite are refused, and leave the weights alone', async () => {
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
