import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { takeAwayTexts } from '../../texts/take-away/take-away.ts';
import { scatterChart } from '../../train/cells/value-scatter.tsx';
import { Plot } from '../../ui/chart.tsx';
import { classNameOf } from '../../ui/class-name.ts';
import { formatWhole } from '../../ui/format.ts';
import { MarkerShape } from '../../ui/marker.tsx';
import { type Picture, type Taken, WIDTH } from './picture.ts';

/** Pixels left of a matrix, above it, and of a cell at most. */
const LEFT = 112;
const ABOVE = 84;
const CELL = { width: 64, height: 44 };
/** The least width of a cell, so that the matrices stand side by side. */
const NARROW = 52;
/** Pixels between two matrices. */
const BETWEEN = 24;
/** How opaque a cell is that has its whole row. */
const FULL = 0.4;

/** The points of each class that the network takes for each class. */
export function confusionPicture({ insight, data }: Taken): Picture | undefined {
  if (!insight?.confusion) return undefined;
  const { confusion: words } = laterTexts.value;
  const { train, test } = insight.confusion;
  const matrices = [
    { title: words.train, counts: train },
    ...(test ? [{ title: words.test, counts: test }] : []),
  ];
  const classes = Math.sqrt(train.length);
  const room = (WIDTH - BETWEEN) / 2 - LEFT;
  const beside = matrices.length > 1 && room / classes >= NARROW;
  const width = Math.min(CELL.width, (beside ? room : WIDTH - LEFT) / classes);
  const [across, down] = [LEFT + classes * width, ABOVE + classes * CELL.height];
  return {
    name: 'confusion',
    title: words.title,
    legend: [],
    height: beside ? down : matrices.length * (down + BETWEEN) - BETWEEN,
    content: matrices.map((matrix, i) => {
      const place = beside ? `${i * (across + BETWEEN)} 0` : `0 ${i * (down + BETWEEN)}`;
      return (
        <g key={matrix.title} transform={`translate(${place})`}>
          <Matrix {...matrix} data={data} classes={classes} width={width} />
        </g>
      );
    }),
  };
}

interface MatrixProps {
  title: string;
  counts: Uint32Array;
  data: StudyData;
  classes: number;
  /** Of a cell. */
  width: number;
}

/** A row for each true class, a column for each predicted one. */
function Matrix({ title, counts, data, classes, width }: MatrixProps) {
  const { truth, predicted } = takeAwayTexts.value;
  const { height } = CELL;
  const all = Array.from({ length: classes }, (_, label) => label);
  const name = (label: number) => classNameOf(data, label);
  return (
    <>
      <text class="strong" y="12" font-weight="600">
        {title}
      </text>
      <text x={LEFT + (classes * width) / 2} y="32" text-anchor="middle">
        {predicted}
      </text>
      <text transform={`translate(10 ${ABOVE + (classes * height) / 2}) rotate(-90)`} text-anchor="middle">
        {truth}
      </text>
      {all.map((label) => {
        const row = counts.subarray(label * classes, (label + 1) * classes);
        const sum = row.reduce((sum, count) => sum + count, 0);
        const [x, y] = [LEFT + label * width, ABOVE + label * height];
        return (
          <g key={label}>
            <g transform={`translate(${x + width / 2} 50)`}>
              <MarkerShape label={label} />
            </g>
            <text x={x + width / 2} y="76" text-anchor="middle" font-size="11">
              {name(label)}
            </text>
            <g transform={`translate(36 ${y + height / 2})`}>
              <MarkerShape label={label} />
            </g>
            <text x="52" y={y + height / 2 + 4} font-size="11">
              {name(label)}
            </text>
            {all.map((taken) => (
              <g key={taken}>
                <rect
                  class={taken === label ? 'cell right' : 'cell'}
                  fill-opacity={sum > 0 ? ((FULL * row[taken]) / sum).toFixed(3) : 0}
                  x={LEFT + taken * width}
                  y={y}
                  width={width}
                  height={height}
                />
                <text
                  class="strong"
                  x={LEFT + (taken + 0.5) * width}
                  y={y + height / 2 + 5}
                  text-anchor="middle"
                  font-size="14"
                >
                  {formatWhole(row[taken])}
                </text>
              </g>
            ))}
          </g>
        );
      })}
      <rect class="frame" x={LEFT} y={ABOVE} width={classes * width} height={classes * height} />
    </>
  );
}

/** Pixels of the square of predicted and true values. */
const SCATTER = 480;

/** The values that a regression predicts, over the true ones. */
export function scatterPicture({ insight, data }: Taken): Picture | undefined {
  const chart = scatterChart(insight, data);
  if (!chart) return undefined;
  const { scatter: words, curves } = laterTexts.value;
  const { description: _, ...plot } = chart;
  return {
    name: 'values',
    title: words.title,
    legend: [
      {
        mark: (
          <g class="ours">
            <circle r="3" />
          </g>
        ),
        text: curves.train,
      },
      ...(data.test
        ? [
            {
              mark: (
                <g class="tested">
                  <circle r="3" />
                </g>
              ),
              text: curves.test,
            },
          ]
        : []),
    ],
    height: SCATTER,
    content: (
      <g transform={`translate(${(WIDTH - SCATTER) / 2} 0)`}>
        <Plot {...plot} width={SCATTER} height={SCATTER} />
      </g>
    ),
  };
}
