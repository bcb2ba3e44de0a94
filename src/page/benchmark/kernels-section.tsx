import { formatPercent } from '../format.ts';
import type { BenchmarkResults, KernelResult } from './results.ts';
import { TimeCell } from './time-cell.tsx';
import { entrantName } from './words.ts';

/** How long each dispatch of each plan takes. */
export function KernelsSection({ results: { kernels } }: { results: BenchmarkResults }) {
  if (kernels.length === 0) return null;
  const precisions = [...new Set(kernels.map(({ precision }) => precision))];
  return (
    <section aria-labelledby="kernels-title">
      <h2 id="kernels-title">Where a step’s time goes</h2>
      <p class="remark">
        Each kernel alone, by batched repetition: again and again until it takes at least 10 ms, because
        browsers round timestamp queries to 100 µs. What it takes to begin a dispatch is part of it. The
        kernels of a step need not add up to the step, in which they follow each other.
      </p>
      <div class="kernels">
        {precisions.map((precision) => (
          <KernelTables
            key={precision}
            kernels={kernels.filter((kernel) => kernel.precision === precision)}
          />
        ))}
      </div>
    </section>
  );
}

/** A table for each plan, one below the other: side by side, the longest would leave much room beside it. */
function KernelTables({ kernels }: { kernels: KernelResult[] }) {
  const plans = [...new Set(kernels.map(entrantName))];
  return (
    <div class="column">
      {plans.map((name) => (
        <KernelTable
          key={name}
          name={name}
          kernels={kernels.filter((kernel) => entrantName(kernel) === name)}
        />
      ))}
    </div>
  );
}

function KernelTable({ name, kernels }: { name: string; kernels: KernelResult[] }) {
  const all = kernels.reduce((sum, { time }) => sum + time.median, 0);
  return (
    <div class="scroll">
      <table class="spreads">
        <caption>{name}</caption>
        <thead>
          <tr>
            <th scope="col">kernel</th>
            <th scope="col">time</th>
            <th scope="col">share</th>
          </tr>
        </thead>
        <tbody>
          {kernels.map(({ label, time }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <TimeCell time={time} />
              <td>{formatPercent(time.median / all)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
