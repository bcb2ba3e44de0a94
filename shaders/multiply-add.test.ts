import { beforeAll, expect, test } from 'vitest';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel } from '../tests/helpers/kernels/kernels.ts';
import { multiplyAdd } from './multiply-add.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0];

test.each([
  [1, 1, 0],
  [1, 63, 1],
  [4, 64, 7],
  [8, 65, 12],
  [16, 1009, 3],
])('%i vectors in %i invocations, %i times, exactly', async (vectors, count, iterations) => {
  // Halves of small whole numbers are exact in single precision.
  const [factor, term] = [0.5, 1];
  const start = Array.from({ length: 4 * vectors }, (_, i) => i);
  const expected = start
    .map((x) => Array.from({ length: iterations }).reduce<number>((y) => y * factor + term, x))
    .reduce((sum, x) => sum + x);
  const { results } = await runKernel(device, multiplyAdd(vectors), {
    tensors: { results: new Float32Array(count + 2) },
    uniform: [count, iterations, bits(factor), bits(term)],
    extent: { x: count + 2 },
  });
  expect(Array.from(results)).toEqual([...Array.from({ length: count }, () => expected), 0, 0]);
});
