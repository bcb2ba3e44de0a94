import { useSignal } from '@preact/signals';
import type { Measured } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { texts } from '../../texts/texts.ts';
import { Chart } from '../../ui/chart.tsx';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatLoss, formatWhole } from '../../ui/format.ts';
import { formatScore, scoreNames } from '../../ui/score.ts';
import { chosen } from '../chosen.ts';
import { curveCharts, type Run } from './curve-charts.ts';

/** Rows of the table behind the curves. */
const ROWS = 20;

interface Props extends Run {
  settings: Settings;
}

/** Loss and accuracy over the steps so far, with the published losses as marks. */
export function Curves({ points, testPoints, settings, study, former, shown }: Props) {
  const { curves: words } = laterTexts.value;
  const charts = curveCharts({ points, testPoints, settings, study, former, shown });
  return (
    <figure class="curves" aria-labelledby="curves-title">
      <div class="title">
        <h2 id="curves-title">{words.title}</h2>
        <Legend test={testPoints.length > 0} published={study !== undefined} former={former !== undefined} />
      </div>
      {charts.map((chart) => (
        <Chart key={chart.y.label} {...chart} />
      ))}
      {jumps(points) && <p class="remark">{words.jumps}</p>}
      <figcaption class="options">
        <label class="check">
          <input
            type="checkbox"
            checked={chosen.logarithmic.value}
            onChange={({ currentTarget }) => {
              chosen.logarithmic.value = currentTarget.checked;
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
            value={chosen.smoothing.value}
            onInput={({ currentTarget }) => {
              chosen.smoothing.value = Number(currentTarget.value);
            }}
          />
        </label>
      </figcaption>
      <CurveTable points={points} testPoints={testPoints} settings={settings} />
    </figure>
  );
}

function Legend({ test, published, former }: Record<'test' | 'published' | 'former', boolean>) {
  const { curves: words } = laterTexts.value;
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
      {former && (
        <li class="former">
          <LineSample />
          {words.former}
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

function CurveTable({ points, testPoints, settings }: Pick<Props, 'points' | 'testPoints' | 'settings'>) {
  const { curves: words } = laterTexts.value;
  const { bar } = texts.value;
  const scores = scoreNames(settings);
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
            scores.train,
            ...(testPoints.length > 0 ? [bar.figures.testLoss, scores.test] : []),
          ]}
        />
        <tbody>
          {(open.value ? rows : []).map((point) => {
            const { step, loss } = point;
            const test = tests.get(step);
            return (
              <tr key={step}>
                <th scope="row">{formatWhole(step)}</th>
                <td>{formatLoss(loss)}</td>
                <td>{formatScore(point)}</td>
                {testPoints.length > 0 && (
                  <>
                    <td>{test && formatLoss(test.loss)}</td>
                    <td>{test && formatScore(test)}</td>
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
function jumps(points: readonly Measured[]): boolean {
  if (points.length <= LATE) return false;
  const losses = points.slice(-LATE - 1).map(({ loss }) => loss);
  const rises = losses.slice(1).map((loss, i) => Math.max(0, loss - losses[i]));
  return rises.reduce((sum, rise) => sum + rise) > RISES * points[0].loss;
}
