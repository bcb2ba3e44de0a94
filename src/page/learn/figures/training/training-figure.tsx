import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { Insight } from '../../../run/protocol.ts';
import type { Measured } from '../../../settings/network.ts';
import { NODES, SHOWN_UNITS, UNIT_NODES } from '../../../settings/plane.ts';
import { texts } from '../../../texts/texts.ts';
import { curveCharts } from '../../../train/curves/curve-charts.ts';
import { drawUnit } from '../../../train/network/unit-picture.ts';
import { drawRegions } from '../../../train/plane/regions-picture.ts';
import { Chart } from '../../../ui/chart.tsx';
import { formatLoss, formatWhole } from '../../../ui/format.ts';
import { formatScore } from '../../../ui/score.ts';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame, type FigureTable } from '../../frame/figure-frame.tsx';
import { PlaneCanvas } from '../../frame/plane-canvas.tsx';
import { RunSlider } from '../../frame/run-slider.tsx';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { notesRun } from '../../model/notes-run.ts';
import { drawNotesPoints } from '../../model/points-layer.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

const words = inLanguage({ en, ko });

/** Pixels of the curve's height. */
const CHART = 144;
/** Points of the curve in the table. */
const ROWS = 10;

/** A run whose regions, units, loss and accuracy move together under a slider. */
export function TrainingFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const run = notesRun();
  useEffect(() => {
    run.see('training', seen);
    return () => run.see('training', false);
  }, [seen]);
  const { evidence, insight, latest, points, testPoints, former, end } = run.view.value;
  const { data } = run;
  const settings = run.settings.value;
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (evidence?.length === NODES * NODES * data.outputs)
        drawRegions(context, evidence, data.outputs, false);
      drawNotesPoints(context);
    },
    [evidence],
  );
  const shown = end === undefined ? undefined : latest?.step;
  const [loss] = curveCharts({ points, testPoints, settings, study: undefined, former, shown });
  const rate = settings.learningRate;
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => run.restart()}
      table={tableOf(points)}
    >
      <PlaneCanvas label={text.picture(formatWhole(latest?.step ?? 0))} draw={draw} />
      <RunSlider />
      <Slider
        label={text.rate}
        text={String(rate)}
        {...{ value: Math.log10(rate), min: -2, max: 1, step: 0.25 }}
        onInput={(power) => run.setRate(Number((10 ** power).toPrecision(2)))}
      />
      <Units insight={insight} label={text.units} />
      <Chart {...loss} height={CHART} />
      {!latest && <p class="hint">{text.waiting}</p>}
    </FigureFrame>
  );
}

/** What the first hidden units compute over the plane. */
function Units({ insight, label }: { insight: Insight | undefined; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    const pictures = insight?.layers[0].pictures;
    if (!context || !pictures) return;
    const size = UNIT_NODES ** 2;
    const most = pictures.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let unit = 0; unit < SHOWN_UNITS; unit++) {
      const small = new OffscreenCanvas(UNIT_NODES, UNIT_NODES);
      const own = small.getContext('2d') as unknown as CanvasRenderingContext2D | null;
      if (!own) return;
      drawUnit(own, pictures.subarray(unit * size, (unit + 1) * size), { kind: 'hidden' }, most);
      context.drawImage(small, unit * (UNIT_NODES + 2), 0);
    }
  }, [insight]);
  return (
    <canvas
      ref={canvas}
      class="unit-row"
      width={SHOWN_UNITS * (UNIT_NODES + 2) - 2}
      height={UNIT_NODES}
      role="img"
      aria-label={label}
    />
  );
}

function tableOf(points: readonly Measured[]): FigureTable {
  const { figures } = texts.value.bar;
  const stride = Math.max(1, Math.ceil(points.length / ROWS));
  return {
    heads: [figures.step, figures.loss, figures.accuracy],
    rows: points
      .filter((_, i) => i % stride === 0 || i === points.length - 1)
      .map((point) => [formatWhole(point.step), formatLoss(point.loss), formatScore(point)]),
  };
}
