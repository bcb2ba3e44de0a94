import { describe, expect, test } from 'vitest';
import type { FloatArray } from '../../../src/index.ts';
import { countBuffers } from '../../helpers/devices/gpu.ts';
import { EPSILON, expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';

const trainers = testTrainers();

const { create } = trainers;

describe.each(trainers.backends)('%s', (_, backend) => {
  test('has the outputs of each layer, computed by hand', async () => {
    const trainer = await create({
      data: new TestRandom(1).dataset(5, 2, 3),
      hidden: [2],
      learningRate: 1,
      parameters: [
        { weights: Float64Array.of(1, -1, 0.5, 2), biases: Float64Array.of(0.25, -1) },
        { weights: Float64Array.of(1, -1, 0, 2, 0.5, -4), biases: Float64Array.of(0, 1, -0.5) },
      ],
      ...backend(),
    });
    // x·W + b is (2.25, 2) for (1, 2). For (-1, 0.5) it is (-0.5, 1), and ReLU gives (0, 1).
    const [hidden, logits, ...rest] = await trainer.activations(Float32Array.of(1, 2, -1, 0.5));
    expect(Array.from(hidden)).toEqual([2.25, 2, 0, 1]);
    expect(Array.from(logits)).toEqual([6.25, -0.25, -8.5, 2, 1.5, -4.5]);
    expect(rest).toEqual([]);
    const Float = trainer.precision === 'double' ? Float64Array : Float32Array;
    for (const layer of [hidden, logits]) expect(layer).toBeInstanceOf(Float);
  });

  test('leads to the predicted probabilities, before and after training', async () => {
    const data = new TestRandom(2).dataset(40, 3, 4);
    const trainer = await create({ data, hidden: [6, 5], learningRate: 0.1, ...backend() });
    const before = await trainer.activations(data.inputs);
    await trainer.train(10);
    const after = await trainer.activations(data.inputs);
    const { probabilities } = await trainer.predict(data.inputs);
    expect(after.map(({ length }) => length)).toEqual([40 * 6, 40 * 5, 40 * 4]);
    after.forEach((layer, i) => void expect(layer).not.toEqual(before[i]));
    const softmax = Array.from(after[2], (logit, i) => {
      const row = Array.from(after[2].subarray(i - (i % 4), i - (i % 4) + 4), Math.exp);
      return Math.exp(logit) / row.reduce((sum, other) => sum + other);
    });
    expectClose(probabilities, softmax, trainer.precision === 'double' ? 1e-11 : 1e-5);
  });

  test('is a copy, and changes no parameter', async () => {
    const data = new TestRandom(3).dataset(20, 2, 3);
    const trainer = await create({ data, hidden: [4], learningRate: 0.1, ...backend() });
    const saved = await trainer.save();
    const first = await trainer.activations(data.inputs);
    const expected = structuredClone(first);
    for (const layer of first) layer.fill(7);
    expect(await trainer.activations(data.inputs)).toEqual(expected);
    expect(await trainer.save()).toEqual(saved);
  });
});

describe.each(['single', 'double'] as const)('in %s precision the GPU gives the oracle’s', (precision) => {
  test.each([
    ['no hidden layer', []],
    ['a hidden layer', [37]],
    ['three hidden layers', [17, 1, 9]],
  ])('%s', async (_, hidden) => {
    const random = new TestRandom(4);
    const options = {
      data: random.dataset(10, 5, 4),
      hidden,
      learningRate: 1,
      parameters: random.parameters([5, ...hidden, 4]),
    };
    const oracle = await create({ ...options, backend: 'cpu', precision: 'double' });
    const trainer = await create({ ...options, backend: 'webgpu', precision, device: trainers.device });
    // Sums of at most 38 terms, all below 16, have at most 38 roundings; the error of the layer
    // before adds far less.
    const bound = 38 * 16 * EPSILON[precision];
    // Fewer rows than a chunk, one chunk, one row more, and two chunks with a short third chunk.
    for (const rows of [1, 33, 4096, 4097, 9001]) {
      const inputs = random.floats(5 * rows);
      const [actual, expected] = [await trainer.activations(inputs), await oracle.activations(inputs)];
      expect(actual.length).toBe(hidden.length + 1);
      actual.forEach((layer, i) => {
        expectClose(layer, expected[i], bound, `outputs of layer ${i} for ${rows} rows`);
      });
    }
  });
});

test('simultaneous calls of several chunks each give the right answers', async () => {
  const random = new TestRandom(5);
  const many: FloatArray[] = [700, 9000, 1, 5000].map((rows) => random.floats(3 * rows));
  for (const backend of [{ backend: 'cpu' }, { backend: 'webgpu', device: trainers.device }] as const) {
    const data = random.dataset(30, 3, 4);
    const trainer = await create({ data, hidden: [16, 5], learningRate: 0.1, ...backend });
    const alone: FloatArray[][] = [];
    for (const inputs of many) alone.push(await trainer.activations(inputs));
    const together = await Promise.all(many.map((inputs) => trainer.activations(inputs)));
    together.forEach((layers, call) => void expect(layers).toEqual(alone[call]));
  }
});

test('all chunks have the parameters of the same step while training goes on', async () => {
  const random = new TestRandom(6);
  for (const backend of [{ backend: 'cpu' }, { backend: 'webgpu', device: trainers.device }] as const) {
    const data = random.dataset(30, 2, 3);
    const trainer = await create({ data, hidden: [8], learningRate: 0.5, ...backend });
    const row = random.floats(2);
    const inputs = Float32Array.from({ length: 2 * 9000 }, (_, i) => row[i % 2]);
    const training = trainer.train(300);
    const layers = await trainer.activations(inputs);
    await training;
    layers.forEach((layer) => {
      const width = layer.length / 9000;
      const first = Array.from(layer.subarray(0, width));
      for (const at of [4096, 8192, 8999]) {
        expect(Array.from(layer.subarray(at * width, (at + 1) * width))).toEqual(first);
      }
    });
  }
});

test('no buffer is left behind', async () => {
  const count = countBuffers(trainers.device);
  const data = new TestRandom(7).dataset(30, 2, 3);
  const trainer = await create({
    data,
    hidden: [8],
    learningRate: 0.5,
    backend: 'webgpu',
    device: trainers.device,
  });
  const before = count.alive;
  await trainer.activations(new TestRandom(8).floats(2 * 9000));
  expect(count.alive).toBe(before);
  expect(before).toBeGreaterThan(0);
});
