import { useEffect, useState } from 'preact/hooks';
import type { RunView, Session } from '../session/session.ts';
import { parameterCount } from '../settings/work.ts';
import { language, texts } from '../texts/texts.ts';
import { formatWhole, threeDigits } from '../ui/format.ts';

/** Seconds of an opening, and of a step, from which the page tells of them. */
const LONG_OPENING = 2;
const LONG_STEP = 1;

/** Whether a run is being opened. Training may have been asked for already. */
const isOpening = ({ status, latest }: RunView): boolean =>
  status === 'preparing' || (status === 'starting' && !latest);

/** Seconds of a step: measured while training, else guessed from a forward pass. */
const stepSeconds = ({ stepsPerSecond, stepSeconds = 0 }: RunView): number =>
  stepsPerSecond ? 1 / stepsPerSecond : stepSeconds;

/** Whether a step takes so long that its end is worth waiting for. */
export const hasLongSteps = (run: RunView): boolean => stepSeconds(run) >= LONG_STEP;

/** What an opening or a step takes, how far it is, and the end of an opening. */
export function SlowWork({ session }: { session: Session }) {
  const run = session.run.value;
  const settings = session.settings.value;
  const { bar: words } = texts.value;
  const opening = isOpening(run);
  const training = run.status === 'training' || run.status === 'starting';
  const long = hasLongSteps(run);
  const elapsed = useElapsed(
    opening || (long && training),
    opening ? 'opening' : `${run.status} ${run.latest?.step}`,
  );
  const parameters = new Intl.NumberFormat(language.value, {
    notation: 'compact',
    compactDisplay: 'long',
    maximumSignificantDigits: 2,
  }).format(parameterCount(settings));
  if (opening) {
    if (elapsed < LONG_OPENING) return null;
    return (
      <p class="slow">
        {words.opening(parameters, formatWhole(Math.floor(elapsed)))}{' '}
        <progress aria-label={words.openingLabel} />{' '}
        <button type="button" class="small" title={words.cancelHint} onClick={() => session.cancel()}>
          {words.cancel}
        </button>
      </p>
    );
  }
  if (!long || !['untrained', 'paused', 'starting', 'training'].includes(run.status)) return null;
  const seconds = stepSeconds(run);
  return (
    <p class="slow">
      {words.slowStep(parameters, threeDigits(Number(seconds.toPrecision(2))))}{' '}
      {training && <progress max={1} value={Math.min(1, elapsed / seconds)} aria-label={words.stepLabel} />}
    </p>
  );
}

/** Seconds since `key` has changed, while `active`. */
function useElapsed(active: boolean, key: string): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    setElapsed(0);
    if (!active) return;
    const start = performance.now();
    const timer = setInterval(() => setElapsed((performance.now() - start) / 1000), 500);
    return () => clearInterval(timer);
  }, [active, key]);
  return elapsed;
}
