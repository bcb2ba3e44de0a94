import { onTestFinished, vi } from 'vitest';
import { ownDevices } from './devices.ts';
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
  const gone = new WeakSet<GPUDevice>();
  const real = new WeakSet<GPUDevice>();
  let given = 0;
  const lose = (device: GPUDevice) => {
    if (!real.has(device)) throw new Error(`losableGpu(${losses}): one more is lost.`);
    gone.add(device);
    device.destroy();
  };
  const losable: LosableGpu = {
    devices: [],
    lose: () => lose(losable.devices[losable.devices.length - 1]),
    loseAt(deviceCall, count) {
      left = { deviceCall, count };
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
      after(device, 'createComputePipelineAsync', () => happens(device, 'createComputePipelineAsync'));
      after(device.queue, 'submit', () => happens(device, 'submit'));
      after(device, 'createBuffer', (buffer) => {
        after(buffer as GPUBuffer, 'mapAsync', () => happens(device, 'mapAsync'));
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

/** Calls `then` after each call of a method. */
function after<T extends object, K extends keyof T>(
  owner: T,
  name: K,
  then: (result: unknown) => void,
): void {
  const method = (owner[name] as (...args: unknown[]) => unknown).bind(owner);
  (owner[name] as unknown) = (...args: unknown[]) => {
    const result = method(...args);
    then(result);
    return result;
  };
}
