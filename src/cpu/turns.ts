/** Work that is done part by part, each of a few milliseconds at the most. */
export type Parts = Generator<void, void, void>;

/** Does all of it at once. */
export function complete(parts: Parts): void {
  while (!parts.next().done);
}

/**
 * Milliseconds of work between two turns of the event loop: a page stays responsive, an abort is
 * noticed.
 */
const TURN = 12;

/** Lets other tasks run while an engine works. */
export class Turns {
  #end = 0;
  #over = false;

  /** A turn begins now. */
  begin(): void {
    this.#end = performance.now() + TURN;
  }

  /** No work goes on beyond the present turn. */
  end(): void {
    this.#over = true;
  }

  /** Lets other tasks run when this one has had its turn, then notices an abort or the end. */
  async breathe(signal?: AbortSignal): Promise<void> {
    if (performance.now() >= this.#end) {
      await nextTask();
      this.begin();
    }
    signal?.throwIfAborted();
    if (this.#over) throw new Error('The engine has been destroyed.');
  }

  /** Does work part by part, breathing in between. */
  async take(parts: Parts, signal?: AbortSignal): Promise<void> {
    while (!parts.next().done) await this.breathe(signal);
  }
}

/**
 * Resolves in a new task. Not by a timer where something else will do: browsers hold nested ones
 * back to 4 ms. Deno has 64 messages delivered before it looks at its timers, and with them at
 * whoever wants to abort.
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
