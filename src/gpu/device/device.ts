import { UnsupportedError } from '../../errors.ts';

/**
 * As long as their devices: in Deno, asking a device for `adapterInfo` ends the process when its
 * adapter is gone.
 */
const adapters = new WeakMap<GPUDevice, GPUAdapter>();

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
    const device = await adapter.requestDevice(deviceDescriptor(adapter));
    adapters.set(device, adapter);
    return device;
  } catch (error) {
    throw new UnsupportedError(
      `The graphics adapter gave no device (${error}). Train with backend: 'cpu', or reload the page.`,
    );
  }
}

/** What to ask an adapter for: its largest buffers and workgroups, and subgroups. */
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
