import type { Arithmetic } from '../../../shaders/lib/real.ts';
import { LimitError, OutOfMemoryError } from '../../errors.ts';
import { memoryError } from '../../limits.ts';
import { ShaderError } from '../../training-errors.ts';
import type { FloatArray } from '../../types.ts';
import type { Duration } from '../device/answers.ts';
import { queueOf } from '../device/queue.ts';
import { RealFormat } from './real-format.ts';

/**
 * Flags of the WebGPU specification. Their global objects exist in browsers only; the numbers are
 * the same everywhere.
 */
const BufferUsage = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyDestination: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
} as const;

const ADVICE = 'Use a smaller network, a smaller batchSize or fewer rows.';

/** A part of a buffer, in bytes, that holds one of several tensors. */
export interface Slice {
  buffer: GPUBuffer;
  offset: number;
  size: number;
}

/** A tensor on the GPU: a whole buffer or a part of one. */
export type GpuTensor = GPUBuffer | Slice;

/** A tensor as a part of its buffer, or as the whole buffer. */
export function sliceOf(tensor: GpuTensor): Slice {
  return 'buffer' in tensor ? tensor : { buffer: tensor, offset: 0, size: tensor.size };
}

/** The alignment in bytes of a part of a buffer that is bound by itself, on every device. */
const ALIGNMENT = 256;

/** All buffers of one owner on a device, which are freed together. */
export class GpuMemory {
  readonly device: GPUDevice;
  /** The format of real numbers in buffers, and the arithmetic of the kernels. */
  readonly format: RealFormat;
  readonly #buffers = new Set<GPUBuffer>();
  readonly #owner: GpuMemory | undefined;
  readonly #apart = new Set<GpuMemory>();
  #freed = false;

  /**
   * @param form see {@link RealFormat}
   * @param owner the memory whose buffers work with this memory needs too
   */
  constructor(device: GPUDevice, form: Arithmetic | 'double', owner?: GpuMemory) {
    this.device = device;
    this.format = new RealFormat(form);
    this.#owner = owner;
    if (owner) owner.#apart.add(this);
  }

  /**
   * Memory for a purpose that needs the buffers of this memory. It can be freed alone, and is freed
   * with this memory.
   */
  apart(): GpuMemory {
    return new GpuMemory(this.device, this.format.arithmetic, this);
  }

  /** Whether buffers that work may need have been destroyed. */
  get freed(): boolean {
    return this.#freed || this.#owner?.freed === true;
  }

  /**
   * Ends work that goes on after its buffers have been freed.
   * @throws {Error} if this memory has been freed
   */
  checkFreed(): void {
    if (this.freed) throw new Error('This memory has been freed.');
  }

  /**
   * Hands recorded commands to the GPU.
   * @returns the milliseconds that the commands took, when they have run
   */
  submit(commands: GPUCommandBuffer): Promise<Duration> {
    this.checkFreed();
    return queueOf(this.device).submit(commands);
  }

  /**
   * A storage buffer of `length` 32-bit words, zero at first, that can be copied to and from. Its
   * size is rounded up to whole vectors of four words, so that kernels may read whole vectors.
   * @throws {LimitError} if the device cannot bind such a large buffer
   */
  words(label: string, length: number): GPUBuffer {
    const { storage, copySource, copyDestination } = BufferUsage;
    const size = sizeOf(length);
    this.#checkLimit(label, 'maxStorageBufferBindingSize', size);
    return this.#create(label, size, storage | copySource | copyDestination);
  }

  /** A storage buffer of `length` real numbers in this memory's format; see {@link words}. */
  reals(label: string, length: number): GPUBuffer {
    return this.words(label, length * this.format.words);
  }

  /** Bytes of a buffer of `length` real numbers. */
  bytesOf(length: number): number {
    return sizeOf(length * this.format.words);
  }

  /** The largest number of bytes of a buffer that a kernel can bind. */
  get largestBinding(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /** @throws {LimitError} if a tensor of `length` real numbers is too large for the device */
  checkReals(label: string, length: number, advice?: string): void {
    this.#checkLimit(label, 'maxStorageBufferBindingSize', this.bytesOf(length), advice);
    this.#checkLimit(label, 'maxBufferSize', this.bytesOf(length), advice);
  }

  /** @throws {LimitError} if {@link slices} of the given lengths are too large for the device */
  checkSlices(label: string, lengths: readonly number[], advice?: string): void {
    this.#checkLimit(label, 'maxBufferSize', this.#lay(label, lengths).size, advice);
  }

  /** Parts of one storage buffer for tensors of real numbers, one for each of the given lengths. */
  slices(label: string, lengths: readonly number[]): Slice[] {
    const { storage, copySource, copyDestination } = BufferUsage;
    const { places, size } = this.#lay(label, lengths);
    const buffer = this.#create(label, size, storage | copySource | copyDestination);
    return places.map((place) => ({ buffer, ...place }));
  }

  #lay(label: string, lengths: readonly number[]): { places: Omit<Slice, 'buffer'>[]; size: number } {
    let offset = 0;
    const places = lengths.map((length) => {
      const place = { offset, size: this.bytesOf(length) };
      this.#checkLimit(label, 'maxStorageBufferBindingSize', place.size);
      offset = Math.ceil((offset + place.size) / ALIGNMENT) * ALIGNMENT;
      return place;
    });
    return { places, size: offset };
  }

