import { beforeAll, expect, test } from 'vitest';
import { testDevice } from '../tests/gpu.ts';
import { runKernel } from '../tests/kernels.ts';
import { TestRandom } from '../tests/random.ts';
import { gather } from './gather.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

test.each([
  [1, 1],
  [5, 2],
  [64, 1],
  [32, 3],
  [13, 784],
])('copies %i rows of %i features from where the step says', async (rows, features) => {
  const total = 50;
  const random = new TestRandom(rows + features);
  const inputs = random.floats(total * features);
  const labels = random.integers(total, 1000);
  const start = 4;
  const order = random.integers(start + rows, total);
  const result = await runKernel(device, gather(), {
    tensors: {
      inputs,
      labels,
      order,
      batchInputs: new Float32Array(rows * features),
      batchLabels: new Uint32Array(rows),
    },
    uniform: [rows, features],
    extent: { x: rows * features },
    step: [1, start],
  });
  const picked = Array.from(order.subarray(start));
  expect(Array.from(result.batchLabels)).toEqual(picked.map((row) => labels[row]));
  expect(Array.from(result.batchInputs)).toEqual(
    picked.flatMap((row) => Array.from(inputs.subarray(row * features, (row + 1) * features))),
  );
});
