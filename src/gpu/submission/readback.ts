import { DeviceLostError, OutOfMemoryError } from '../../errors.ts';
import { allocatingArrays } from '../../limits.ts';
import { guard } from '../device/guard.ts';
import { queueOf } from '../device/queue.ts';
import { allocating, type GpuMemory, type GpuTensor, sliceOf } from '../memory/memory.ts';
import type { Commands } from './commands.ts';

/** `GPUMapMode.READ`, whose object exists in browsers only. */
const MAP_READ = 0x0001;

const WHAT = 'reading results';

/** Copies of buffers as they are at that point of the queue, and their way to the program. */
export class Readback {
  readonly #memory: GpuMemory;
  readonly #staging: GPUBuffer;
  readonly #release: () => void;
  /** Bytes of each copy, in order. */
  readonly #sizes: number[] = [];
  #used = 0;

  /**
   * @param staging what copies go to, which stays
   * @param release is called when it can be used again
   */
  constructor(memory: GpuMemory, staging: GPUBuffer, release = () => {}) {
    this.#memory = memory;
    this.#staging = staging;
    this.#release = release;
  }

  /**
   * With a buffer of its own, for one reading.
   * @param words 32-bit numbers that will be copied in all
   * @param record records and submits copies, at once if possible; it is given memory that is freed
   * after the reading
   * @throws {LimitError} {OutOfMemoryError} if there is no such buffer: nothing has changed then
   */
  static async create(
    memory: GpuMemory,
    words: number,
    record: (readback: Readback, memory: GpuMemory) => Promise<void> = async () => {},
  ): Promise<Readback> {
    const own = memory.apart();
    try {
      // While something is handed over bit by bit, what is submitted now would be refused only
      // later.
      const { busy } = queueOf(memory.device);
      const { readback, submitted } = await allocating(memory.device, WHAT, () => {
        const readback = new Readback(own, own.staging('readback', words * 4), () => own.destroy());
        const submitted = busy ? undefined : record(readback, own);
        // It may fail before its turn to be awaited; that is not an unhandled rejection.
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

  /** Records a copy of a tensor's first `words` numbers. */
  copy(commands: Commands, tensor: GpuTensor, words: number): void {
    const { buffer, offset } = sliceOf(tensor);
    commands.copy(buffer, offset, this.#staging, this.#used, words * 4);
    this.#sizes.push(words * 4);
    this.#used += words * 4;
  }

  /**
   * After submitting: the bytes of each copy, in order.
   * @throws {OutOfMemoryError} if the program has no memory for them
   */
  async read(): Promise<ArrayBuffer[]> {
    try {
      // It may have been meanwhile.
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
      // Only here: wgpu throws at what is not mapped.
      this.#staging.unmap();
    }
  }

  async #map(): Promise<void> {
    try {
      await guard(this.#memory, this.#staging.mapAsync(MAP_READ));
    } catch (error) {
      if (error instanceof DeviceLostError || this.#memory.freed) throw error;
      // On a device that is there, a valid buffer cannot be mapped only where memory ends.
      throw new OutOfMemoryError(WHAT, error instanceof Error ? error.message : String(error));
    }
  }
}
