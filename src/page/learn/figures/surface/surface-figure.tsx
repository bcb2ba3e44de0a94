import { useCallback, useMemo, useState } from 'preact/hooks';
import { drawLarge } from '../../../train/network/unit-picture.ts';
import { PICTURE, pixelOf } from '../../../train/plane/regions-picture.ts';
import { type Axis, Chart } from '../../../ui/chart.tsx';
import { OUTLINE } from '../../../ui/classes.ts';
import { withMinus } from '../../../ui/format.ts';
import { Marker } from '../../../ui/marker.tsx';
import { roundTicks } from '../../../ui/ticks.ts';
import { drawArrow } from '../../frame/arrow.ts';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame, type FigureTable } from '../../frame/figure-frame.tsx';
import { Handle } from '../../frame/handle.tsx';
import { useIntro } from '../../frame/intro.ts';
import { PlaneCanvas } from '../../frame/plane-canvas.tsx';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { type Model, useModel } from '../../model/use-model.ts';
import { contour } from './contour.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { lossesOver, OPTIONS, type Path, pathFrom, placeOf, SLICE, START, STEPS } from './surface.ts';

const words = inLanguage({ en, ko });

/** Milliseconds in which the steps are shown one by one. */
const TOUR = 6000;
const SIDE = 41;
const CHART = 144;
/** Levels of the losses, as a map has them of heights. */
const LEVELS = 14;
const LINE = '#1f5fbf66';
/** The learning rates of the slider, as powers of 2. */
const [LEAST, MOST] = [-2, 4];

const fixed = (value: number, digits = 6) => withMinus(value.toFixed(digits));
const rateOf = (power: number) => 2 ** power;

/** A slice of the loss through the present weights, and the way of the updates in it. */
export function SurfaceFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const [start, setStart] = useState(START);
  const [power, setPower] = useState(0);
  const [step, setStep] = useState(0);
  const intro = useIntro(seen, TOUR, (part) => setStep(Math.round(part * STEPS)));
  const compute = useMemo(() => (model: Model) => pathFrom(model, start, rateOf(power)), [start, power]);
  const path = useModel(seen, OPTIONS, compute);
  const losses = useMemo(() => path && lossesOver(path.steps[step].parameters, SIDE), [path, step]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (!path || !losses) return;
      drawLosses(context, losses);
      drawPath(context, path, step);
    },
    [path, losses],
  );
  const rate = fixed(rateOf(power), 2);
  const loss = path?.steps[step].loss;
  const next = path?.steps[step + 1]?.loss;
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => {
        intro.stop();
        setStart(START);
        setPower(0);
        setStep(0);
      }}
      table={tableOf(path)}
    >
      <PlaneCanvas label={text.picture(`${step}`, path ? fixed(path.rate, 2) : '')} draw={draw}>
        <Handle
          label={text.start}
          text={text.at(fixed(start.weight, 2), fixed(start.bias, 2))}
          x={start.weight}
          y={start.bias}
          range={SLICE}
          onMove={(weight, bias) => {
            intro.stop();
            setStart({ weight, bias });
          }}
        >
          <Marker label={0} />
        </Handle>
      </PlaneCanvas>
      <Slider
        label={text.step}
        text={text.of(`${step}`, `${STEPS}`)}
        {...{ value: step, min: 0, max: STEPS, step: 1 }}
        onInput={(value) => {
          intro.stop();
          setStep(value);
        }}
      />
      <Slider
        label={text.rate}
        text={`η = ${rate}`}
        {...{ value: power, min: LEAST, max: MOST, step: 0.25 }}
        onInput={setPower}
      />
      <p class="reading result">
        {loss === undefined
          ? text.waiting
          : next === undefined
            ? text.last(fixed(loss))
            : text.change(fixed(loss), fixed(next), next > loss)}
      </p>
      {path && <Losses path={path} step={step} />}
    </FigureFrame>
  );
}

/** The loss over the steps. */
function Losses({ path: { steps, rate }, step }: { path: Path; step: number }) {
  const text = words.value;
  const most = Math.max(...steps.map(({ loss }) => loss));
  return (
    <Chart
      description={text.chart(fixed(rate, 2), fixed(steps[STEPS].loss))}
      height={CHART}
      left={48}
      x={axis(text.step, STEPS, 4)}
      y={axis(text.loss, 1.05 * most, 3)}
      series={[
        { points: steps.map(({ loss }, x) => ({ x, y: loss })), dash: '', class: 'ours' },
        { points: [{ x: step, y: steps[step].loss }], marks: 6, class: 'present' },
      ]}
    />
  );
}

function axis(label: string, most: number, count: number): Axis {
  const ticks = roundTicks(0, most, count);
  return {
    label,
    ticks: ticks.map(({ value }) => value),
    format: (at) => ticks.find(({ value }) => value === at)?.text ?? '',
    place: (value) => value / most,
  };
}

/** Losses as heights of a map, with a line at each level: white is the least loss of the slice. */
function drawLosses(context: CanvasRenderingContext2D, losses: Float64Array): void {
  const least = Math.min(...losses);
  const most = Math.max(...losses);
  // The root keeps the valley from being one shade.
  const values = Float32Array.from(losses, (loss) => Math.sqrt((loss - least) / (most - least)));
  drawLarge(context, { unit: { kind: 'hidden' }, values, most: 1.5 }, PICTURE);
  const cell = PICTURE / (SIDE - 1);
  context.lineWidth = 1.5;
  context.strokeStyle = LINE;
  context.beginPath();
  for (let level = 1; level < LEVELS; level++) {
    const pieces = contour(values, SIDE, level / LEVELS);
    for (const [from, to] of pieces) {
      context.moveTo(from[0] * cell, from[1] * cell);
      context.lineTo(to[0] * cell, to[1] * cell);
    }
  }
  context.stroke();
}

/** The steps so far as dots, and the next update as an arrow. */
function drawPath(context: CanvasRenderingContext2D, { steps }: Path, step: number): void {
  const places = steps.map(({ parameters }) => placeOf(parameters));
  context.strokeStyle = OUTLINE;
  context.fillStyle = '#fff';
  context.lineWidth = 3;
  context.beginPath();
  for (const { weight, bias } of places.slice(0, step + 1)) context.lineTo(...pixelOf(SLICE, weight, bias));
  context.stroke();
  for (const [i, { weight, bias }] of places.slice(0, step + 1).entries()) {
    context.beginPath();
    context.arc(...pixelOf(SLICE, weight, bias), i === step ? 13 : 6, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  const [from, to] = [places[step], places[step + 1]];
  if (!to) return;
  drawArrow(context, SLICE, [from.weight, from.bias], [to.weight, to.bias], {
    width: 5,
    colour: '#fff',
    head: 18,
  });
}

/** Every step in numbers. */
function tableOf(path: Path | undefined): FigureTable {
  const text = words.value;
  return {
    heads: [text.step, text.weight, text.bias, text.loss],
    rows: (path?.steps ?? []).map(({ loss, parameters }, i) => {
      const { weight, bias } = placeOf(parameters);
      return [`${i}`, fixed(weight), fixed(bias), fixed(loss)];
    }),
  };
}
