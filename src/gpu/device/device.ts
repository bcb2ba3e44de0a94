import { UnsupportedError } from '../../errors.ts';

/**
 * Keeps each adapter as long as its device: in Deno, reading `adapterInfo` of a device ends the
 * process if the adapter has been collected.
 */
const adapters = new WeakMap<GPUDevice, GPUAdapter>();

/**
 * Requests a device with the limits and features of {@link deviceDescriptor}.
 * @param gpu the entry point, `navigator.gpu` in a page or worker
 * @throws {UnsupportedError} if there is no adapter, or the adapter gives no device
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
    const device = await adapter.requestDevice(deviceDescriptor(adapter));
    adapters.set(device, adapter);
    return device;
  } catch (error) {
    throw new UnsupportedError(
      `The graphics adapter gave no device (${error}). Train with backend: 'cpu', or reload the page.`,
    );
  }
}

/** The request for an adapter's device: the largest buffers and workgroups, and subgroups. */
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
