/** Work that can pause: a few milliseconds at most lie between two `yield`s. */
export type PausableWork = Generator<void, void, void>;

/** Does all of the work without a pause. */
export function complete(work: PausableWork): void {
  while (!work.next().done);
}

/**
 * Milliseconds of work between two tasks of the event loop: a page stays responsive, and an abort
 * takes effect.
 */
const SLICE = 12;

/** Cuts work into slices, between which other tasks run. */
export class TimeSlices {
  #end = 0;
  #over = false;

  /** Begins a slice. */
  begin(): void {
    this.#end = performance.now() + SLICE;
  }

  /** Ends all work at its next pause. */
  end(): void {
    this.#over = true;
  }

  /** Lets other tasks run if the slice is over. @throws after an abort or {@link end} */
  async pause(signal?: AbortSignal): Promise<void> {
    if (performance.now() >= this.#end) {
      await nextTask();
      this.begin();
    }
    signal?.throwIfAborted();
    if (this.#over) throw new Error('The engine has been destroyed.');
  }

  /** Does work, with a pause at each `yield`. */
  async take(work: PausableWork, signal?: AbortSignal): Promise<void> {
    while (!work.next().done) await this.pause(signal);
  }
}

/**
 * Resolves in a new task. Browsers delay nested timers by 4 ms, so a message replaces the timer.
 * Where there is `setImmediate` it comes first: Deno delivers 64 messages before it looks at its
 * timers, and an abort by a timer would come late.
 */
function nextTask(): Promise<void> {
  const immediate: unknown = Reflect.get(globalThis, 'setImmediate');
  return new Promise((resolve) => {
    if (typeof immediate === 'function') {
      immediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
