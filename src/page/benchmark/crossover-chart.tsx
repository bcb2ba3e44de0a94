import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { axisStyle, colour, useChart } from '../chart.ts';
import { formatWhole } from '../format.ts';
import type { Line } from './lines.ts';
import type { SweepPoint } from './results.ts';
import { formatTime } from './words.ts';

const HEIGHT = 320;

/** Time of a step against the size of the hidden layer, both in powers. */
export function CrossoverChart({ points, lines }: { points: SweepPoint[]; lines: Line[] }) {
  const key = [...lines.map(({ name }) => name), ...points.map(({ hidden }) => hidden)].join();
  const data = useMemo(() => chartData(points, lines), [points, key]);
  const place = useChart(key, (width) => options(width, lines, data[0] as number[]), data);
  return (
    <div
      ref={place}
      class="plot high"
      role="img"
      aria-label="Time of a step against the number of hidden units, on logarithmic scales. The figures are below."
    />
  );
}

function chartData(points: SweepPoint[], lines: Line[]): uPlot.AlignedData {
  const sizes = [...new Set(points.map(({ hidden }) => hidden))].sort((a, b) => a - b);
  const series = lines.map(({ is }) =>
    sizes.map((size) => points.find((point) => point.hidden === size && is(point))?.step.median),
  );
  return [sizes, ...series];
}

function options(width: number, lines: Line[], sizes: number[]): uPlot.Options {
  const axis = axisStyle();
  return {
    width,
    height: HEIGHT,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, distr: 3, log: 2, range: (_, min, max) => [min / 1.1, max * 1.1] },
      y: {
        distr: 3,
        log: 10,
        range: (_, min, max) => [10 ** Math.floor(Math.log10(min)), 10 ** Math.ceil(Math.log10(max))],
      },
    },
    axes: [
      {
        ...axis,
        label: 'hidden units',
        // The sizes that were measured, and powers of ten: uPlot has more, at odd places.
        splits: () => sizes,
        filter: (_, splits) => splits,
        labelSize: 20,
        size: 28,
        values: (_, values) => values.map(formatWhole),
      },
      {
        ...axis,
        label: 'a step',
        splits: (_, __, min, max) => decades(min, max),
        filter: (_, splits) => splits,
        labelSize: 20,
        size: 64,
        values: (_, values) => values.map(formatTime),
      },
    ],
    series: [
      {},
      ...lines.map(({ dash, ours }) => ({
        stroke: () => colour(ours ? '--accent' : '--text'),
        width: 2,
        dash,
        points: { show: true, size: 6, fill: () => colour(ours ? '--accent' : '--text') },
      })),
    ],
  };
}

/** The powers of ten from one to another. */
function decades(min: number, max: number): number[] {
  const first = Math.round(Math.log10(min));
  return Array.from({ length: Math.round(Math.log10(max)) - first + 1 }, (_, i) => 10 ** (first + i));
}
