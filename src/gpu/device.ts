import { DeviceLostError, UnsupportedError } from '../errors.ts';
import type { GpuMemory } from './memory.ts';

/** Milliseconds that the notice of a lost device may come after the call that failed for it. */
const LOSS_NOTICE = 200;

/**
 * Requests a device with what {@link deviceDescriptor} asks for.
 * @param gpu the entry point, `navigator.gpu` in a page or worker
 * @throws {UnsupportedError} if there is no adapter, or it gives no device
 */
export async function requestDevice(gpu: GPU | undefined): Promise<GPUDevice> {
  if (!gpu) {
    throw new UnsupportedError(
      'WebGPU is not available here. Use a browser that has it (on a page served over https or from localhost), ' +
        "hand in a device, or train with backend: 'cpu'.",
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new UnsupportedError(
      "WebGPU found no graphics adapter. Update the graphics driver, or train with backend: 'cpu'.",
    );
  }
  try {
    return await adapter.requestDevice(deviceDescriptor(adapter));
  } catch (error) {
    throw new UnsupportedError(
      `The graphics adapter gave no device (${error}). Train with backend: 'cpu', or reload the page.`,
    );
  }
}

/** What to ask an adapter for: its largest buffers, its most workgroup memory and invocations, and subgroups. */
export function deviceDescriptor({ features, limits }: GPUAdapter): GPUDeviceDescriptor {
  return {
    label: 'spiralnet',
    requiredFeatures: features.has('subgroups') ? ['subgroups'] : [],
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    },
  };
}

/**
 * What is asked of a lost device may fail in any way, or seem to succeed.
 * @param wait milliseconds that the notice may still take
 * @throws {DeviceLostError} if the device is gone
 */
export async function checkLost(device: GPUDevice, wait = LOSS_NOTICE): Promise<void> {
  const moment = new Promise<undefined>((resolve) => setTimeout(resolve, wait));
  const lost = await Promise.race([device.lost, moment]);
  if (lost) throw new DeviceLostError(lost.message);
}

/**
 * Waits for work that needs a trainer's memory; when it fails because the device is gone, says so.
 * @param ownsDevice whether freeing the memory ends the device too, which is no loss
 */
export async function guard<T>(memory: GpuMemory, ownsDevice: boolean, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (memory.freed && ownsDevice) throw new Error('The device has been destroyed.', { cause: error });
    await checkLost(memory.device, memory.freed ? 0 : LOSS_NOTICE);
    throw error;
  }
}
