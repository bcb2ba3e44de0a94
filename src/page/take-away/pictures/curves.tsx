import { laterTexts } from '../../texts/later/later.ts';
import { curveCharts } from '../../train/curves/curve-charts.ts';
import { Plot } from '../../ui/chart.tsx';
import { type LegendEntry, type Picture, type Taken, WIDTH } from './picture.ts';

/** Pixels of the charts: of the loss, and of how well the network does. */
const HEIGHTS = [240, 168];

/** Loss and accuracy, or r², as the page shows them. */
export function curvesPicture(taken: Taken): Picture {
  const { curves: words } = laterTexts.value;
  const line = (dash: string, text: string): LegendEntry => ({
    mark: <path class="line" d="M-12 0h24" stroke-dasharray={dash} />,
    text,
  });
  return {
    name: 'curves',
    title: words.title,
    legend: [
      line('', words.train),
      ...(taken.testPoints.length > 0
        ? [{ ...line('5 3', words.test), mark: <g class="other">{line('5 3', '').mark}</g> }]
        : []),
      ...(taken.study ? [{ mark: <circle class="mark" r="4" />, text: words.published }] : []),
    ],
    height: HEIGHTS[0] + HEIGHTS[1],
    content: curveCharts(taken).map(({ description: _, ...chart }, i) => (
      <g key={chart.y.label} transform={`translate(0 ${i * HEIGHTS[0]})`}>
        <Plot {...chart} width={WIDTH} height={HEIGHTS[i]} />
      </g>
    )),
  };
}
