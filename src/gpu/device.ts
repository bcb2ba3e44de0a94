import { UnsupportedError } from '../errors.ts';

/**
 * Requests a device with the largest buffers its adapter allows, and with subgroups where it has them.
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
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  try {
    return await adapter.requestDevice({
      label: 'spiralnet',
      requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [],
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    });
  } catch (error) {
    throw new UnsupportedError(
      `The graphics adapter gave no device (${error}). Train with backend: 'cpu', or reload the page.`,
    );
  }
}
