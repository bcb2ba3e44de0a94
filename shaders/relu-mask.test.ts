import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACTIVATIONS } from '../src/cpu/activations.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel } from '../tests/helpers/kernels/kernels.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { reluMask } from './relu-mask.wgsl.ts';

const mask = ACTIVATIONS.relu.chain;

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

interface Case {
  count: number;
  outputs: Contents;
  gradient: Contents;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  property<Case>(
    'masks gradients of every number and size exactly',
    fc.record({ count: sizes(1100), outputs: contents(), gradient: contents() }),
    [
      { count: 1, outputs: of('normal'), gradient: of('normal') },
      { count: 67, outputs: of('zero'), gradient: of('normal') },
      { count: 67, outputs: of('negative'), gradient: of('normal') },
      { count: 300, outputs: of('mostly zero'), gradient: of('of many sizes') },
    ],
    async ({ count, ...values }) => {
      // The values behind the last vector must stay, active or not.
      const outputs = fill(precision, values.outputs, count + 100);
      const gradient = fill(precision, values.gradient, count + 100);
      const perVector = precision === 'single' ? 4 : 2;
      const vectors = Math.ceil(count / perVector);
      const expected = gradient.slice();
      mask(expected, outputs, vectors * perVector);
      const result = await runKernel(device, reluMask, {
        tensors: { outputs, gradient },
        uniform: [vectors],
        extent: { x: vectors },
        precision,
      });
      expect(result.gradient).toEqual(expected);
    },
  );
});
