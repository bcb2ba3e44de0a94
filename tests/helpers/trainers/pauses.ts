import { onTestFinished, vi } from 'vitest';

/** Makes a slice of time end at each look at the clock. @returns the number of pauses so far */
export function endlessSlices(atPause: () => void = () => {}): () => number {
  let [now, pauses] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1e6));
  const { setImmediate } = globalThis;
  const spy = vi.spyOn(globalThis, 'setImmediate');
  spy.mockImplementation(((resume: () => void) =>
    setImmediate(() => {
      pauses++;
      atPause();
      resume();
    })) as typeof setImmediate);
  onTestFinished(() => void vi.restoreAllMocks());
  return () => pauses;
}
