import type { RunView } from '../../session/run-view.ts';
import type { Session } from '../../session/session.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { formatWhole } from '../../ui/format.ts';
import { StepSlider } from '../../ui/step-slider.tsx';

/** Where the run stands, and which of its steps is shown. */
function placeOf({ latest, sought, end = latest?.step ?? 0 }: RunView): { shown: number; end: number } {
  return { shown: sought ?? latest?.step ?? 0, end: Math.max(end, sought ?? 0) };
}

/** The slider over the steps of the run so far, as wide as the bar. */
export function TimeSlider({ session }: { session: Session }) {
  const { time: words } = laterTexts.value;
  const run = session.run.value;
  const { shown, end } = placeOf(run);
  const { first = 0 } = run;
  // Of the failures only a divergence leaves its earlier steps.
  const gone = run.status === 'failed' && run.problem?.kind !== 'diverged';
  if (!run.latest || gone || end <= first) return null;
  return (
    <>
      <StepSlider
        label={words.label}
        hint={words.hint}
        words={words.value(formatWhole(shown), formatWhole(end))}
        {...{ first, end, shown }}
        max={Math.max(end, session.settings.value.stopStep)}
        onShow={(step) => session.look(step)}
      />
      {run.end !== undefined && (
        <>
          <span class="goes-on">{words.goesOn}</span>
          <button
            type="button"
            class="to-end"
            title={words.toEndHint(formatWhole(end))}
            onClick={() => session.look(end)}
          >
            {words.toEnd}
          </button>
        </>
      )}
    </>
  );
}

/** The status of a run of which an earlier step is shown, as the control bar says it. */
export const lookingBack = ({ latest, end = 0 }: RunView): string =>
  laterTexts.value.time.shown(formatWhole(latest?.step ?? 0), formatWhole(end));
