import { onTestFinished, vi } from 'vitest';
import { ownDevices } from './devices.ts';
import { testDevice, testGpu } from './gpu.ts';

/** A call on a device, at which it can be lost. */
export type Moment = 'createComputePipelineAsync' | 'createBuffer' | 'submit' | 'mapAsync';

/** `navigator.gpu` for the test it is made in, whose devices can be lost for real. */
export interface LosableGpu {
  /** Every device it gave, in order. */
  devices: GPUDevice[];
  /** Loses the newest device now. What it is still asked for afterwards does not count below. */
  lose(): void;
  /** Loses the next device that comes to so many of these calls, counted from now or from when it is given, just after the last one. */
  loseAt(moment: Moment, count: number): void;
  /** Whether an adapter is found; true at first. */
  present: boolean;
}

/**
 * @param losses so many devices can be lost, those given first; each has its kernels to compile, and the next ones have not
 */
export async function losableGpu(losses = 1): Promise<LosableGpu> {
  // Its globals are what a page has.
  await testDevice();
  const gpu = testGpu();
  let left: { moment: Moment; count: number } | undefined;
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
    loseAt(moment, count) {
      left = { moment, count };
    },
    present: true,
  };
  const happens = (device: GPUDevice, moment: Moment) => {
    if (gone.has(device) || left?.moment !== moment || --left.count > 0) return;
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
      // A trainer ends the device that it has asked for. There, others are at work.
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

/** Calls something after each call of a method. */
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
