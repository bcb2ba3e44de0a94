import {
  agrees,
  type BenchmarkResults,
  type EntrantResult,
  isOnCpu,
  STAGES,
} from '../run/benchmark/results.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatLoss, formatMagnitude, formatPercent, formatWhole } from '../ui/format.ts';
import { Scroll } from '../ui/scroll.tsx';
import { TimeCell } from './time-cell.tsx';
import { entrantName, failureInWords, formatRate, operationRate } from './words.ts';

/** The time of each stage: before the steps, a step, reading back. */
export function StagesSection({ results }: { results: BenchmarkResults }) {
  const { agreement, entrants, peak } = results;
  const { stages: words, stageNames } = benchmarkTexts.value;
  return (
    <section aria-labelledby="stages-title">
      <h2 id="stages-title">{words.title}</h2>
      <p class="remark">{words.what}</p>
      <Scroll label={words.caption}>
        <table class="spreads">
          <caption class="hidden">{words.caption}</caption>
          <ColumnHeads
            names={[
              words.entrant,
              ...STAGES.map((stage) => stageNames[stage]),
              words.repeated,
              'GFLOP/s',
              words.differs,
            ]}
          />
          <tbody>
            {entrants.map((entrant) => (
              <Row key={entrantName(entrant)} entrant={entrant} results={results} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {agreement && (
        <p class="remark">
          {words.agreement(formatLoss(agreement.loss), formatWhole(agreement.steps), agreement.way)}
        </p>
      )}
      {peak && <p class="remark">{words.peak(formatRate(peak))}</p>}
    </section>
  );
}

function Row({ entrant, results }: { entrant: EntrantResult; results: BenchmarkResults }) {
  const { times, way, precision, loss, chosen, tiling } = entrant;
  const { agreement, peak } = results;
  const { stages: words } = benchmarkTexts.value;
  const failure = failureInWords(entrant);
  const name = (
    <th scope="row">
      {entrantName(entrant)}
      {tiling && <span class="detail">{words.tiling(tiling)}</span>}
      {isOnCpu(way) && chosen && !failure && (
        <span class="detail" lang="en">
          {chosen}
        </span>
      )}
    </th>
  );
  if (failure) {
    return (
      <tr>
        {name}
        <td colSpan={STAGES.length + 3} class="why">
          <span {...(failure.english && { lang: 'en' })}>{failure.text}</span>
        </td>
      </tr>
    );
  }
  const rate = operationRate(results, entrant);
  const share = rate && peak && !isOnCpu(way) && precision === 'single' ? rate / peak : undefined;
  return (
    <tr>
      {name}
      {STAGES.map((stage) => (
        <TimeCell key={stage} time={times[stage]} grain={stage === 'step' ? undefined : results.clock} />
      ))}
      <td>{times.step && formatWhole(times.step.count)}</td>
      <td>
        {rate && formatRate(rate)}
        {share && <span class="detail">{words.share(formatPercent(share))}</span>}
      </td>
      <td>
        {loss !== undefined && agreement && (
          <>
            {formatMagnitude(loss - agreement.loss)}
            {!agrees(entrant, results) && <strong class="detail">{words.wrong}</strong>}
          </>
        )}
      </td>
    </tr>
  );
}
