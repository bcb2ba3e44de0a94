import type { CaseStudy, Measurement } from '../index.ts';
import { Chart, linearAxis } from './chart.tsx';
import { formatWhole } from './format.ts';

/** A little above ln 3, the loss of a model that gives each class the same probability. */
const TOP = 1.2;

/** The loss over the steps so far, with the published losses as marks. */
export function LossChart({ study, points }: { study: CaseStudy; points: Measurement[] }) {
  const { steps, every, published } = study;
  // The frame holds still while the curve grows, unless the loss leaves it.
  const top = points.reduce((most, { loss }) => Math.max(most, loss), TOP);
  return (
    <figure class="curve" aria-labelledby="loss-title">
      <div class="title">
        <h2 id="loss-title">Loss</h2>
        <ul class="legend">
          <li>
            <svg width="24" height="14" viewBox="0 0 24 14" aria-hidden="true">
              <path class="line" d="M1 7h22" />
            </svg>
            this run
          </li>
          <li>
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
              <circle class="mark" cx="7" cy="7" r="4" />
            </svg>
            published
          </li>
        </ul>
      </div>
      <Chart
        description="Loss against step, of this run and as published. The printout below has the figures."
        height={224}
        left={56}
        x={linearAxis('step', steps, steps / 10, formatWhole)}
        y={linearAxis('loss', top, niceStep(top / 3), (value) => value.toFixed(top > 3 ? 0 : 1))}
        series={[
          { class: 'ours', dash: '', points: points.map(({ step, loss }) => ({ x: step, y: loss })) },
          { class: 'mark', marks: 4, points: published.losses.map((loss, i) => ({ x: i * every, y: loss })) },
        ]}
      />
    </figure>
  );
}

/** The least of 1, 2 and 5 times a power of ten that is not below a distance. */
function niceStep(distance: number): number {
  const power = 10 ** Math.floor(Math.log10(distance));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= distance) as number;
}
