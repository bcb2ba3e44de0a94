/** The longest delay of a timer, in milliseconds; a timer with a longer delay fires at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `act` after some milliseconds, also after more than a timer can wait.
 * @returns a function that cancels the call
 */
export function after(milliseconds: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (left: number) => {
    timer = left > LONGEST ? setTimeout(wait, LONGEST, left - LONGEST) : setTimeout(act, left);
  };
  wait(milliseconds);
  return () => clearTimeout(timer);
}

/**
 * Resolves in a new task. Browsers delay nested timers by 4 ms, so a message replaces the timer.
 * Where there is `setImmediate` it comes first: Deno delivers 64 messages before it looks at its
 * timers, and an abort by a timer would come late.
 */
export function nextTask(): Promise<void> {
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
