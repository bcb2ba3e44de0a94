import type { AnyDataset, RegressionDataset } from '../../../index.ts';
import type { Insight } from '../../run/protocol.ts';
import { PLAIN, type StudyData, type Units } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { type Axis, Chart, type ChartProps } from '../../ui/chart.tsx';
import { threeDigits } from '../../ui/format.ts';
import { roundTicks } from '../../ui/ticks.ts';

/** The values at the ends of both axes; what lies beyond is drawn there. */
const END = 1.5;
/** About how many ticks an axis has. */
const TICKS = 4;
/** Pixels left of the plot for figures of at most so many letters, and for each letter more. */
const LEFT = 56;
const SHORT = 5;
const LETTER = 8;

interface Props {
  insight: Insight | undefined;
  data: StudyData;
  /** Why there are no points, if there are none. */
  empty: string | undefined;
}

/** The values that a regression predicts, over the true values of the points. */
export function ValueScatter({ insight, data, empty }: Props) {
  const { scatter: words, confusion } = laterTexts.value;
  const deviation = data.loaded?.valueUnits.deviation ?? 1;
  const chart = scatterChart(insight, data);
  const values = fitting(insight?.values, data);
  return (
    <details class="scatter" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {chart && values ? (
        <>
          <Chart {...chart} />
          <p class="remark">
            {words.errors(
              threeDigits(deviation * rootMeanSquare(data.train, values.train)),
              values.test && threeDigits(deviation * rootMeanSquare(data.test, values.test)),
            )}
          </p>
        </>
      ) : (
        <p class="hint">{empty ?? confusion.none}</p>
      )}
    </details>
  );
}

/** Predicted over true values; undefined if there are none of these points. */
export function scatterChart(insight: Props['insight'], data: StudyData): ChartProps | undefined {
  const { scatter: words } = laterTexts.value;
  const { colours, loaded } = data;
  const { mean, deviation } = loaded?.valueUnits ?? PLAIN;
  /** A place on the axes in the units of the rows. */
  const raw = (place: number) => mean + deviation * (colours.mean + colours.deviation * place);
  const placeOf = (value: number) => ((value - mean) / deviation - colours.mean) / colours.deviation;
  const values = fitting(insight?.values, data);
  if (!values) return undefined;
  const written = new Map(
    roundTicks(raw(-END), raw(END), TICKS).map(({ value, text }) => [placeOf(value), text]),
  );
  const longest = Math.max(...[...written.values()].map(({ length }) => length));
  const axis = (label: string): Axis => ({
    label,
    ticks: [...written.keys()],
    format: (value) => written.get(value) ?? '',
    place: (value) => (value + END) / (2 * END),
  });
  return {
    description: words.description,
    height: 280,
    left: LEFT + LETTER * Math.max(0, longest - SHORT),
    x: axis(words.truth),
    y: axis(words.predicted),
    series: [
      {
        class: 'right',
        dash: '',
        points: [
          { x: -END, y: -END },
          { x: END, y: END },
        ],
      },
      { class: 'ours', marks: 2, points: pairs(data.train, values.train, colours) },
      ...(values.test ? [{ class: 'tested', marks: 3, points: pairs(data.test, values.test, colours) }] : []),
    ],
  };
}

/** The values, if they are those of the present rows. */
function fitting(values: Insight['values'], { train, test }: StudyData): Insight['values'] {
  const fits = values?.train.length === train?.count && (values?.test?.length ?? 0) === (test?.count ?? 0);
  return fits ? values : undefined;
}

/** The true value of a row. */
const truth = ({ targets, outputs }: RegressionDataset, row: number): number => targets[row * outputs];

const within = (value: number): number => Math.max(-END, Math.min(END, value));

/** The most dots, evenly chosen. */
const MOST_DOTS = 2000;

function pairs(data: AnyDataset | undefined, predicted: Float32Array, { mean, deviation }: Units) {
  if (!data || !('targets' in data)) return [];
  const place = (value: number) => within((value - mean) / deviation);
  const stride = Math.ceil(data.count / MOST_DOTS);
  return Array.from({ length: Math.ceil(data.count / stride) }, (_, i) => ({
    x: place(truth(data, i * stride)),
    y: place(predicted[i * stride]),
  }));
}

function rootMeanSquare(data: AnyDataset | undefined, predicted: Float32Array): number {
  if (!data || !('targets' in data)) return Number.NaN;
  let sum = 0;
  for (let row = 0; row < data.count; row++) sum += (predicted[row] - truth(data, row)) ** 2;
  return Math.sqrt(sum / data.count);
}
