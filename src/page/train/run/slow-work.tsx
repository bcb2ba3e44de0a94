import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../session/session.ts';
import { parameterCount, sizesOf } from '../../settings/work.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { language, texts } from '../../texts/texts.ts';
import { formatWhole, threeDigits } from '../../ui/format.ts';
import { hasLongSteps, isOpening, stepSeconds } from './slow-run.ts';

/** Seconds of an opening from which the page tells of it. */
const LONG_OPENING = 2;

/**
 * What an opening or a step takes, how far it is, and the end of an opening.
 * @param since when the opening began, in milliseconds of the page's clock
 */
export function SlowWork({ session, since }: { session: Session; since: number }) {
  const run = session.run.value;
  const settings = session.settings.value;
  const { slow: words } = laterTexts.value;
  const opening = isOpening(run);
  const training = run.status === 'training' || run.status === 'starting';
  const long = hasLongSteps(run);
  const elapsed = useElapsed(
    opening || (long && training),
    opening ? since : `${run.status} ${run.latest?.step}`,
  );
  const parameters = new Intl.NumberFormat(language.value, {
    notation: 'compact',
    compactDisplay: 'long',
    maximumSignificantDigits: 2,
  }).format(parameterCount(sizesOf(settings, session.data.value)));
  if (opening) {
    if (elapsed < LONG_OPENING) return null;
    return (
      <p class="slow">
        {words.opening(parameters, formatWhole(Math.floor(elapsed)))}{' '}
        <progress aria-label={words.openingLabel} />{' '}
        <button type="button" class="small" title={words.cancelHint} onClick={() => session.cancel()}>
          {texts.value.bar.cancel}
        </button>
      </p>
    );
  }
  if (!long || !['untrained', 'paused', 'starting', 'training'].includes(run.status)) return null;
  const seconds = stepSeconds(run);
  return (
    <p class="slow">
      {words.step(parameters, threeDigits(Number(seconds.toPrecision(2))))}{' '}
      {training && <progress max={1} value={Math.min(1, elapsed / seconds)} aria-label={words.stepLabel} />}
    </p>
  );
}

/** Seconds since `key` has changed, or since that moment if it is one, while `active`. */
function useElapsed(active: boolean, key: string | number): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const start = typeof key === 'number' ? key : performance.now();
    setElapsed((performance.now() - start) / 1000);
    if (!active) return;
    const timer = setInterval(() => setElapsed((performance.now() - start) / 1000), 500);
    return () => clearInterval(timer);
  }, [active, key]);
  return elapsed;
}
