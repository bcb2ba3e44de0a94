import { useRef } from 'preact/hooks';
import { rateAt } from '../../settings/schedule.ts';
import type { Settings } from '../../settings/settings.ts';
import { settingsTexts } from '../../texts/settings/settings.ts';
import { formatSigned, formatWhole } from '../../ui/format.ts';
import { useWidth } from '../../ui/width.ts';

/** Pixels of the picture, and between its edges and the curve: half the point of now. */
const HEIGHT = 64;
const EDGE = 5;

interface Props {
  settings: Settings;
  /** The step at which the run stands. */
  step: number;
}

/** The learning rate over the steps of a run, with the point of now. */
export function ScheduleCurve({ settings, step }: Props) {
  const { schedule: words, settings: names } = settingsTexts.value;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element);
  const end = lastStep(settings, step);
  const rate = (at: number) => rateAt(settings, at);
  const across = Math.max(0, width - 2 * EDGE);
  const steps = Array.from({ length: Math.ceil(across) + 1 }, (_, i) => Math.round((i / across) * end));
  const most = Math.max(...steps.map(rate), 1e-30);
  const [x, y] = [
    (at: number) => EDGE + (at / end) * across,
    (value: number) => EDGE + (1 - value / most) * (HEIGHT - 2 * EDGE),
  ];
  const place = (at: number) => `${x(at).toFixed(1)} ${y(rate(at)).toFixed(1)}`;
  const told = (at: number) => words.at(formatSigned(rate(at)), formatWhole(at));
  return (
    <figure class="schedule">
      <div
        ref={element}
        role="img"
        aria-label={`${names.learningRate.label}: ${marks(settings, end).map(told).join(', ')}.`}
        style={{ height: `${HEIGHT}px` }}
      >
        {across > 0 && (
          <svg width={width} height={HEIGHT} aria-hidden="true">
            <path class="grid" d={`M${EDGE} ${HEIGHT - EDGE}h${across}`} />
            <path class="line" d={`M${steps.map(place).join('L')}`} />
            <circle class="now" cx={x(step)} cy={y(rate(step))} r={EDGE - 1} />
          </svg>
        )}
      </div>
      <figcaption>{words.now(told(step), formatWhole(end))}</figcaption>
    </figure>
  );
}

/** The last step that is drawn: that of the run, or one where the schedule has shown its course. */
function lastStep({ stopStep, schedule, warmup, decayEvery, cosineSteps }: Settings, step: number): number {
  const course = { constant: warmup, step: 5 * decayEvery, exponential: 5 * decayEvery, cosine: cosineSteps };
  return Math.max(stopStep > 0 ? stopStep : warmup + course[schedule], step, 1);
}

/** The steps whose rates are told: the ends, the end of the warm-up, and three in between. */
function marks({ warmup }: Settings, end: number): number[] {
  const steps = [0, warmup, ...[0.25, 0.5, 0.75, 1].map((share) => Math.round(share * end))];
  return [...new Set(steps)].filter((step) => step <= end).sort((a, b) => a - b);
}
