import { formatWhole } from '../format.ts';
import { Scroll } from '../scroll.tsx';
import { CrossoverChart } from './crossover-chart.tsx';
import { LINES } from './lines.ts';
import { type BenchmarkResults, crossover } from './results.ts';
import { TimeCell } from './time-cell.tsx';
import { crossoverInWords, entrantName } from './words.ts';

/** From which size of the hidden layer on the GPU is ahead of the CPU. */
export function CrossoverSection({ results: { adapter, sweep } }: { results: BenchmarkResults }) {
  if (sweep.length === 0) return null;
  const found = crossover(sweep);
  const lines = LINES.filter(({ is }) => sweep.some(is));
  const sizes = [...new Set(sweep.map(({ hidden }) => hidden))];
  return (
    <section aria-labelledby="crossover-title">
      <h2 id="crossover-title">From which size on the GPU wins</h2>
      {found && (
        <p class="finding">
          {crossoverInWords(found)}
          {adapter.software && ' That “GPU” is a program on the CPU here.'}
        </p>
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
        <summary>The figures</summary>
        <p class="remark">
          A step of a network with 300 rows, 2 features and 3 classes, in single precision on the GPU: median
          and quartiles. A plan has no figure where it does not take the size.
        </p>
        <Scroll label="Step times by size">
          <table class="spreads">
            <caption class="hidden">Step times by size</caption>
            <thead>
              <tr>
                <th scope="col">hidden units</th>
                {lines.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sizes.map((size) => (
                <tr key={size}>
                  <th scope="row">{formatWhole(size)}</th>
                  {lines.map(({ name }) => (
                    <TimeCell
                      key={name}
                      time={sweep.find((point) => point.hidden === size && entrantName(point) === name)?.step}
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
