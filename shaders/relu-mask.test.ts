import { beforeAll, expect, test } from 'vitest';
import { reluMask as mask } from '../src/cpu/relu.ts';
import { testDevice } from '../tests/gpu.ts';
import { runKernel } from '../tests/kernels.ts';
import { TestRandom } from '../tests/random.ts';
import { reluMask } from './relu-mask.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

test.each([1, 3, 4, 5, 63, 64, 65, 255, 256, 257, 1009, 30_000])(
  'masks %i gradients exactly',
  async (count) => {
    const random = new TestRandom(count);
    const outputs = random.floats(count).map((value) => Math.max(0, value));
    const gradient = random.floats(count);
    const expected = gradient.slice();
    mask(expected, outputs, count);
    const vectors = Math.ceil(count / 4);
    const result = await runKernel(device, reluMask(), {
      tensors: { outputs, gradient },
      uniform: [vectors],
      extent: { x: vectors },
    });
    expect(result.gradient).toEqual(expected);
  },
);

test('the derivative at 0 is 0, on either side of it is 0 or 1', async () => {
  const outputs = Float32Array.of(0, -0, 2e-38, 1e30, -1);
  const gradient = Float32Array.of(5, 6, 7, 8, 9);
  const result = await runKernel(device, reluMask(), {
    tensors: { outputs, gradient },
    uniform: [2],
    extent: { x: 2 },
  });
  expect(Array.from(result.gradient)).toEqual([0, 0, 7, 8, 0]);
});
