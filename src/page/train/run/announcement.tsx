import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../../run/protocol.ts';
import type { RunView } from '../../session/run-view.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { texts } from '../../texts/texts.ts';
import { formatLoss, formatWhole } from '../../ui/format.ts';
import { formatScore } from '../../ui/score.ts';

/** Milliseconds between two announcements of a run that goes on. */
const ANNOUNCED = 15_000;

/** The figures during a run, now and then, for screen readers. */
export function Announcement({ run, score }: { run: RunView; score: string }) {
  const told = useSignal('');
  const latest = useRef(run.latest);
  latest.current = run.latest;
  const training = run.status === 'training';
  useEffect(() => {
    if (!training) return;
    const tell = () => {
      if (!latest.current) return;
      const { step, loss } = latest.current;
      const scored = `${score} ${formatScore(latest.current)}`;
      told.value = texts.value.bar.under(formatWhole(step), formatLoss(loss), scored);
    };
    const timer = setInterval(tell, ANNOUNCED);
    return () => {
      clearInterval(timer);
      told.value = '';
    };
  }, [training]);
  return (
    <p class="hidden" aria-live="polite">
      {told.value}
    </p>
  );
}

/** What has failed, and what to do. */
export function failureInWords(problem: Problem | undefined): string {
  const { failed } = laterTexts.value;
  if (problem?.kind === 'diverged') return failed.diverged(formatWhole(problem.step));
  // Without workers only a benchmark fails.
  return failed[problem && problem.kind !== 'frame' ? problem.kind : 'unknown'];
}
