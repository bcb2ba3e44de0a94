import { caseStudy } from '../../../index.ts';
import type { RunView } from '../../session/run-view.ts';
import type { Measured } from '../../settings/network.ts';
import { isRegression, type Settings } from '../../settings/settings.ts';
import type { Study } from '../../settings/study.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { texts } from '../../texts/texts.ts';
import { type Axis, type ChartProps, linearAxis, logarithmicAxis, type Series } from '../../ui/chart.tsx';
import { formatPercent, formatWhole } from '../../ui/format.ts';
import { scoreNames } from '../../ui/score.ts';
import { niceStep } from '../../ui/ticks.ts';
import { chosen } from '../chosen.ts';

/**
 * A little above ln 3, the loss of a model that gives each of three classes the same probability.
 */
const TOP = 1.2;
/** The smallest loss on a logarithmic axis. */
const LEAST_LOSS = 1e-6;

export interface Run {
  points: readonly Measured[];
  testPoints: readonly Measured[];
  settings: Settings;
  /** The run of the notes that this one repeats. */
  study: Study | undefined;
  /** The curves of the course that the run has left. */
  former?: RunView['former'];
  /** The step that is shown, if it is an earlier one. */
  shown?: number | undefined;
}

/** Loss and accuracy, or r², over the steps so far, as a person has chosen to see them. */
export function curveCharts({ points, testPoints, settings, study, former, shown }: Run): ChartProps[] {
  const { curves: words } = laterTexts.value;
  const { stopStep } = settings;
  const regression = isRegression(settings);
  const score = scoreNames(settings).train;
  const [logarithmic, smoothing] = [chosen.logarithmic.value, chosen.smoothing.value];
  const last = [points, former?.points ?? []].map((points) => points[points.length - 1]?.step ?? 0);
  const end = Math.max(stopStep, ...last, 10);
  const x = linearAxis(words.step, end, niceStep(end / 6), formatWhole);
  const left = [former?.points ?? [], former?.testPoints ?? []];
  const series = (value: (point: Measured) => number): Series[] => [
    ...left
      .filter((points) => points.length > 0)
      .map((points, i) => ({
        class: 'former',
        dash: i > 0 ? '5 3' : '',
        points: smoothed(points, value, smoothing),
      })),
    { class: 'ours', dash: '', points: smoothed(points, value, smoothing) },
    ...(testPoints.length > 0
      ? [{ class: 'other', dash: '5 3', points: smoothed(testPoints, value, smoothing) }]
      : []),
  ];
  return [
    {
      description: words.description(words.loss),
      height: 200,
      left: 56,
      x,
      y: logarithmic
        ? logarithmicLoss(points, testPoints, ...left)
        : linearLoss(regression ? points[0]?.loss : TOP, points, testPoints, ...left),
      series: [
        ...series(({ loss }) => (logarithmic ? Math.max(loss, LEAST_LOSS) : loss)),
        { class: 'mark', marks: 4, points: study ? publishedPoints(study) : [] },
      ],
      cursor: shown,
    },
    {
      description: words.description(score),
      height: 144,
      left: 56,
      x,
      y: linearAxis(score, 1, 0.5, (value) => (regression ? String(value) : formatPercent(value, 0))),
      series: series(({ accuracy = 0, r2 = accuracy }) => Math.max(0, r2)),
      cursor: shown,
    },
  ];
}

function publishedPoints(study: Study): { x: number; y: number }[] {
  const { published, every } = caseStudy[study];
  return published.losses.map((loss, i) => ({ x: i * every, y: loss }));
}

/** The mean of the points around each point, of fewer at the ends. */
function smoothed(
  points: readonly Measured[],
  value: (point: Measured) => number,
  width: number,
): { x: number; y: number }[] {
  const half = (width - 1) / 2;
  return points.map(({ step }, i) => {
    const reach = Math.min(half, i, points.length - 1 - i);
    let sum = 0;
    for (let j = i - reach; j <= i + reach; j++) sum += value(points[j]);
    return { x: step, y: sum / (2 * reach + 1) };
  });
}

/** The axis stays the same while the curve grows, unless the loss leaves it. */
function linearLoss(least = TOP, ...curves: (readonly Measured[])[]): Axis {
  const top = curves.flat().reduce((most, { loss }) => Math.max(most, loss), least) || 1;
  const step = niceStep(top / 3);
  const digits = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return linearAxis(texts.value.bar.figures.loss, top, step, (value) =>
    value < 1e5 ? value.toFixed(digits) : value.toExponential(0).replace('+', ''),
  );
}

/** The powers of ten around all losses. */
function logarithmicLoss(...curves: (readonly Measured[])[]): Axis {
  const losses = curves.flat().map(({ loss }) => Math.max(loss, LEAST_LOSS));
  const from = Math.floor(Math.log10(losses.reduce((least, loss) => Math.min(least, loss), 0.1)));
  const to = Math.ceil(Math.log10(losses.reduce((most, loss) => Math.max(most, loss), TOP)));
  const powers = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  return logarithmicAxis(texts.value.bar.figures.loss, [10 ** from, 10 ** to], powers, (value) =>
    value >= 0.01 && value < 1000
      ? String(Number(value.toPrecision(1)))
      : value.toExponential(0).replace('-', '−').replace('+', ''),
  );
}
