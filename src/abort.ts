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
 * The abort of a caller's signal, inside the library. The caller's reason may be any error, also
 * one by which an engine tells that its device is lost.
 */
class Abort extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('The call has been aborted.');
    this.reason = reason;
  }
}

/**
 * A signal for the library's own work, which aborts together with the caller's signal.
 * @returns the signal, whose reason {@link callersReason} turns into the caller's, and `end`, which
 * leaves the caller's signal
 */
export function ownSignal(given: AbortSignal): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const end = onAbort(given, () => controller.abort(new Abort(given.reason)));
  return { signal: controller.signal, end };
}

/** The error for the caller: the reason of the caller's signal in place of an {@link ownSignal}'s. */
export function callersReason(error: unknown): unknown {
  return error instanceof Abort ? error.reason : error;
}

/**
 * Calls `act` at the abort, or at once if the signal has already aborted.
 * @returns a function that cancels the call
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act);
  return () => signal.removeEventListener('abort', act);
}

/** Like {@link onAbort}, some milliseconds later. */
function afterAbort(signal: AbortSignal, milliseconds: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const leave = onAbort(signal, () => {
    timer = setTimeout(act, milliseconds);
  });
  return () => {
    clearTimeout(timer);
    leave();
  };
}
