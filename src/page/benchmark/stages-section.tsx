import { formatLoss, formatMagnitude, formatPercent, formatWhole } from '../format.ts';
import { Scroll } from '../scroll.tsx';
import { agrees, type BenchmarkResults, type EntrantResult, STAGES } from './results.ts';
import { TimeCell } from './time-cell.tsx';
import { entrantName, formatRate, operationRate, STAGE_NAMES } from './words.ts';

/** What comes before the steps, the steps, and reading back, each apart. */
export function StagesSection({ results }: { results: BenchmarkResults }) {
  const { agreement, entrants, peak } = results;
  return (
    <section aria-labelledby="stages-title">
      <h2 id="stages-title">From nothing to a trained step</h2>
      <p class="remark">
        Median of all repetitions, which take turns, and the two quartiles. “Compile” is the making of a
        trainer on a new device, all kernels at once; the browser may remember some from before. “Upload” is
        the same on a device that has compiled them. “A step” is the mean over at least 50 ms of steps.
      </p>
      <Scroll label="Times of each stage">
        <table class="spreads">
          <caption class="hidden">Times of each stage</caption>
          <thead>
            <tr>
              <th scope="col">plan, arithmetic</th>
              {STAGES.map((stage) => (
                <th key={stage} scope="col">
                  {STAGE_NAMES[stage]}
                </th>
              ))}
              <th scope="col">repeated</th>
              <th scope="col">GFLOP/s</th>
              <th scope="col">loss differs by</th>
            </tr>
          </thead>
          <tbody>
            {entrants.map((entrant) => (
              <Row key={entrantName(entrant)} entrant={entrant} results={results} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {agreement && (
        <p class="remark">
          The CPU in float64 has the loss {formatLoss(agreement.loss)} after {agreement.steps} steps from the
          same weights; the last column tells how far the others are from it, so that nobody is fast and
          wrong.
        </p>
      )}
      {peak && (
        <p class="remark">
          GFLOP/s counts the multiplications and additions of the matrix products that the step needs,
          whatever a plan computes again. The adapter does {formatRate(peak)} GFLOP/s at the most, as measured
          here on numbers in registers; the share is of that.
        </p>
      )}
    </section>
  );
}

function Row({ entrant, results }: { entrant: EntrantResult; results: BenchmarkResults }) {
  const { failure, times, way, precision, loss, chosen } = entrant;
  const { agreement, peak } = results;
  const name = (
    <th scope="row">
      {entrantName(entrant)}
      {chosen && chosen !== way && <span class="detail">{chosen.slice(way.length + 2)}</span>}
    </th>
  );
  if (failure !== undefined) {
    return (
      <tr>
        {name}
        <td colSpan={STAGES.length + 3} class="why">
          {failure}
        </td>
      </tr>
    );
  }
  const rate = operationRate(results, entrant);
  const share = rate && peak && way !== 'cpu' && precision === 'single' ? rate / peak : undefined;
  return (
    <tr>
      {name}
      {STAGES.map((stage) => (
        <TimeCell key={stage} time={times[stage]} grain={stage === 'step' ? undefined : results.clock} />
      ))}
      <td>{times.step && formatWhole(times.step.count)}</td>
      <td>
        {rate && formatRate(rate)}
        {share && <span class="detail">{formatPercent(share)} of peak</span>}
      </td>
      <td>
        {loss !== undefined && agreement && (
          <>
            {formatMagnitude(loss - agreement.loss)}
            {!agrees(entrant, agreement.loss) && <strong class="detail">wrong</strong>}
          </>
        )}
      </td>
    </tr>
  );
}
