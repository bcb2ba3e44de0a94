/**
 * Waits for work, but no longer than until an abort.
 * @throws the signal's reason; the work goes on by itself, and its failure is nobody's any more
 */
export async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  let end = () => {};
  const aborted = new Promise<never>((_, reject) => {
    // In a task of its own: work that has been done by now comes first.
    end = afterAbort(signal, 0, () => reject(signal.reason));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    end();
  }
}

/**
 * @returns a signal that is aborted so many milliseconds after another one, for the same reason;
 * and what ends that
 */
export function delayed(signal: AbortSignal, milliseconds: number): { late: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const end = afterAbort(signal, milliseconds, () => controller.abort(signal.reason));
  return { late: controller.signal, end };
}

/**
 * Acts so many milliseconds after an abort, or from now, where that has been.
 * @returns what ends the wait
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
