import type { BenchmarkResults } from '../run/benchmark/results.ts';
import { sizesIn, verdictOf } from '../run/benchmark/verdict.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatWhole } from '../ui/format.ts';
import { Scroll } from '../ui/scroll.tsx';
import { CrossoverChart } from './crossover-chart.tsx';
import { chartLines } from './lines.ts';
import { TimeCell } from './time-cell.tsx';
import { verdictInWords } from './verdict-words.ts';

/** The size of the hidden layer from which on the GPU is ahead of the CPU. */
export function CrossoverSection({ results: { options, adapter, sweep } }: { results: BenchmarkResults }) {
  if (sweep.length === 0) return null;
  const { crossover: words } = benchmarkTexts.value;
  const found = verdictOf(sweep);
  const lines = chartLines().filter(({ is }) => sweep.some(is));
  const sizes = sizesIn(sweep);
  return (
    <section aria-labelledby="crossover-title">
      <h2 id="crossover-title">{words.title}</h2>
      {found && (
        <>
          <p class="finding">
            {verdictInWords(found, options.pace).join(' ')}
            {adapter.software && ` ${words.software}`}
          </p>
          <p class="remark">
            {words.rule} {words.why}
          </p>
        </>
      )}
      <ul class="legend">
        {lines.map(({ name, dash, ours }) => (
          <li key={name}>
            <svg width="32" height="14" viewBox="0 0 32 14" aria-hidden="true">
              <g class={ours ? undefined : 'other'}>
                <path class="line" d="M1 7h30" stroke-dasharray={dash} />
              </g>
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <CrossoverChart points={sweep} lines={lines} />
      <details>
        <summary>{words.figures}</summary>
        <p class="remark">{words.what}</p>
        <Scroll label={words.caption}>
          <table class="spreads">
            <caption class="hidden">{words.caption}</caption>
            <ColumnHeads names={[words.hidden, ...lines.map(({ name }) => name)]} />
            <tbody>
              {sizes.map((size) => (
                <tr key={size}>
                  <th scope="row">{formatWhole(size)}</th>
                  {lines.map(({ name, is }) => (
                    <TimeCell
                      key={name}
                      time={sweep.find((point) => point.hidden === size && is(point))?.step}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </section>
  );
}
