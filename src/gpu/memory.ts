import { LimitError, OutOfMemoryError } from '../errors.ts';
import { BufferUsage } from './constants.ts';

const ADVICE = 'Use a smaller network, a smaller batchSize or fewer rows.';

/** Every buffer that one owner has on a device, so that all of them can be freed together. */
export class GpuMemory {
  readonly device: GPUDevice;
  readonly #buffers = new Set<GPUBuffer>();

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /**
   * A storage buffer of `length` 32-bit numbers, zero at first, that can be copied to and from. Its size is rounded up to
   * whole vectors of four, so that kernels may go over it vector by vector.
   * @throws {LimitError} if the device cannot bind so large a buffer
   */
  storage(label: string, length: number): GPUBuffer {
    const { storage, copySource, copyDestination } = BufferUsage;
    const size = Math.ceil(length / 4) * 16;
    this.#checkLimit(label, 'maxStorageBufferBindingSize', size);
    return this.#create(label, size, storage | copySource | copyDestination);
  }

  /** A storage buffer that starts with `values`; 64-bit numbers are rounded to 32 bits. */
  upload(label: string, values: Float32Array | Float64Array | Uint32Array): GPUBuffer {
    const buffer = this.storage(label, values.length);
    this.write(buffer, values);
    return buffer;
  }

  write(buffer: GPUBuffer, values: Float32Array | Float64Array | Uint32Array): void {
    const words = values instanceof Float64Array ? new Float32Array(values) : values;
    this.device.queue.writeBuffer(buffer, 0, words as typeof words & { buffer: ArrayBuffer });
  }

  /** A small uniform buffer. `values` are whole numbers; {@link f32} turns a float into the word that holds it. */
  uniform(label: string, values: readonly number[]): GPUBuffer {
    const buffer = this.#create(label, values.length * 4, BufferUsage.uniform | BufferUsage.copyDestination);
    this.device.queue.writeBuffer(buffer, 0, Uint32Array.from(values));
    return buffer;
  }

  /** A uniform buffer of `bytes` bytes that is written to from time to time. */
  uniforms(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, BufferUsage.uniform | BufferUsage.copyDestination);
  }

  /** A buffer that results are copied into and read from. */
  staging(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, BufferUsage.mapRead | BufferUsage.copyDestination);
  }

  free(buffer: GPUBuffer): void {
    buffer.destroy();
    this.#buffers.delete(buffer);
  }

  /** Frees every buffer. */
  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
  }

  #create(label: string, size: number, usage: number): GPUBuffer {
    this.#checkLimit(label, 'maxBufferSize', size);
    const buffer = this.device.createBuffer({ label, size, usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  #checkLimit(label: string, limit: 'maxBufferSize' | 'maxStorageBufferBindingSize', needed: number): void {
    const available = this.device.limits[limit];
    if (needed > available) throw new LimitError(`The buffer '${label}'`, limit, needed, available, ADVICE);
  }
}

/**
 * Runs synchronous code that allocates.
 * @throws {OutOfMemoryError} if the device had no memory left for it
 */
export async function allocating<T>(device: GPUDevice, what: string, allocate: () => T): Promise<T> {
  device.pushErrorScope('out-of-memory');
  let result: T;
  let scope: Promise<GPUError | null>;
  try {
    result = allocate();
  } finally {
    scope = device.popErrorScope();
  }
  const error = await scope;
  if (error) throw new OutOfMemoryError(what, error.message);
  return result;
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The 32-bit word that holds `value` as a float. */
export function f32(value: number): number {
  float[0] = value;
  return word[0];
}
