import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { CaseStudy, Measurement } from '../index.ts';
import { axisStyle, colour, useChart } from './chart.ts';
import { formatWhole } from './format.ts';

const HEIGHT = 224;
/** A little above ln 3, the loss of a model that gives each class the same probability. */
const TOP = 1.2;

/** The loss over the steps so far, with the published losses as marks. */
export function LossChart({ study, points }: { study: CaseStudy; points: Measurement[] }) {
  const data = useMemo(() => chartData(study, points), [study, points]);
  const place = useChart(study, (width) => options(width, study.steps), data);
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
      <div
        ref={place}
        class="plot"
        role="img"
        aria-label="Loss against step, of this run and as published. The printout below has the figures."
      />
    </figure>
  );
}

/** Both series over the steps of either. */
function chartData({ every, published }: CaseStudy, points: Measurement[]): uPlot.AlignedData {
  const own = new Map(points.map(({ step, loss }) => [step, loss]));
  const printed = new Map(published.losses.map((loss, i) => [i * every, loss]));
  const steps = [...new Set([...own.keys(), ...printed.keys()])].sort((a, b) => a - b);
  // In uPlot undefined is "no value here, the line goes on"; null would break it.
  return [steps, steps.map((step) => own.get(step)), steps.map((step) => printed.get(step))];
}

function options(width: number, steps: number): uPlot.Options {
  const axis = axisStyle();
  return {
    width,
    height: HEIGHT,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    // The frame holds still while the curve grows, unless the loss leaves it.
    scales: { x: { time: false, range: [0, steps] }, y: { range: (_, __, max) => [0, Math.max(TOP, max)] } },
    axes: [
      { ...axis, label: 'step', labelSize: 20, size: 28, values: (_, values) => values.map(formatWhole) },
      {
        ...axis,
        label: 'loss',
        incrs: [0.2, 0.5, 1, 2, 5, 10, 100, 1000],
        labelSize: 20,
        size: 36,
        values: (_, values) => values.map((value) => value.toFixed(1)),
      },
    ],
    series: [
      {},
      { stroke: () => colour('--accent'), width: 2, pxAlign: 0, points: { show: false }, spanGaps: true },
      {
        stroke: () => colour('--text'),
        paths: () => null,
        points: { show: true, size: 8, width: 1.5, stroke: () => colour('--text'), fill: 'transparent' },
      },
    ],
  };
}
