import { afterEach, expect } from 'vitest';
import { create, globals } from 'webgpu';
import { requestDevice } from '../src/gpu/device.ts';

/** Every validation or memory error that no error scope caught; one of them fails the test it came in. */
const uncaptured: string[] = [];

// Dawn frees an instance, an adapter or a device that JavaScript no longer refers to, even when their queue is in use.
const kept: unknown[] = [];

/** A GPU outside a browser, through the same entry point that a page has. */
export function testGpu(): GPU {
  const gpu = create([]);
  kept.push(gpu);
  return gpu;
}

/** A device of its own for a test file. Fails with what to do where there is none. */
export async function testDevice(): Promise<GPUDevice> {
  Object.assign(globalThis, globals);
  const device = await requestDevice(testGpu());
  kept.push(device);
  device.addEventListener('uncapturederror', (event) => {
    uncaptured.push((event as GPUUncapturedErrorEvent).error.message);
  });
  return device;
}

/** Buffers of a device that have been created and not yet destroyed. */
export function countBuffers(device: GPUDevice): { readonly alive: number } {
  const count = { alive: 0 };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    count.alive++;
    buffer.destroy = () => {
      if (alive) count.alive--;
      alive = false;
      return destroy();
    };
    return buffer;
  };
  return count;
}

afterEach(() => {
  expect(uncaptured.splice(0), 'WebGPU errors that nothing caught').toEqual([]);
});
