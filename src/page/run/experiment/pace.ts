/** A slowed run makes up for at most so many milliseconds of delay. */
const MOST_LATE = 200;

/**
 * Waits until the next steps are due, or until the signal is aborted.
 * @param due when the last steps were due; @param seconds that the last steps should take
 * @returns when the next steps are due; long delays are not made up for
 */
export function keepPace(due: number, seconds: number, signal: AbortSignal): Promise<number> {
  const now = performance.now();
  const next = Math.max(due + 1000 * seconds, now - MOST_LATE);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(next);
    };
    const timer = setTimeout(end, next - now);
    signal.addEventListener('abort', end);
  });
}
