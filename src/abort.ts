/**
 * Waits until work ends or the signal aborts.
 * @throws the signal's reason after an abort; the work goes on, and its later errors are dropped
 */
export async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  let end = () => {};
  const aborted = new Promise<never>((_, reject) => {
    // The abort counts in a new task, so that the result of finished work comes first.
    end = afterAbort(signal, 0, () => reject(signal.reason));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    end();
  }
}

/**
 * Delays an abort.
 * @returns `late`, which aborts `milliseconds` after `signal` with the same reason, and `end`,
 * which cancels that
 */
export function delayed(signal: AbortSignal, milliseconds: number): { late: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const end = afterAbort(signal, milliseconds, () => controller.abort(signal.reason));
  return { late: controller.signal, end };
}

/**
 * Calls `act` some milliseconds after the abort, or from now if the signal has already aborted.
 * @returns a function that cancels the wait
 */
function afterAbort(signal: AbortSignal, milliseconds: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    timer = setTimeout(act, milliseconds);
  };
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', wait);
  };
}
