import { beforeAll, describe, expect, test } from 'vitest';
import {
  createTrainer,
  type Dataset,
  type LayerParameters,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { TestRandom } from '../../helpers/random.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

/** The ways in which a caller may reuse or give up its arrays. */
const ENDS: [string, (arrays: (Float32Array | Float64Array | Uint32Array)[]) => void][] = [
  ['changed', (arrays) => arrays.forEach((array) => void array.fill(1))],
  ['transferred', (arrays) => void structuredClone(arrays, { transfer: arrays.map(({ buffer }) => buffer) })],
];

describe.each<[string, () => Partial<TrainerOptions>]>([
  ['webgpu, single', () => ({ backend: 'webgpu', device })],
  ['webgpu, double', () => ({ backend: 'webgpu', precision: 'double', device })],
  ['cpu, single', () => ({ backend: 'cpu' })],
  ['cpu, double', () => ({ backend: 'cpu', precision: 'double' })],
])('%s', (_, backend) => {
  const given = (): { data: Dataset; parameters: LayerParameters[] } => {
    const random = new TestRandom(1);
    return { data: random.dataset(300, 3, 4), parameters: random.parameters([3, 6, 4]) };
  };
  const arraysOf = ({ data, parameters }: ReturnType<typeof given>) => [
    data.inputs,
    data.labels,
    ...parameters.flatMap(({ weights, biases }) => [weights, biases]),
  ];
  const create = (options: ReturnType<typeof given>) =>
    createTrainer({ ...options, hidden: [6], learningRate: 0.1, batchSize: 7, ...backend() });
  const answers = async (trainer: Trainer) => {
    await trainer.train(5);
    const all = [await trainer.gradients(), await trainer.measure(), await trainer.save()];
    trainer.destroy();
    return all;
  };

  test.each(ENDS)('what is %s while the trainer is made, or after, has no effect on it', async (_, end) => {
    const expected = await answers(await create(given()));
    const options = given();
    const making = create(options);
    end(arraysOf(options));
    expect(await answers(await making)).toEqual(expected);

    const later = given();
    const trainer = await create(later);
    end(arraysOf(later));
    expect(await answers(trainer)).toEqual(expected);
  });

  test.each(ENDS)('what is %s during a call has no effect on it', async (_, end) => {
    const trainer = await create(given());
    const other = () => new TestRandom(2).dataset(600, 3, 4);
    const calls = (data: Dataset) =>
      Promise.all([trainer.measure(data), trainer.predict(data.inputs), trainer.activations(data.inputs)]);
    const expected = await calls(other());
    const data = other();
    const work = calls(data);
    end([data.inputs, data.labels]);
    expect(await work).toEqual(expected);

    const checkpoint = await trainer.save();
    await trainer.train(3);
    const trained = await trainer.save();
    const kept = structuredClone(checkpoint);
    const restoring = trainer.restore(kept);
    end(kept.parameters.flatMap(({ weights, biases }) => [weights, biases]));
    await restoring;
    expect(await trainer.save()).toEqual(checkpoint);
    await trainer.train(3);
    expect(await trainer.save()).toEqual(trained);
    trainer.destroy();
  });
});