  /**
   * A storage buffer that starts with `values`: real numbers, rounded to this memory's format, or
   * whole words.
   */
  upload(label: string, values: FloatArray | Uint32Array): GPUBuffer {
    const { length } = values;
    const buffer = values instanceof Uint32Array ? this.words(label, length) : this.reals(label, length);
    this.write(buffer, values);
    return buffer;
  }

  write(tensor: GpuTensor, values: FloatArray | Uint32Array): void {
    const words = values instanceof Uint32Array ? values : this.format.encode(values);
    this.writeBytes(tensor, words as typeof words & { buffer: ArrayBuffer });
  }

  /** Writes bytes after all earlier commands have run. */
  writeBytes(tensor: GpuTensor, bytes: ArrayBufferView<ArrayBuffer>): void {
    this.checkFreed();
    // Deno 2.9 ends the whole process when zero bytes are written.
    if (bytes.byteLength === 0) return;
    const { buffer, offset } = sliceOf(tensor);
    const queue = queueOf(this.device);
    if (!queue.busy) {
      this.device.queue.writeBuffer(buffer, offset, bytes);
      return;
    }
    const { byteOffset, byteLength } = bytes;
    const copy = bytes.buffer.slice(byteOffset, byteOffset + byteLength);
    void queue.inTurn(async () => {
      if (!this.freed) this.device.queue.writeBuffer(buffer, offset, copy);
    });
  }

  /**
   * A small uniform buffer of 32-bit words; {@link RealFormat.uniform} turns real numbers into
   * words.
   */
  uniform(label: string, values: readonly number[]): GPUBuffer {
    // The size of a struct is a multiple of its widest member.
    const bytes = Math.ceil(values.length / 2) * 8;
    const buffer = this.#create(label, bytes, BufferUsage.uniform | BufferUsage.copyDestination);
    this.device.queue.writeBuffer(buffer, 0, Uint32Array.from(values));
    return buffer;
  }

  /**
   * A buffer of `bytes` bytes that the program writes again and again, and that kernels read as
   * uniforms or as an array.
   */
  uniforms(label: string, bytes: number): GPUBuffer {
    const { uniform, storage, copyDestination } = BufferUsage;
    return this.#create(label, bytes, uniform | storage | copyDestination);
  }

  /** A buffer that results are copied into and read from. */
  staging(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, BufferUsage.mapRead | BufferUsage.copyDestination);
  }

  /** Frees every buffer of this memory and of the memories {@link apart}. */
  destroy(): void {
    this.#freed = true;
    if (this.#owner) this.#owner.#apart.delete(this);
    for (const memory of this.#apart) memory.destroy();
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
    // Dawn frees destroyed buffers only at a later submission, also at an empty one.
    if (!this.#owner) queueOf(this.device).tidy();
  }

  #create(label: string, size: number, usage: number): GPUBuffer {
    this.checkFreed();
    this.#checkLimit(label, 'maxBufferSize', size);
    const buffer = this.device.createBuffer({ label, size, usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  #checkLimit(
    label: string,
    limit: 'maxBufferSize' | 'maxStorageBufferBindingSize',
    needed: number,
    advice = ADVICE,
  ): void {
    const available = this.device.limits[limit];
    if (needed > available) throw new LimitError(`The buffer '${label}'`, limit, needed, available, advice);
  }
}

/** Bytes of a storage buffer of 32-bit words. */
function sizeOf(words: number): number {
  return Math.ceil(words / 4) * 16;
}

/**
 * Runs synchronous code that allocates.
 * @throws {OutOfMemoryError} if the device or the machine has no memory left
 * @throws {ShaderError} if the device refuses a call of the code
 */
export async function allocating<T>(device: GPUDevice, what: string, allocate: () => T): Promise<T> {
  // After a lack of memory, the use of the missing buffer is an error too, which the inner scope
  // explains.
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let outcome: { result: T } | { error: unknown };
  try {
    outcome = { result: allocate() };
  } catch (error) {
    outcome = { error: memoryError(what, error) };
  }
  const answers = Promise.all([device.popErrorScope(), device.popErrorScope()]);
  const [shortage, invalid] = await queueOf(device).answer(answers);
  if ('error' in outcome) throw outcome.error;
  if (shortage) throw new OutOfMemoryError(what, shortage.message);
  if (invalid) throw new ShaderError(`The device refuses ${what}. ${invalid.message}`);
  return outcome.result;
}
