import { beforeAll, describe, expect, test } from 'vitest';
import { countBuffers, testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { runOperation } from '../../../tests/helpers/kernels/kernels.ts';
import { EPSILON_32, expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import { sumOfSquares } from '../../cpu/reductions.ts';
import { complete } from '../../cpu/time-slices.ts';
import { GpuMemory } from '../memory/memory.ts';
import { softmax, sum } from './operations.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

test('a softmax of more classes than llvmpipe makes loop iterations for is refused there, and only there', async () => {
  const memory = new GpuMemory(device, 'single');
  const [classes, rows] = [22_000, 1];
  const [logits, probabilities, predicted] = ['logits', 'probabilities', 'predicted'].map((name) =>
    memory.upload(name, new Float32Array(classes)),
  );
  const create = async () => softmax(memory, { rows, classes }, { logits, probabilities, predicted });
  if (!/llvmpipe/.test(device.adapterInfo.description)) await create();
  else
    expect(String(await rejection(create()))).toMatch(/LimitError.* 22000 classes .*≥ 66000.*allows 65535/);
  memory.destroy();
});

test.each([
  [10, 64],
  [10_000, 64],
  [12_000, 32],
  [21_000, 32],
])('a softmax of %i classes has %i rows in a workgroup, so that none takes long', async (classes, rows) => {
  const memory = new GpuMemory(device, 'single');
  const [logits, probabilities, predicted] = ['logits', 'probabilities', 'predicted'].map((name) =>
    memory.upload(name, new Float32Array(classes)),
  );
  const tensors = { logits, probabilities, predicted };
  const { code, workgroups } = softmax(memory, { rows: 100, classes }, tensors);
  expect(code).toContain(`@workgroup_size(${rows})`);
  expect(workgroups[0]).toBe(Math.ceil(100 / rows));
  memory.destroy();
});

const absolute = (values: Float32Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);

describe('sum', () => {
  // Lengths around one workgroup, one dispatch of one workgroup, and the largest number of
  // workgroups.
  test.each([1, 2, 63, 64, 65, 300, 4095, 4096, 4097, 100_003, 300_000])('of %i numbers', async (count) => {
    const values = new TestRandom(count).floats(count);
    const exact = values.reduce((sum, value) => sum + value, 0);
    // A sum is made of strands of at most count / 64 / 64 + 64 terms, then a tree of 6 levels,
    // twice.
    const tolerance = (count / 4096 + 64 + 12) * EPSILON_32 * absolute(values);
    const result = await runOperation(device, values, 3, (memory, from, to) =>
      sum(memory, 'test', count, from, to, { at: 1, scale: 0.5 }),
    );
    expectClose([result[1]], [exact / 2], tolerance);
    expect([result[0], result[2]], 'the neighbours').toEqual([Number.NaN, Number.NaN]);
  });

  test.each([1, 64, 101, 4097, 65_537])('of %i squares', async (count) => {
    const values = new TestRandom(count).floats(count);
    const exact = complete(sumOfSquares(Float64Array.from(values)));
    const result = await runOperation(device, values, 1, (memory, from, to) =>
      sum(memory, 'test', count, from, to, { at: 0, of: 'squares' }),
    );
    expectClose(result, [exact], (count / 4096 + 64 + 12) * EPSILON_32 * exact);
  });
});

test('what an operation allocates is freed with its memory', async () => {
  const count = countBuffers(device);
  await runOperation(device, new Float32Array(10_000), 1, (memory, from, to) =>
    sum(memory, 'test', 10_000, from, to, { at: 0 }),
  );
  expect(count.alive).toBe(0);
});
