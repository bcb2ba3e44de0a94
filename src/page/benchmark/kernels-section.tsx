import type { BenchmarkResults, KernelResult } from '../run/benchmark/results.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatPercent } from '../ui/format.ts';
import { TimeCell } from './time-cell.tsx';
import { entrantName } from './words.ts';

/** The times of each dispatch of each plan. */
export function KernelsSection({ results: { kernels } }: { results: BenchmarkResults }) {
  if (kernels.length === 0) return null;
  const { kernels: words } = benchmarkTexts.value;
  const precisions = [...new Set(kernels.map(({ precision }) => precision))];
  return (
    <section aria-labelledby="kernels-title">
      <h2 id="kernels-title">{words.title}</h2>
      <p class="remark">{words.what}</p>
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

/** A table for each plan. The tables stand below each other, because their lengths differ much. */
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
  const { kernels: words } = benchmarkTexts.value;
  const all = kernels.reduce((sum, { time }) => sum + time.median, 0);
  return (
    <div class="scroll">
      <table class="spreads">
        <caption>{name}</caption>
        <ColumnHeads names={[words.kernel, words.time, words.share]} />
        <tbody>
          {kernels.map(({ label, time }) => (
            <tr key={label}>
              <th scope="row" lang="en">
                {label}
              </th>
              <TimeCell time={time} />
              <td>{formatPercent(time.median / all)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
