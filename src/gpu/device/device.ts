import { onAbort, untilAborted } from '../../abort.ts';
import { numberThat } from '../../checks/numbers.ts';
import { optional, readOptions } from '../../checks/schema.ts';
import { signal as checkSignal } from '../../checks/signal.ts';
import { after } from '../../delay.ts';
import { OptionError } from '../../errors.ts';
import { gpuDevice } from '../../options/backend.ts';
import { UnsupportedError } from '../../training-errors.ts';

/** Milliseconds that a caller waits for an adapter and its device by default. */
export const PATIENCE = 10_000;

const FAST: GPURequestAdapterOptions = { powerPreference: 'high-performance' };
/** Asks for the adapters of older systems too, which have fewer abilities. */
const COMPATIBLE: GPURequestAdapterOptions & { featureLevel: string } = {
  ...FAST,
  featureLevel: 'compatibility',
};

/**
 * The adapter of each device. In Deno, asking a device for `adapterInfo` ends the process when its
 * adapter has been collected, and so does any use of the device in Node.
 */
const adapters = new WeakMap<GPUDevice, GPUAdapter>();

/** How long {@link requestDevice} waits. */
export interface DeviceRequest {
  /** An abort ends the wait. */
  signal?: AbortSignal;
  /** Milliseconds to wait for an answer, `Infinity` for ever; default 10,000. */
  patience?: number;
}

/**
 * Requests a device for trainers, with what {@link deviceDescriptor} asks for: from the fastest
 * adapter, or else from one of an older system. A device that comes after the promise has been
 * rejected is destroyed.
 * @param gpu the entry point, by default `navigator.gpu`
 * @throws {OptionError} if an option cannot be used
 * @throws {UnsupportedError} if there is no adapter, the adapter gives no device, or neither answers
 * in time; the error's `cause` is the browser's own error, if there is one
 * @throws the signal's reason after an abort
 */
export async function requestDevice(
  gpu: GPU | undefined = globalThis.navigator?.gpu,
  request: DeviceRequest = {},
): Promise<GPUDevice> {
  const { signal, patience } = readOptions(request, {
    signal: checkSignal,
    patience: optional(
      numberThat((value) => value >= 0, 'a number of at least 0, or Infinity'),
      PATIENCE,
    ),
  });
  if (!gpu) {
    throw new UnsupportedError(
      'WebGPU is not available here. Use a browser that has it (on a page served over https or from localhost), ' +
        "hand in a device, or train with backend: 'cpu'.",
    );
  }
  signal?.throwIfAborted();
  const silence = () =>
    new UnsupportedError(
      `WebGPU has not answered within ${patience / 1000} seconds. Train with backend: 'cpu', or restart the browser.`,
    );
  const answer = ask(gpu);
  try {
    return await inTime(answer, patience, silence, signal);
  } catch (error) {
    answer.then(
      (device) => device.destroy(),
      () => {},
    );
    throw error;
  }
}

/**
 * Waits for an answer.
 * @param patience milliseconds, `Infinity` for ever
 * @param silence makes the error if there is no answer in time
 * @throws the signal's reason after an abort
 */
export async function inTime<T>(
  answer: Promise<T>,
  patience: number,
  silence: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  const end = new AbortController();
  const leave = signal && onAbort(signal, () => end.abort(signal.reason));
  // In Node and Deno a timer keeps the process alive, and an endless wait would do so for ever.
  const cancel = Number.isFinite(patience) ? after(patience, () => end.abort(silence())) : undefined;
  try {
    return await untilAborted(answer, end.signal);
  } finally {
    cancel?.();
    leave?.();
  }
}

/**
 * The adapter's description of itself; undefined if neither {@link requestDevice} nor the device
 * tells of its adapter.
 * @throws {OptionError} without a device
 */
export function adapterInfo(device: GPUDevice): GPUAdapterInfo | undefined {
  return adapters.get(gpuDevice(device, 'device'))?.info ?? device.adapterInfo;
}

/** An adapter is another program, which may answer anything. */
async function ask(gpu: GPU): Promise<GPUDevice> {
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter(FAST);
    adapter ??= await gpu.requestAdapter(COMPATIBLE);
  } catch (error) {
    throw unsupported('WebGPU failed to look for a graphics adapter', error);
  }
  if (!adapter) {
    throw new UnsupportedError(
      "WebGPU found no graphics adapter. Update the graphics driver, or train with backend: 'cpu'.",
    );
  }
  try {
    const device = gpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), 'its answer');
    adapters.set(device, adapter);
    return device;
  } catch (error) {
    throw unsupported('The graphics adapter gave no device', error);
  }
}

function unsupported(what: string, error: unknown): UnsupportedError {
  const reason = error instanceof Error ? error.message : String(error);
  const failure = new UnsupportedError(`${what} (${reason}). Train with backend: 'cpu', or reload the page.`);
  failure.cause = error;
  return failure;
}

/**
 * What to ask an adapter for: its largest buffers and workgroups, and subgroups.
 * @throws {OptionError} without an adapter
 */
export function deviceDescriptor(adapter: GPUAdapter): GPUDeviceDescriptor {
  const { features, limits }: Partial<GPUAdapter> = adapter ?? {};
  if (typeof features?.has !== 'function' || !limits) {
    throw new OptionError('adapter', 'a GPUAdapter', adapter);
  }
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
