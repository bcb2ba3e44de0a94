import { requestDevice } from '../../../src/gpu/device/device.ts';
import { ownDevices, uncaptured } from './devices.ts';

/**
 * The entry point of the runtime's own WebGPU (Deno: wgpu and Naga), or of Dawn in Node, which has
 * no WebGPU. The implementations and their compilers differ.
 */
const native = globalThis.navigator?.gpu;
const dawn = native ? undefined : await import('webgpu');
if (dawn) pauseBetweenLooks();

/**
 * With this extension SwiftShader writes a line of code for each number of zero-initialized
 * workgroup memory, and a kernel with much workgroup memory compiles ten times as long. Without the
 * extension Dawn writes a loop.
 */
const TOGGLES = 'disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension';

// Dawn frees an instance, an adapter or a device without a reference in JavaScript, even if its
// queue is in use.
const kept: unknown[] = [];
let gpu: GPU | undefined = native;
let shared: Promise<GPUDevice> | undefined;

/** A GPU outside a browser, through the entry point of a page. */
export function testGpu(): GPU {
  gpu ??= dawn?.create([TOGGLES]);
  if (!gpu) throw new Error('There is no WebGPU.');
  return gpu;
}

/**
 * Dawn polls for an awaited answer in each turn of the event loop, through `setImmediate`. Without
 * a pause the polling takes a core from the computation.
 */
function pauseBetweenLooks(): void {
  const { setImmediate } = globalThis;
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  const pausing = (look: () => void) =>
    setImmediate(() => {
      Atomics.wait(nothing, 0, 0, 0.1);
      look();
    });
  globalThis.setImmediate = Object.assign(pausing, setImmediate);
}

/**
 * A device that a test may change but not end: a new object for the one real device of a worker, so
 * that the library treats it as another device. Dawn compiles each kernel once for all of these
 * devices.
 */
export async function testDevice(): Promise<GPUDevice> {
  shared ??= realDevice();
  const real = await shared;
  const queue = view(real.queue);
  const createComputePipelineAsync = async (descriptor: GPUComputePipelineDescriptor) => {
    const pipeline = await real.createComputePipelineAsync(descriptor);
    // Dawn frees a pipeline without a reference.
    kept.push(pipeline);
    return pipeline;
  };
  const destroy = () => {
    throw new Error('Only an endingDevice() can be destroyed.');
  };
  return view(real, { queue, createComputePipelineAsync, destroy });
}

/** A device that a test may end. The device ends with the test file at the latest. */
export async function endingDevice(): Promise<GPUDevice> {
  const device = await realDevice();
  ownDevices.push(device);
  return device;
}

/** A view of an object, with changes that the original does not see. */
function view<T extends object>(real: T, changes: Partial<T> = {}): T {
  return new Proxy(changes as T, {
    get(changed, name) {
      if (Object.hasOwn(changed, name)) return Reflect.get(changed, name);
      const value = Reflect.get(real, name, real);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
}

async function realDevice(): Promise<GPUDevice> {
  if (dawn) Object.assign(globalThis, dawn.globals);
  const device = await requestDevice(testGpu());
  kept.push(device);
  device.addEventListener('uncapturederror', (event) => {
    uncaptured.push((event as GPUUncapturedErrorEvent).error.message);
  });
  return device;
}

/**
 * Reports every dispatch that is recorded on a device from now on. @returns a function that stops
 * this
 */
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
 * Delays the readings of a device's buffers.
 * @param wait is called after each mapping, with the buffer's label and the number of its earlier
 * mappings
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

/**
 * Reports every answer of a device before the caller receives it: error scopes, pipelines, finished
 * work, readings.
 */
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

/** The buffers of a device that have been created and not yet destroyed. */
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
