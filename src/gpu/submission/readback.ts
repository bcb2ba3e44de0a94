import { OutOfMemoryError } from '../../errors.ts';
import { allocatingArrays } from '../../limits.ts';
import { DeviceLostError } from '../../training-errors.ts';
import { guard } from '../device/guard.ts';
import { queueOf } from '../device/queue.ts';
import { allocating, type GpuMemory, type GpuTensor, sliceOf } from '../memory/memory.ts';
import type { Commands } from './commands.ts';

/** `GPUMapMode.READ`, whose object exists in browsers only. */
const MAP_READ = 0x0001;

const WHAT = 'reading results';

/** Copies of buffers at one point of the queue, and their way to the program. */
export class Readback {
  readonly #memory: GpuMemory;
  readonly #staging: GPUBuffer;
  readonly #release: () => void;
  /** Bytes of each copy, in order. */
  readonly #sizes: number[] = [];
  #used = 0;

  /**
   * @param staging the buffer for the copies, which stays after the reading
   * @param release is called when the buffer can be used again
   */
  constructor(memory: GpuMemory, staging: GPUBuffer, release = () => {}) {
    this.#memory = memory;
    this.#staging = staging;
    this.#release = release;
  }

  /**
   * Makes a readback with a buffer of its own, for one reading.
   * @param words the number of 32-bit words of all copies
   * @param record records and submits copies, at once if possible, with memory that is freed after
   * the reading
   * @throws {LimitError} {OutOfMemoryError} if there is no memory for the buffer; nothing has
   * changed then
   */
  static async create(
    memory: GpuMemory,
    words: number,
    record: (readback: Readback, memory: GpuMemory) => Promise<void> = async () => {},
  ): Promise<Readback> {
    const own = memory.apart();
    try {
      // In a busy queue, the copies are submitted later, outside of the error scopes of
      // `allocating`.
      const { busy } = queueOf(memory.device);
      const { readback, submitted } = await allocating(memory.device, WHAT, () => {
        const readback = new Readback(own, own.staging('readback', words * 4), () => own.destroy());
        const submitted = busy ? undefined : record(readback, own);
        // The submission may fail before it is awaited; that is no unhandled rejection.
        submitted?.catch(() => {});
        return { readback, submitted };
      });
      await (submitted ?? record(readback, own));
      return readback;
    } catch (error) {
      own.destroy();
      throw error;
    }
  }

  /** Records a copy of the first `words` words of a tensor. */
  copy(commands: Commands, tensor: GpuTensor, words: number): void {
    const { buffer, offset } = sliceOf(tensor);
    commands.copy(buffer, offset, this.#staging, this.#used, words * 4);
    this.#sizes.push(words * 4);
    this.#used += words * 4;
  }

  /**
   * Reads the bytes of each copy, in order, after the submission.
   * @throws {OutOfMemoryError} if the program has no memory for the bytes
   */
  async read(): Promise<ArrayBuffer[]> {
    try {
      // The memory may have been freed in the meantime.
      this.#memory.checkFreed();
      await this.#map();
      return this.#copies();
    } finally {
      this.#release();
    }
  }

  #copies(): ArrayBuffer[] {
    try {
      return allocatingArrays(WHAT, () => {
        const mapped = this.#staging.getMappedRange();
        let end = 0;
        return this.#sizes.map((size) => {
          end += size;
          return mapped.slice(end - size, end);
        });
      });
    } finally {
      // A mapped buffer is unmapped only here, because wgpu throws an error for any other buffer.
      this.#staging.unmap();
    }
  }

  async #map(): Promise<void> {
    try {
      const mapped = queueOf(this.#memory.device).answer(this.#staging.mapAsync(MAP_READ));
      await guard(this.#memory, mapped);
    } catch (error) {
      if (error instanceof DeviceLostError || this.#memory.freed) throw error;
      // On a working device, the mapping of a valid buffer fails only for a lack of memory.
      throw new OutOfMemoryError(WHAT, error instanceof Error ? error.message : String(error));
    }
  }
}
