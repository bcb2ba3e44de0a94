import { beforeAll, describe, expect, test } from 'vitest';
import { STRIP } from '../../../shaders/column-sums.wgsl.ts';
import { EPSILON_32, expectClose } from '../../../tests/helpers/compare.ts';
import { countBuffers, testDevice } from '../../../tests/helpers/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { rejection } from '../../../tests/helpers/training.ts';
import { columnSums, sumOfSquares } from '../../cpu/reductions.ts';
import { GpuMemory } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';
import { compiled, type Dispatch } from './dispatch.ts';
import { Operations } from './operations.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

/**
 * Runs an operation on `values` and returns the first `length` numbers that it leaves in its output. NaN lies behind the
 * values, so that reading past them shows.
 */
async function run(
  values: Float32Array,
  length: number,
  create: (operations: Operations, from: GPUBuffer, to: GPUBuffer) => Dispatch[],
): Promise<Float32Array> {
  const memory = new GpuMemory(device, 'single');
  const steps = memory.uniforms('steps', 256);
  const padded = new Float32Array(values.length + 1000).fill(Number.NaN);
  padded.set(values);
  const from = memory.upload('values', padded);
  const to = memory.upload('output', new Float32Array(length).fill(Number.NaN));
  const dispatches = create(new Operations(memory, steps), from, to);
  await compiled(dispatches);
  const commands = new Commands(memory, 'test');
  commands.dispatch(dispatches);
  const readback = await Readback.create(memory, length);
  readback.copy(commands, to, length);
  await commands.submit();
  const [bytes] = await readback.read();
  memory.destroy();
  return new Float32Array(bytes);
}

test('a softmax of more classes than llvmpipe makes loop iterations for is refused there, and only there', async () => {
  const memory = new GpuMemory(device, 'single');
  const operations = new Operations(memory, memory.uniforms('steps', 256));
  const [classes, rows] = [22_000, 1];
  const [logits, probabilities, predicted] = ['logits', 'probabilities', 'predicted'].map((name) =>
    memory.upload(name, new Float32Array(classes)),
  );
  const create = async () =>
    operations.softmaxProbabilities({ rows, classes }, { logits, probabilities, predicted });
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
  const operations = new Operations(memory, memory.uniforms('steps', 256));
  const [logits, probabilities, predicted] = ['logits', 'probabilities', 'predicted'].map((name) =>
    memory.upload(name, new Float32Array(classes)),
  );
  const tensors = { logits, probabilities, predicted };
  const { code, workgroups } = operations.softmaxProbabilities({ rows: 100, classes }, tensors);
  expect(code).toContain(`@workgroup_size(${rows})`);
  expect(workgroups[0]).toBe(Math.ceil(100 / rows));
  memory.destroy();
});

const absolute = (values: Float32Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);

describe('sum', () => {
  // Around one workgroup, one dispatch of one workgroup, and the largest number of workgroups.
  test.each([1, 2, 63, 64, 65, 300, 4095, 4096, 4097, 100_003, 300_000])('of %i numbers', async (count) => {
    const values = new TestRandom(count).floats(count);
    const exact = values.reduce((sum, value) => sum + value, 0);
    // Strands of at most count / 64 / 64 + 64 terms, then a tree of 6 levels, twice.
    const tolerance = (count / 4096 + 64 + 12) * EPSILON_32 * absolute(values);
    const result = await run(values, 3, (operations, from, to) =>
      operations.sum('test', count, from, to, { at: 1, scale: 0.5 }),
    );
    expectClose([result[1]], [exact / 2], tolerance);
    expect([result[0], result[2]], 'the neighbours').toEqual([Number.NaN, Number.NaN]);
  });

  test.each([1, 64, 101, 4097, 65_537])('of %i squares', async (count) => {
    const values = new TestRandom(count).floats(count);
    const exact = sumOfSquares(Float64Array.from(values));
    const result = await run(values, 1, (operations, from, to) =>
      operations.sum('test', count, from, to, { at: 0, square: true }),
    );
    expectClose(result, [exact], (count / 4096 + 64 + 12) * EPSILON_32 * exact);
  });
});

describe('column sums', () => {
  test.each([
    [1, 1],
    [1, 100],
    [3, 7],
    [4, 64],
    [5, 65],
    [300, 3],
    [300, 100],
    [STRIP - 1, 5],
    [STRIP, 5],
    [STRIP + 1, 5],
    [2 * STRIP + 3, 1],
    [STRIP * STRIP + 1, 1],
  ])('of %i×%i', async (rows, columns) => {
    const values = new TestRandom(rows + columns).floats(rows * columns);
    const exact = new Float64Array(columns);
    columnSums(Float64Array.from(values), exact, rows);
    const sizes = new Float64Array(columns);
    columnSums(Float64Array.from(values, Math.abs), sizes, rows);
    const result = await run(values, columns, (operations, from, to) =>
      operations.columnSums('test', { rows, columns }, from, { target: to }),
    );
    // A quarter of a strip's terms in each of four sums, at most three strips deep.
    expectClose(result, exact, (i) => (3 * STRIP * EPSILON_32 * sizes[i]) / 4);
  });
});

test('what an operation allocates is freed with its memory', async () => {
  const count = countBuffers(device);
  await run(new Float32Array(10_000), 1, (operations, from, to) =>
    operations.sum('test', 10_000, from, to, { at: 0 }),
  );
  expect(count.alive).toBe(0);
});
