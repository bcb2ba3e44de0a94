import { nextTask } from '../delay.ts';

/** Work that can pause: a few milliseconds at most lie between two `yield`s. */
export type PausableWork<T = void> = Generator<void, T, void>;

/** Does all of the work without a pause. */
export function complete<T>(work: PausableWork<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The most multiply-adds, or equally long work, between two pauses. */
export const MOST_TERMS = 4e6;
/** The time of an exponential with all other work on its number, in multiply-adds. */
export const EXPONENTIAL = 16;

/**
 * Does work on `count` items, in parts with pauses between them; at once if there is one part.
 * @param terms the multiply-adds, or equally long work, for an item
 * @param work does the items from `start` to before `end`
 */
export function inParts(
  count: number,
  terms: number,
  work: (start: number, end: number) => void,
): PausableWork {
  const part = Math.max(1, Math.floor(MOST_TERMS / terms));
  if (count > part) return parts(count, part, work);
  work(0, count);
  return NOTHING;
}

/** No work, which has ended and can be taken any number of times. */
const NOTHING: PausableWork = (function* () {})();

function* parts(count: number, part: number, work: (start: number, end: number) => void): PausableWork {
  for (let start = 0; start < count; start += part) {
    if (start > 0) yield;
    work(start, Math.min(count, start + part));
  }
}

/**
 * Milliseconds of work between two tasks of the event loop: a page stays responsive, and an abort
 * takes effect.
 */
const SLICE = 12;

/**
 * Cuts work into slices, between which other tasks run. A slice goes on over calls: a loop of short
 * ones lets other tasks run too.
 */
export class TimeSlices {
  #end = 0;
  #over = false;

  /** Ends all work at its next pause. */
  end(): void {
    this.#over = true;
  }

  /** Lets other tasks run if the slice is over. @throws after an abort or {@link end} */
  async pause(signal?: AbortSignal): Promise<void> {
    if (performance.now() >= this.#end) {
      await nextTask();
      this.#end = performance.now() + SLICE;
    }
    signal?.throwIfAborted();
    if (this.#over) throw new Error('The engine has been destroyed.');
  }

  /** Does work, with a pause before it and at a `yield` if the slice is over. */
  async take<T>(work: PausableWork<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      if (performance.now() >= this.#end) await this.pause(signal);
      const { done, value } = work.next();
      if (done) return value;
    }
  }
}
