import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { countBuffers, testDevice } from '../tests/helpers/devices/gpu.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { rejection } from '../tests/helpers/trainers/training.ts';
import { RandomState } from './data/random-state.ts';
import { createTrainer, LimitError, OutOfMemoryError } from './index.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const data = new TestRandom(1).dataset(30, 2, 3);
const options = { data, learningRate: 1 };

describe.each(['cpu', 'webgpu'] as const)('on %s', (backend) => {
  test.each<[string, number[]]>([
    ['a layer', [1e9]],
    ['the weights between two layers', [1e5, 1e5]],
    ['more than numbers count exactly', [Number.MAX_SAFE_INTEGER, 2]],
  ])('%s that cannot fit is refused before a weight is drawn', async (_, hidden) => {
    const drawn = vi.spyOn(RandomState.prototype, 'randn');
    const count = countBuffers(device);
    const place = backend === 'cpu' ? {} : { device };
    const error = await rejection(createTrainer({ ...options, hidden, backend, ...place }));
    expect(error).toBeInstanceOf(LimitError);
    const { needed, available, limit } = error as LimitError;
    expect(needed).toBeGreaterThan(available);
    expect(limit).toMatch(backend === 'cpu' ? /^byteLength$/ : /^max/);
    expect(drawn).not.toHaveBeenCalled();
    expect(count.alive).toBe(0);
  });
});

test('outputs that a device cannot hold are refused before a weight is drawn', async () => {
  const width = Math.ceil(device.limits.maxStorageBufferBindingSize / 4 / 300) + 1;
  const many = new TestRandom(1).dataset(300, 1, 2);
  const drawn = vi.spyOn(RandomState.prototype, 'randn');
  const work = createTrainer({ data: many, hidden: [width], learningRate: 1, device });
  expect(await rejection(work)).toBeInstanceOf(LimitError);
  expect(drawn).not.toHaveBeenCalled();
});

test('a lack of memory on the CPU is an OutOfMemoryError', async () => {
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
  });
  const Float32 = Float32Array;
  vi.stubGlobal(
    'Float32Array',
    new Proxy(Float32, {
      construct(target, [length, ...rest]) {
        if (length > 1e6) throw new RangeError('Array buffer allocation failed');
        return new target(length, ...rest);
      },
    }),
  );
  const error = await rejection(createTrainer({ ...options, hidden: [1e6], backend: 'cpu' }));
  expect(error).toBeInstanceOf(OutOfMemoryError);
  expect((error as Error).message).toMatch(/no memory left for the network.*smaller network/);
});
