import type { RateTrial } from '../../run/protocol.ts';
import type { Session } from '../../session/session.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Chart, linearAxis, logarithmicAxis } from '../../ui/chart.tsx';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatSigned, formatWhole } from '../../ui/format.ts';

/** Rows of the table behind the curve. */
const ROWS = 20;

/** A trial of learning rates beside the run, whose suggestion one press takes. */
export function RateFinder({ session }: { session: Session }) {
  const { finder: words, problems } = laterTexts.value;
  const { trial: status, status: state } = session.run.value;
  const running = status.state === 'running';
  const ready = ['untrained', 'paused', 'finished'].includes(state);
  const whyNot = ready ? undefined : words.pauseFirst;
  return (
    <div class="finder">
      <p class="timing-control">
        {running ? (
          <button type="button" class="small" onClick={() => session.pause()}>
            {words.cancel}
          </button>
        ) : (
          <button
            type="button"
            class="small"
            title={whyNot ?? words.hint}
            aria-disabled={!ready}
            onClick={() => ready && session.findRate()}
          >
            {words.start}
          </button>
        )}
        {running && <progress max={1} value={status.progress} aria-label={words.progress} />}
        {!running && state === 'training' && <span class="hint">{words.pauseFirst}</span>}
      </p>
      {status.state === 'failed' && (
        <p class="hint" role="alert">
          {problems.happened(status.problem)} {words.failed}
        </p>
      )}
      {status.state === 'done' && <Trial session={session} trial={status.trial} />}
    </div>
  );
}

/** The curve of a trial, with its suggestion. */
function Trial({ session, trial }: { session: Session; trial: RateTrial }) {
  const { finder: words } = laterTexts.value;
  const { rates, losses, step } = trial;
  const { learningRate } = session.settings.value;
  // A rate of two digits is as good, and can be told.
  const suggestion = trial.suggestion && Number(trial.suggestion.toPrecision(2));
  const taken = suggestion === learningRate;
  // The last loss of a trial may be beyond all measure.
  const top = Math.max(losses[0], ...losses.slice(0, -1));
  const points = rates.map((rate, i) => ({ x: rate, y: Math.min(losses[i], top) }));
  const [from, to] = [Math.log10(rates[0]), Math.log10(rates[rates.length - 1])].map(Math.round);
  const powers = Array.from({ length: Math.max(1, to - from) + 1 }, (_, i) => 10 ** (from + i));
  const ends = [rates[0], Math.max(rates[rates.length - 1], 10 * rates[0])] as const;
  const marked = points.filter(({ x }) => x === trial.suggestion);
  const told =
    suggestion === undefined
      ? words.none(formatWhole(step))
      : words.found(formatRate(suggestion), formatWhole(step));
  return (
    <figure aria-label={words.title}>
      <Chart
        description={words.description(formatRate(rates[0]), formatRate(rates[rates.length - 1]))}
        height={152}
        left={56}
        x={logarithmicAxis(
          words.rate,
          ends,
          powers.filter((power) => power <= ends[1]),
          formatRate,
        )}
        y={linearAxis(words.loss, top, top / 2, (value) => String(Number(value.toPrecision(2))))}
        series={[
          { class: 'ours', dash: '', points },
          { class: 'other', marks: 5, points: marked },
        ]}
      />
      <figcaption>
        <p role="status">{told}</p>
      </figcaption>
      {suggestion !== undefined && (
        <button
          type="button"
          class="small"
          aria-disabled={taken}
          title={words.takeHint}
          onClick={() => taken || session.change({ learningRate: suggestion })}
        >
          {taken ? words.taken(formatRate(suggestion)) : words.take(formatRate(suggestion))}
        </button>
      )}
      <TrialTable trial={trial} />
    </figure>
  );
}

function TrialTable({ trial: { rates, losses } }: { trial: RateTrial }) {
  const { finder: words } = laterTexts.value;
  const stride = Math.max(1, Math.ceil(rates.length / ROWS));
  return (
    <details>
      <summary>{words.table}</summary>
      <table>
        <ColumnHeads names={[words.rate, words.loss]} />
        <tbody>
          {rates.map(
            (rate, i) =>
              (i % stride === 0 || i === rates.length - 1) && (
                <tr key={rate}>
                  <th scope="row">{formatRate(rate)}</th>
                  <td>{formatSigned(losses[i])}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
    </details>
  );
}

/** Such as `0.012` or `1e−5`. */
function formatRate(rate: number): string {
  const rounded = Number(rate.toPrecision(2));
  return rounded >= 1e-3 ? String(rounded) : rounded.toExponential().replace('-', '−');
}
