import { requestDevice } from '../../src/gpu/device/device.ts';
import { ownDevices, uncaptured } from './devices.ts';

/**
 * The entry point of a runtime that brings WebGPU (Deno: wgpu and Naga), and in Node, which does not, Dawn's: another
 * implementation, with other compilers.
 */
const native = globalThis.navigator?.gpu;
const dawn = native ? undefined : await import('webgpu');

// Dawn frees an instance, an adapter or a device that JavaScript no longer refers to, even when their queue is in use.
const kept: unknown[] = [];
let gpu: GPU | undefined = native;
let shared: Promise<GPUDevice> | undefined;

/** A GPU outside a browser, through the same entry point that a page has. */
export function testGpu(): GPU {
  gpu ??= dawn?.create([]);
  if (!gpu) throw new Error('There is no WebGPU.');
  return gpu;
}

/** A device of its own, which a test may change, lose or fill; it is ownDevices after the test file. */
export async function testDevice(): Promise<GPUDevice> {
  const device = await createDevice();
  ownDevices.push(device);
  return device;
}

/**
 * The device of all tests that leave it as it was: kernels that one test has compiled, the next one, and the next file in the
 * same worker, finds compiled. Fails with what to do where there is none.
 */
export function sharedDevice(): Promise<GPUDevice> {
  shared ??= createDevice();
  return shared;
}

async function createDevice(): Promise<GPUDevice> {
  if (dawn) Object.assign(globalThis, dawn.globals);
  const device = await requestDevice(testGpu());
  kept.push(device);
  device.addEventListener('uncapturederror', (event) => {
    uncaptured.push((event as GPUUncapturedErrorEvent).error.message);
  });
  return device;
}

/** Tells of every dispatch that is recorded on a device from now on. @returns what ends that */
export function onDispatch(device: GPUDevice, notice: (workgroups: number) => void): () => void {
  const { createCommandEncoder } = device;
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder.call(device, descriptor);
    const { beginComputePass } = encoder;
    encoder.beginComputePass = (descriptor) => {
      const pass = beginComputePass.call(encoder, descriptor);
      const { dispatchWorkgroups } = pass;
      pass.dispatchWorkgroups = (x, y = 1, z = 1) => {
        notice(x * y * z);
        return dispatchWorkgroups.call(pass, x, y, z);
      };
      return pass;
    };
    return encoder;
  };
  return () => {
    device.createCommandEncoder = createCommandEncoder;
  };
}

/**
 * Has readings of a device's buffers end late.
 * @param wait is asked once a buffer has been mapped, with its label and how often it has been mapped before
 */
export function delayReadings(
  device: GPUDevice,
  wait: (label: string, before: number) => Promise<unknown> | undefined,
): void {
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const mapAsync = buffer.mapAsync.bind(buffer);
    let before = 0;
    buffer.mapAsync = async (mode) => {
      await mapAsync(mode);
      await wait(descriptor.label ?? '', before++);
    };
    return buffer;
  };
}

/** Tells of every answer of a device, before whoever asked gets it: scopes, pipelines, work that is done, readings. */
export function onAnswer(device: GPUDevice, notice: () => void): void {
  const told = async <T>(answer: Promise<T>): Promise<T> => {
    const settled = await answer;
    notice();
    return settled;
  };
  const pop = device.popErrorScope.bind(device);
  const compile = device.createComputePipelineAsync.bind(device);
  const done = device.queue.onSubmittedWorkDone.bind(device.queue);
  device.popErrorScope = () => told(pop());
  device.createComputePipelineAsync = (descriptor) => told(compile(descriptor));
  device.queue.onSubmittedWorkDone = () => told(done());
  delayReadings(device, () => {
    notice();
    return undefined;
  });
}

/** Buffers of a device that have been created and not yet ownDevices. */
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
