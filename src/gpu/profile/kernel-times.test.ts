import { beforeAll, expect, test } from 'vitest';
import { countBuffers, testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import { measurePeak, OptionError, PlanError, timeKernels, UnsupportedError } from '../../index.ts';
import { queueOf } from '../device/queue.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const options = { data: new TestRandom(1).dataset(60, 2, 3), hidden: [20], learningRate: 0.1 };

test.each([
  [
    'layered',
    [20],
    [
      'matmul hidden 0',
      'matmul logits',
      'softmax loss',
      'matmul dweights 1',
      'column sums dbiases 1',
      'matmul dhidden 0',
      'relu mask dhidden 0',
      'matmul dweights 0',
      'column sums dbiases 0',
      'update weights 0',
      'update biases 0',
      'update weights 1',
      'update biases 1',
    ],
  ],
  ['fused', [20], ['fused forward', 'fused backward']],
  [
    'fused',
    [20, 20],
    [
      'matmul hidden 0',
      'matmul hidden 1',
      'matmul logits',
      'softmax loss',
      'matmul dhidden 1, relu mask',
      'matmul dweights 2, update',
      'column sums dbiases 2, update',
      'matmul dhidden 0, relu mask',
      'matmul dweights 1, update',
      'column sums dbiases 1, update',
      'matmul dweights 0, update',
      'column sums dbiases 0, update',
    ],
  ],
  ['resident', [20], ['resident steps']],
] as const)('times each dispatch of the plan %s with hidden layers of %o', async (plan, hidden, labels) => {
  const buffers = countBuffers(device);
  const times = await timeKernels(
    { ...options, hidden: [...hidden], device, plan, tuning: false },
    { repetitions: 2 },
  );
  expect(times.map(({ label }) => label)).toEqual(labels);
  for (const { milliseconds } of times) {
    expect(milliseconds).toHaveLength(2);
    for (const time of milliseconds) expect(time).toBeGreaterThan(0);
  }
  expect(buffers.alive).toBe(0);
});

test('refuses a plan that does not take the network, and ends when it is aborted', async () => {
  const wide = { ...options, hidden: [20, 20], device, plan: 'resident' as const };
  expect(await rejection(timeKernels(wide))).toBeInstanceOf(PlanError);
  const signal = AbortSignal.abort('enough');
  expect(await rejection(timeKernels({ ...options, device, plan: 'fused' }, { signal }))).toBe('enough');
});

test('either signal ends the measurement, whenever it aborts', async () => {
  const buffers = countBuffers(device);
  const own = { ...options, device, plan: 'fused' as const };
  const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => timeKernels({ ...own, signal }, { repetitions: 1e9 }),
    (signal) => timeKernels(own, { repetitions: 1e9, signal }),
  ];
  for (const call of calls) {
    expect(await rejection(call(AbortSignal.abort('enough')))).toBe('enough');
    for (const milliseconds of [1, 200]) {
      const controller = new AbortController();
      const ended = rejection(call(controller.signal));
      setTimeout(() => controller.abort('enough'), milliseconds);
      expect(await ended).toBe('enough');
    }
  }
  expect(buffers.alive).toBe(0);
});

test('the peak is above what a kernel of a network reaches', async () => {
  const buffers = countBuffers(device);
  expect(await measurePeak(device)).toBeGreaterThan(1e8);
  expect(buffers.alive).toBe(0);
});

/** A clock that counts its first calls, and then stands still. */
function stopping(after: number): () => number {
  let calls = 0;
  return () => 20 * Math.min(calls++, after);
}

test.each([0, 1, 5, 20])('a clock that stands still after %i calls is an error', async (after) => {
  const stopped = await testDevice();
  const buffers = countBuffers(stopped);
  queueOf(stopped, stopping(after));
  const error = await rejection(measurePeak(stopped));
  expect(error).toBeInstanceOf(UnsupportedError);
  expect((error as Error).message).toMatch(/expected a clock that goes on, but got \d+ ms again and again/);
  expect(buffers.alive).toBe(0);
});

test('kernels are not timed by a clock that stands still', async () => {
  const stopped = await testDevice();
  const buffers = countBuffers(stopped);
  queueOf(stopped, () => 7);
  const error = await rejection(timeKernels({ ...options, device: stopped }));
  expect(error).toBeInstanceOf(UnsupportedError);
  expect((error as Error).message).toMatch(/got 7 ms again and again/);
  expect(buffers.alive).toBe(0);
});

test('the peak by a coarse clock is finite', async () => {
  const coarse = await testDevice();
  queueOf(coarse, () => 100 * Math.floor(performance.now() / 100));
  const peak = await measurePeak(coarse);
  expect(peak).toBeGreaterThan(1e7);
  expect(peak).toBeLessThan(Number.POSITIVE_INFINITY);
});

test('the peak needs a device', async () => {
  const error = await rejection(measurePeak(undefined as unknown as GPUDevice));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as OptionError).message).toBe('device: expected a GPUDevice, but got undefined.');
});
