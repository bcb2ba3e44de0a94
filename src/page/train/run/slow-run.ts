import { useEffect, useState } from 'preact/hooks';
import type { RunView } from '../../session/run-view.ts';

/** Seconds of a step from which the page tells of it. */
const LONG_STEP = 1;
/** Milliseconds of an opening after which the words for slow work load. */
const LATE = 1500;

/** Whether a run is being opened. Training may have been asked for already. */
export const isOpening = ({ status, latest }: RunView): boolean =>
  status === 'preparing' || (status === 'starting' && !latest);

/** Seconds of a step: measured while training, else guessed from a forward pass. */
export const stepSeconds = ({ stepsPerSecond, stepSeconds = 0 }: RunView): number =>
  stepsPerSecond ? 1 / stepsPerSecond : stepSeconds;

/** Whether a step takes so long that its end is worth waiting for. */
export const hasLongSteps = (run: RunView): boolean => stepSeconds(run) >= LONG_STEP;

/** When a slow opening or long steps began; undefined while the run is quick. */
export function useSlow(run: RunView): number | undefined {
  const [since, setSince] = useState<number>();
  const [opening, long] = [isOpening(run), hasLongSteps(run)];
  useEffect(() => {
    const now = performance.now();
    setSince(long && !opening ? now : undefined);
    if (!opening) return;
    const timer = setTimeout(() => setSince(now), LATE);
    return () => clearTimeout(timer);
  }, [opening, long]);
  return since;
}
