import { DeviceLostError, LimitError, OutOfMemoryError, PlanError, UnsupportedError } from '../../errors.ts';

/** Milliseconds that the notice of a lost device may come after the call that failed for it. */
const LOSS_NOTICE = 200;

/** As long as their devices: in Deno, asking a device for `adapterInfo` ends the process when its adapter is gone. */
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

/** What is known of a device's loss, and who waits for it. */
interface Loss {
  info?: GPUDeviceLostInfo;
  waiting: Set<() => void>;
}

const losses = new WeakMap<GPUDevice, Loss>();

/** Asks once a device: its promise keeps whoever asks for as long as the device is there. */
function lossOf(device: GPUDevice): Loss {
  let loss = losses.get(device);
  if (!loss) {
    const known: Loss = { waiting: new Set() };
    device.lost.then((info) => {
      known.info = info;
      for (const wake of known.waiting) wake();
    });
    losses.set(device, known);
    loss = known;
  }
  return loss;
}

/**
 * What is asked of a lost device may fail in any way, or seem to succeed.
 * @param wait milliseconds that the notice may still take
 * @throws {DeviceLostError} if the device is gone
 */
export async function checkLost(device: GPUDevice, wait = LOSS_NOTICE): Promise<void> {
  const loss = lossOf(device);
  if (!loss.info) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        loss.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, wait);
      loss.waiting.add(wake);
    });
  }
  if (loss.info) throw new DeviceLostError(loss.info.message);
}

/**
 * The same after something has failed, unless it is known why.
 * @throws {DeviceLostError} if the device is gone
 */
export async function checkLostAfter(error: unknown, device: GPUDevice, wait?: number): Promise<void> {
  if ([OutOfMemoryError, LimitError, PlanError].some((known) => error instanceof known)) return;
  await checkLost(device, wait);
}

/** What work on a device needs besides: buffers that may be freed meanwhile. */
interface Freeable {
  readonly device: GPUDevice;
  readonly freed: boolean;
}

/**
 * Waits for work that needs a trainer's memory; when it fails because the device is gone, says so.
 * @param ownsDevice whether freeing the memory ends the device too, which is no loss
 */
export async function guard<T>(memory: Freeable, ownsDevice: boolean, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (memory.freed && ownsDevice) throw new Error('The device has been destroyed.', { cause: error });
    await checkLostAfter(error, memory.device, memory.freed ? 0 : LOSS_NOTICE);
    throw error;
  }
}
