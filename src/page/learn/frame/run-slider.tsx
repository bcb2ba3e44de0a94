import { laterTexts } from '../../texts/later/later.ts';
import { texts } from '../../texts/texts.ts';
import { formatLoss, formatWhole } from '../../ui/format.ts';
import { formatScore } from '../../ui/score.ts';
import { StepSlider } from '../../ui/step-slider.tsx';
import { notesRun } from '../model/notes-run.ts';

/** The slider over the shared run, what the run is at the step that is shown, and the way on from there. */
export function RunSlider() {
  const run = notesRun();
  const { time: words } = laterTexts.value;
  const { bar } = texts.value;
  const { latest, sought = latest?.step ?? 0, end = latest?.step ?? 0, status } = run.view.value;
  const training = status === 'training' || status === 'starting';
  return (
    <>
      <StepSlider
        label={words.label}
        hint={words.hint}
        words={words.value(formatWhole(sought), formatWhole(end))}
        first={0}
        end={Math.max(end, sought)}
        max={run.settings.value.stopStep}
        shown={sought}
        onShow={(step) => run.look(step)}
      />
      <p class="run-line">
        <button type="button" class="small" onClick={() => (training ? run.pause() : run.train())}>
          {training ? bar.pause : bar.train}
        </button>
        <span class="reading">
          {latest &&
            `${bar.figures.step} ${formatWhole(latest.step)} · ${bar.figures.loss} ${formatLoss(latest.loss)} · ${bar.figures.accuracy} ${formatScore(latest)}`}
        </span>
      </p>
    </>
  );
}
