import { useSignal } from '@preact/signals';
import { caseStudy, type Measurement } from '../../index.ts';
import type { Study } from '../settings/trainer-options.ts';
import { texts } from '../texts/texts.ts';
import { type Axis, Chart, linearAxis, logarithmicAxis, type Series } from '../ui/chart.tsx';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatLoss, formatPercent, formatWhole } from '../ui/format.ts';

/**
 * A little above ln 3, the loss of a model that gives each of three classes the same probability.
 */
const TOP = 1.2;
/** The smallest loss on a logarithmic axis. */
const LEAST_LOSS = 1e-6;
/** Rows of the table behind the curves. */
const ROWS = 20;

interface Props {
  points: readonly Measurement[];
  testPoints: readonly Measurement[];
  /** The last step of the run, 0 where it has none. */
  stopStep: number;
  /** The run of the notes that this one repeats. */
  study: Study | undefined;
}

/** Loss and accuracy over the steps so far, with the published losses as marks. */
export function Curves({ points, testPoints, stopStep, study }: Props) {
  const { curves: words } = texts.value;
  const logarithmic = useSignal(false);
  const smoothing = useSignal(1);
  const end = Math.max(stopStep, points[points.length - 1]?.step ?? 0, 10);
  const x = linearAxis(words.step, end, niceStep(end / 6), formatWhole);
  const series = (value: (point: Measurement) => number): Series[] => [
    { class: 'ours', dash: '', points: smoothed(points, value, smoothing.value) },
    ...(testPoints.length > 0
      ? [{ class: 'other', dash: '5 3', points: smoothed(testPoints, value, smoothing.value) }]
      : []),
  ];
  const published = study ? publishedPoints(study) : [];
  return (
    <figure class="curves" aria-labelledby="curves-title">
      <div class="title">
        <h2 id="curves-title">{words.title}</h2>
        <Legend test={testPoints.length > 0} published={study !== undefined} />
      </div>
      <Chart
        description={words.description(words.loss)}
        height={200}
        left={56}
        x={x}
        y={logarithmic.value ? logarithmicLoss(points, testPoints) : linearLoss(points, testPoints)}
        series={[
          ...series(({ loss }) => (logarithmic.value ? Math.max(loss, LEAST_LOSS) : loss)),
          { class: 'mark', marks: 4, points: published },
        ]}
      />
      <Chart
        description={words.description(words.accuracy)}
        height={144}
        left={56}
        x={x}
        y={{ ...linearAxis(words.accuracy, 1, 0.5, (value) => formatPercent(value, 0)) }}
        series={series(({ accuracy }) => accuracy)}
      />
      {jumps(points) && <p class="remark">{words.jumps}</p>}
      <figcaption class="options">
        <label class="check">
          <input
            type="checkbox"
            checked={logarithmic.value}
            onChange={({ currentTarget }) => {
              logarithmic.value = currentTarget.checked;
            }}
          />
          {words.log}
        </label>
        <label class="check" title={words.smoothingHint}>
          {words.smoothing}
          <input
            type="range"
            min={1}
            max={21}
            step={2}
            value={smoothing.value}
            onInput={({ currentTarget }) => {
              smoothing.value = Number(currentTarget.value);
            }}
          />
        </label>
      </figcaption>
      <CurveTable points={points} testPoints={testPoints} />
    </figure>
  );
}

function Legend({ test, published }: { test: boolean; published: boolean }) {
  const { curves: words } = texts.value;
  return (
    <ul class="legend">
      <li>
        <LineSample />
        {words.train}
      </li>
      {test && (
        <li class="other">
          <LineSample dash="5 3" />
          {words.test}
        </li>
      )}
      {published && (
        <li>
          <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
            <circle class="mark" cx="7" cy="7" r="4" />
          </svg>
          {words.published}
        </li>
      )}
    </ul>
  );
}

function LineSample({ dash }: { dash?: string }) {
  return (
    <svg width="24" height="14" viewBox="0 0 24 14" aria-hidden="true">
      <path class="line" d="M1 7h22" stroke-dasharray={dash} />
    </svg>
  );
}

function CurveTable({ points, testPoints }: Pick<Props, 'points' | 'testPoints'>) {
  const { curves: words, bar } = texts.value;
  const open = useSignal(false);
  const tests = new Map(testPoints.map((point) => [point.step, point]));
  const stride = Math.max(1, Math.ceil(points.length / ROWS));
  const rows = points.filter((_, i) => i % stride === 0 || i === points.length - 1);
  return (
    <details
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open;
      }}
    >
      <summary>{words.table}</summary>
      <table hidden={!open.value}>
        <ColumnHeads
          names={[
            words.step,
            bar.figures.loss,
            bar.figures.accuracy,
            ...(testPoints.length > 0 ? [bar.figures.testLoss, bar.figures.testAccuracy] : []),
          ]}
        />
        <tbody>
          {(open.value ? rows : []).map(({ step, loss, accuracy }) => {
            const test = tests.get(step);
            return (
              <tr key={step}>
                <th scope="row">{formatWhole(step)}</th>
                <td>{formatLoss(loss)}</td>
                <td>{formatPercent(accuracy)}</td>
                {testPoints.length > 0 && (
                  <>
                    <td>{test && formatLoss(test.loss)}</td>
                    <td>{test && formatPercent(test.accuracy)}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

/** The last points, in which a jumping loss rises by this share of the first loss, all rises together. */
const LATE = 20;
const RISES = 0.75;

/** Whether the loss goes up and down instead of coming to rest. */
function jumps(points: readonly Measurement[]): boolean {
  if (points.length <= LATE) return false;
  const losses = points.slice(-LATE - 1).map(({ loss }) => loss);
  const rises = losses.slice(1).map((loss, i) => Math.max(0, loss - losses[i]));
  return rises.reduce((sum, rise) => sum + rise) > RISES * points[0].loss;
}

function publishedPoints(study: Study): { x: number; y: number }[] {
  const { published, every } = caseStudy[study];
  return published.losses.map((loss, i) => ({ x: i * every, y: loss }));
}

/** The mean of the points around each point, of fewer at the ends. */
function smoothed(
  points: readonly Measurement[],
  value: (point: Measurement) => number,
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
function linearLoss(...curves: (readonly Measurement[])[]): Axis {
  const top = curves.flat().reduce((most, { loss }) => Math.max(most, loss), TOP);
  const digits = top > 3 ? 0 : 1;
  return linearAxis(texts.value.bar.figures.loss, top, niceStep(top / 3), (value) =>
    value < 1e5 ? value.toFixed(digits) : value.toExponential(0).replace('+', ''),
  );
}

/** The powers of ten around all losses. */
function logarithmicLoss(...curves: (readonly Measurement[])[]): Axis {
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

/** The least of 1, 2 and 5 times a power of ten that is not below a distance. */
function niceStep(distance: number): number {
  const power = 10 ** Math.floor(Math.log10(distance));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= distance) as number;
}
