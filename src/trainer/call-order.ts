import { Turns } from '../turns.ts';

/**
 * The order of the calls of a trainer: a restore comes after all earlier reads and before all later
 * calls, also where a lost device makes the reads wait or begin again.
 */
export class CallOrder {
  readonly #reads = new Set<Promise<unknown>>();
  readonly #restores = new Turns();

  /** Fulfilled when the last restore has ended; undefined without a restore under way. */
  get restored(): Promise<void> | undefined {
    return this.#restores.last;
  }

  /** Reads, at once if no restore is under way. */
  read<T>(work: () => Promise<T>): Promise<T> {
    const read = this.restored ? this.restored.then(work) : work();
    this.#reads.add(read);
    const settled = () => this.#reads.delete(read);
    read.then(settled, settled);
    return read;
  }

  /** Restores, at once if no other call is under way. */
  restore(work: () => Promise<void>): Promise<void> {
    const earlier = [...this.#reads, ...(this.restored ? [this.restored] : [])];
    return this.#restores.take(work, earlier.length > 0 ? Promise.allSettled(earlier) : undefined);
  }
}
