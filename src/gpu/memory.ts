import type { Arithmetic } from '../../shaders/real.ts';
import type { FloatArray } from '../data/dataset.ts';
import { LimitError, OutOfMemoryError } from '../errors.ts';
import { BufferUsage } from './constants.ts';
import { RealFormat } from './real-format.ts';

const ADVICE = 'Use a smaller network, a smaller batchSize or fewer rows.';

/** Part of a buffer, in bytes: a tensor among others. */
export interface Slice {
  buffer: GPUBuffer;
  offset: number;
  size: number;
}

/** A tensor on the GPU: a buffer of its own, or part of one. */
export type Tensor = GPUBuffer | Slice;

/** A tensor as a part of its buffer, which may be all of it. */
export function sliceOf(tensor: Tensor): Slice {
  return 'buffer' in tensor ? tensor : { buffer: tensor, offset: 0, size: tensor.size };
}

/** Parts of a buffer that are bound by themselves begin at multiples of this on every device. */
const ALIGNMENT = 256;

/** Every buffer that one owner has on a device, so that all of them can be freed together. */
export class GpuMemory {
  readonly device: GPUDevice;
  /** How its real numbers are stored and computed with. */
  readonly format: RealFormat;
  readonly #buffers = new Set<GPUBuffer>();
  readonly #owner: GpuMemory | undefined;
  #freed = false;

  /** @param owner memory that work with this one needs too */
  constructor(device: GPUDevice, arithmetic: Arithmetic, owner?: GpuMemory) {
    this.device = device;
    this.format = new RealFormat(arithmetic);
    this.#owner = owner;
  }

  /** Memory for a purpose that needs this one's buffers, freed apart. */
  apart(): GpuMemory {
    return new GpuMemory(this.device, this.format.arithmetic, this);
  }

  /** Whether buffers that work may need have been destroyed. */
  get freed(): boolean {
    return this.#freed || this.#owner?.freed === true;
  }

  /** Hands recorded commands to the GPU. */
  submit(encoder: GPUCommandEncoder): void {
    this.#checkFreed();
    this.device.queue.submit([encoder.finish()]);
  }

  /**
   * A storage buffer of `length` 32-bit words, zero at first, that can be copied to and from. Its size is rounded up to
   * whole vectors of four, so that kernels may go over it vector by vector.
   * @throws {LimitError} if the device cannot bind so large a buffer
   */
  words(label: string, length: number): GPUBuffer {
    const { storage, copySource, copyDestination } = BufferUsage;
    const size = Math.ceil(length / 4) * 16;
    this.#checkLimit(label, 'maxStorageBufferBindingSize', size);
    return this.#create(label, size, storage | copySource | copyDestination);
  }

  /** The same for `length` real numbers in this memory's format. */
  reals(label: string, length: number): GPUBuffer {
    return this.words(label, length * this.format.words);
  }

  /** @throws {LimitError} if the device cannot bind so many real numbers */
  checkReals(label: string, length: number): void {
    this.#checkLimit(label, 'maxStorageBufferBindingSize', length * this.format.bytes);
  }

  /** One such buffer for several tensors of real numbers, of the given lengths: a part each. */
  slices(label: string, lengths: readonly number[]): Slice[] {
    const { storage, copySource, copyDestination } = BufferUsage;
    let offset = 0;
    const places = lengths.map((length) => {
      const place = { offset, size: Math.ceil((length * this.format.bytes) / 16) * 16 };
      this.#checkLimit(label, 'maxStorageBufferBindingSize', place.size);
      offset = Math.ceil((offset + place.size) / ALIGNMENT) * ALIGNMENT;
      return place;
    });
    const buffer = this.#create(label, offset, storage | copySource | copyDestination);
    return places.map((place) => ({ buffer, ...place }));
  }

  /** A storage buffer that starts with `values`: real numbers, rounded to this memory's format, or whole words. */
  upload(label: string, values: FloatArray | Uint32Array): GPUBuffer {
    const { length } = values;
    const buffer = values instanceof Uint32Array ? this.words(label, length) : this.reals(label, length);
    this.write(buffer, values);
    return buffer;
  }

  write(tensor: Tensor, values: FloatArray | Uint32Array): void {
    const words = values instanceof Uint32Array ? values : this.format.encode(values);
    const { buffer, offset } = sliceOf(tensor);
    this.device.queue.writeBuffer(buffer, offset, words as typeof words & { buffer: ArrayBuffer });
  }

  /** A small uniform buffer of 32-bit words; {@link RealFormat.uniform} makes words of real numbers. */
  uniform(label: string, values: readonly number[]): GPUBuffer {
    // Structs are as long as a multiple of their widest member.
    const bytes = Math.ceil(values.length / 2) * 8;
    const buffer = this.#create(label, bytes, BufferUsage.uniform | BufferUsage.copyDestination);
    this.device.queue.writeBuffer(buffer, 0, Uint32Array.from(values));
    return buffer;
  }

  /** A buffer of `bytes` bytes that is written to from time to time, for kernels to read as uniforms or as an array. */
  uniforms(label: string, bytes: number): GPUBuffer {
    const { uniform, storage, copyDestination } = BufferUsage;
    return this.#create(label, bytes, uniform | storage | copyDestination);
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
    this.#freed = true;
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
  }

  #create(label: string, size: number, usage: number): GPUBuffer {
    this.#checkFreed();
    this.#checkLimit(label, 'maxBufferSize', size);
    const buffer = this.device.createBuffer({ label, size, usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  /** Work that goes on after its buffers were freed ends where it would use them. */
  #checkFreed(): void {
    if (this.freed) throw new Error('This memory has been freed.');
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
