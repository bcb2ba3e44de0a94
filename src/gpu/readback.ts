import { MAP_READ } from './constants.ts';
import { type GpuMemory, sliceOf, type Tensor } from './memory.ts';

/** Copies of parts of buffers, as they are at that point of the queue, and the way back to the program. */
export class Readback {
  readonly #memory: GpuMemory;
  readonly #staging: GPUBuffer;
  /** Bytes of each copy, in order. */
  readonly #sizes: number[] = [];
  #used = 0;

  /** @param words 32-bit numbers that will be copied in all */
  constructor(memory: GpuMemory, words: number) {
    this.#memory = memory;
    this.#staging = memory.staging('readback', words * 4);
  }

  /** Records a copy of a tensor's first `words` numbers. */
  copy(encoder: GPUCommandEncoder, tensor: Tensor, words: number): void {
    const { buffer, offset } = sliceOf(tensor);
    encoder.copyBufferToBuffer(buffer, offset, this.#staging, this.#used, words * 4);
    this.#sizes.push(words * 4);
    this.#used += words * 4;
  }

  /** After submitting: the bytes of each copy, in order. Frees the staging buffer. */
  async read(): Promise<ArrayBuffer[]> {
    try {
      await this.#staging.mapAsync(MAP_READ);
      const mapped = this.#staging.getMappedRange();
      let end = 0;
      return this.#sizes.map((size) => {
        end += size;
        return mapped.slice(end - size, end);
      });
    } finally {
      this.#memory.free(this.#staging);
    }
  }
}
