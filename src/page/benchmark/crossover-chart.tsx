import type { SweepPoint } from '../run/benchmark/results.ts';
import { sizesIn } from '../run/benchmark/verdict.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { Chart, logarithmicAxis } from '../ui/chart.tsx';
import { formatWhole } from '../ui/format.ts';
import type { Line } from './lines.ts';
import { formatTime } from './words.ts';

/** Time of a step against the size of the hidden layer, both in powers. */
export function CrossoverChart({ points, lines }: { points: SweepPoint[]; lines: Line[] }) {
  const words = benchmarkTexts.value;
  const sizes = sizesIn(points);
  const from = Math.floor(Math.log10(Math.min(...points.map(({ step }) => step.lower))));
  const to = Math.ceil(Math.log10(Math.max(...points.map(({ step }) => step.upper))));
  const decades = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  return (
    <Chart
      description={words.crossover.chart}
      height={320}
      left={80}
      x={logarithmicAxis(
        words.crossover.hidden,
        [sizes[0] / 1.1, sizes[sizes.length - 1] * 1.1],
        sizes,
        formatWhole,
      )}
      y={logarithmicAxis(words.stageNames.step, [10 ** from, 10 ** to], decades, formatTime)}
      series={lines.map(({ dash, ours, is }) => ({
        class: ours ? 'ours' : 'other',
        dash,
        marks: 3,
        points: points
          .filter(is)
          .sort((a, b) => a.hidden - b.hidden)
          .map(({ hidden, step: { lower, median, upper } }) => ({
            x: hidden,
            y: median,
            bar: [lower, upper] as const,
          })),
      }))}
    />
  );
}
