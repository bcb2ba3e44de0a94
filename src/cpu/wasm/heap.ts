/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;
/** The most pages: 4 GiB. */
const MOST_PAGES = 65_536;
/** Arrays begin at multiples of so many bytes, the line of a cache. */
const LINE = 64;

/**
 * The memory of one engine's kernels. It only grows; what is taken for a time is free when nothing is
 * taken for a time any longer.
 */
export class Heap {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  /**
   * The memory's buffers: it has another one after it has grown, in some engines also after another
   * memory has. Arrays of the buffers before stay valid.
   */
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  #top: number;
  /** Where the arrays begin that are taken for a time. */
  #kept: number;
  #borrowers = 0;

  /** @param start the first address of arrays */
  constructor(start: number) {
    this.#top = start;
    this.#kept = start;
  }

  /**
   * Takes memory, for good or as long as something {@link borrow}s.
   * @returns its address
   * @throws {RangeError} if there is none
   */
  take(bytes: number, borrowed: boolean): number {
    const at = this.#top;
    // A vector may read and write a line beyond the last number.
    const end = at + Math.ceil(bytes / LINE + 1) * LINE;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      if (end > MOST_PAGES * PAGE) throw new RangeError('WebAssembly has no more than 4 GiB.');
      this.memory.grow(missing);
    }
    this.#top = end;
    if (!borrowed) this.#kept = end;
    return at;
  }

  /** The memory as it is now, whose type TypeScript does not take for arrays of numbers. */
  get buffer(): ArrayBuffer {
    const { buffer } = this.memory;
    this.#buffers.add(buffer);
    return buffer as unknown as ArrayBuffer;
  }

  /** The address of an array, or undefined if it lies elsewhere. */
  addressOf(values: ArrayBufferView): number | undefined {
    return this.#buffers.has(values.buffer) ? values.byteOffset : undefined;
  }

  /** Gives back what is taken during some work. */
  async borrow<T>(work: () => Promise<T>): Promise<T> {
    this.#borrowers++;
    try {
      return await work();
    } finally {
      this.#borrowers--;
      if (this.#borrowers === 0) this.#top = this.#kept;
    }
  }
}
