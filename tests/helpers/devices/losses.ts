import { onTestFinished, vi } from 'vitest';
import { ownDevices, uncaptured } from './devices.ts';
import { testDevice, testGpu } from './gpu.ts';

/** A call on a device at which the device can be lost. */
export type DeviceCall = 'createComputePipelineAsync' | 'createBuffer' | 'submit' | 'mapAsync';

/** A `navigator.gpu` for one test, whose devices can really be lost. */
export interface LosableGpu {
  /** The requested devices, in order. */
  devices: GPUDevice[];
  /** Loses the newest device now. Its later calls do not count in {@link loseAt}. */
  lose(): void;
  /**
   * Loses the next device that reaches `count` calls of `deviceCall`, just after the last call.
   * Calls count from now, or from the request of the device.
   */
  loseAt(deviceCall: DeviceCall, count: number): void;
  /**
   * Loses each device that compiles or runs a certain kernel, just after it has begun. Counts for
   * devices of the past too.
   */
  loseWith(event: 'compile' | 'run', isKernel: (label: string, code: string) => boolean): void;
  /** Whether an adapter is found; default true. */
  present: boolean;
}

/**
 * @param losses the number of devices that can be lost, the first ones; each compiles its own
 * kernels, and later devices do not
 */
export async function losableGpu(losses = 1): Promise<LosableGpu> {
  // The setup defines WebGPU's globals, as a page has them.
  await testDevice();
  const gpu = testGpu();
  let left: { deviceCall: DeviceCall; count: number } | undefined;
  let deadly: { event: 'compile' | 'run'; isKernel: (label: string, code: string) => boolean } | undefined;
  const gone = new WeakSet<GPUDevice>();
  const real = new WeakSet<GPUDevice>();
  let given = 0;
  const lose = (device: GPUDevice) => {
    if (!real.has(device)) {
      // The library may take an error of a device for one of a kernel, and go on.
      uncaptured.push(`losableGpu(${losses}): one more is lost.`);
      return;
    }
    gone.add(device);
    device.destroy();
  };
  const losable: LosableGpu = {
    devices: [],
    lose: () => lose(losable.devices[losable.devices.length - 1]),
    loseAt(deviceCall, count) {
      left = { deviceCall, count };
    },
    loseWith(event, isKernel) {
      deadly = { event, isKernel };
    },
    present: true,
  };
  const happens = (device: GPUDevice, deviceCall: DeviceCall) => {
    if (gone.has(device) || left?.deviceCall !== deviceCall || --left.count > 0) return;
    left = undefined;
    lose(device);
  };
  const requestAdapter = async (options: GPURequestAdapterOptions) => {
    const adapter = losable.present ? await gpu.requestAdapter(options) : null;
    if (!adapter) return null;
    const requestDevice = adapter.requestDevice.bind(adapter);
    const requestLosable = async (descriptor?: GPUDeviceDescriptor) => {
      const device = await requestDevice(descriptor);
      real.add(device);
      ownDevices.push(device);
      return device;
    };
    adapter.requestDevice = async (descriptor) => {
      const device = await (given++ < losses ? requestLosable(descriptor) : testDevice());
      // A trainer ends the device that it requests. On this device other tests are at work.
      if (!real.has(device)) device.destroy = () => undefined;
      losable.devices.push(device);
      onKernel(device, (event, label, code) => {
        if (event === deadly?.event && deadly.isKernel(label, code) && !gone.has(device)) lose(device);
      });
      after(device, 'createComputePipelineAsync', () => happens(device, 'createComputePipelineAsync'));
      after(device.queue, 'submit', () => happens(device, 'submit'));
      after(device, 'createBuffer', (buffer) => {
        after(buffer, 'mapAsync', () => happens(device, 'mapAsync'));
        happens(device, 'createBuffer');
      });
      return device;
    };
    return adapter;
  };
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  onTestFinished(() => void vi.unstubAllGlobals());
  return losable;
}

/** Reports each kernel whose compilation begins, and those of each submission. */
function onKernel(
  device: GPUDevice,
  notice: (event: 'compile' | 'run', label: string, code: string) => void,
): void {
  const codes = new WeakMap<object, string>();
  const kernels = new WeakMap<object, [label: string, code: string]>();
  let recorded = new Set<[label: string, code: string]>();
  after(device, 'createShaderModule', (module, { code }) => void codes.set(module, code));
  after(device, 'createComputePipelineAsync', (compiling, { label = '', compute }) => {
    const kernel: [string, string] = [label, codes.get(compute.module) ?? ''];
    compiling.then((pipeline) => kernels.set(pipeline, kernel)).catch(() => {});
    notice('compile', ...kernel);
  });
  after(device, 'createCommandEncoder', (encoder) =>
    after(encoder, 'beginComputePass', (pass) =>
      after(pass, 'setPipeline', (_, pipeline) => {
        const kernel = kernels.get(pipeline);
        if (kernel) recorded.add(kernel);
      }),
    ),
  );
  after(device.queue, 'submit', () => {
    const submitted = recorded;
    recorded = new Set();
    for (const kernel of submitted) notice('run', ...kernel);
  });
}

/** The methods of an object, by name. */
type Methods<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? T[K] : never };

/** Calls `then` after each call of a method, with the result and the arguments of the call. */
function after<T extends object, K extends keyof T>(
  owner: T,
  name: K,
  then: (result: ReturnType<Methods<T>[K]>, ...args: Parameters<Methods<T>[K]>) => void,
): void {
  const method = (owner[name] as (...args: unknown[]) => unknown).bind(owner);
  (owner[name] as unknown) = (...args: unknown[]) => {
    const result = method(...args);
    then(result as ReturnType<Methods<T>[K]>, ...(args as Parameters<Methods<T>[K]>));
    return result;
  };
}
