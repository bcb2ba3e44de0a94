import { useCallback, useId, useMemo, useState } from 'preact/hooks';
import { type Axis, Chart } from '../../../ui/chart.tsx';
import { lookOf } from '../../../ui/classes.ts';
import { withMinus } from '../../../ui/format.ts';
import { roundTicks } from '../../../ui/ticks.ts';
import { drawArrow } from '../../frame/arrow.ts';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame, type FigureTable } from '../../frame/figure-frame.tsx';
import { useIntro } from '../../frame/intro.ts';
import { PlaneCanvas } from '../../frame/plane-canvas.tsx';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { POINTS, RANGE } from '../../model/grid.ts';
import { drawNotesPoints } from '../../model/points-layer.ts';
import { type Model, useModel } from '../../model/use-model.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { CLASSES, KINDS, type Knob, OPTIONS, REACH, type Slope, slopeAt } from './slope.ts';

const words = inLanguage({ en, ko });

const START: Knob = { kind: 'x', label: 0 };
const KNOBS: readonly Knob[] = KINDS.flatMap((kind) =>
  Array.from({ length: CLASSES }, (_, label) => ({ kind, label })),
);
/** Milliseconds in which the nudge goes there and back by itself. */
const SWING = 4000;
/** Parts of the plane's unit to which a pull of 1 is drawn, and the mean of all pulls. */
const PULL = 0.3;
const TOGETHER = 2;
/** How far the line of the slope goes on either side. */
const TANGENT = 1;

const fixed = (value: number, digits = 6) => withMinus(value.toFixed(digits));

/** One parameter of the linear classifier to nudge: what the loss does, and why. */
export function GradientFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const [knob, setKnob] = useState(START);
  const [nudge, setNudge] = useState(0);
  const select = useId();
  const intro = useIntro(seen, SWING, (part) => setNudge(part === 1 ? 0 : 2 * Math.sin(2 * Math.PI * part)));
  const compute = useMemo(() => (model: Model) => slopeAt(model, knob, nudge), [knob, nudge]);
  const found = useModel(seen, OPTIONS, compute);
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      drawNotesPoints(context);
      if (found) drawPulls(context, found);
    },
    [found],
  );
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => {
        intro.stop();
        setKnob(START);
        setNudge(0);
      }}
      table={tableOf(found)}
    >
      <PlaneCanvas label={text.picture(knob.label)} draw={draw} />
      <div class="slider">
        <label for={select}>{text.knob}</label>
        <select
          id={select}
          value={KNOBS.findIndex(({ kind, label }) => kind === knob.kind && label === knob.label)}
          onChange={({ currentTarget }) => {
            intro.stop();
            setKnob(KNOBS[Number(currentTarget.value)]);
          }}
        >
          {KNOBS.map(({ kind, label }, i) => (
            <option key={i} value={i}>
              {text.of(text.knobs[kind], label)}
            </option>
          ))}
        </select>
      </div>
      <Slider
        label={text.nudge}
        text={fixed(nudge, 2)}
        {...{ value: nudge, min: -REACH, max: REACH, step: 0.05 }}
        onInput={(value) => {
          intro.stop();
          setNudge(value);
        }}
      />
      <p class="reading result">
        {found ? text.slope(fixed(found.gradient), fixed(found.difference)) : text.waiting}
      </p>
      {found && (
        <Chart
          description={text.chart(fixed(found.nudge, 2), fixed(found.loss), fixed(found.gradient))}
          height={200}
          left={56}
          x={axis(text.nudge, -REACH, REACH)}
          y={axis(text.loss, ...extent(found))}
          series={seriesOf(found)}
        />
      )}
    </FigureFrame>
  );
}

/** The slope in numbers. */
function tableOf(found: Slope | undefined): FigureTable {
  const { rows, ...text } = words.value;
  if (!found) return { heads: [text.knob, ''], rows: [] };
  const { knob, nudge, loss, gradient, difference, dscores } = found;
  const pulls = (part: (value: number) => boolean) =>
    fixed(dscores.filter(part).reduce((sum, value) => sum + Math.abs(value), 0) / POINTS.length);
  return {
    heads: [text.knob, text.of(text.knobs[knob.kind], knob.label)],
    rows: [
      [text.nudge, fixed(nudge, 2)],
      [rows.loss, fixed(loss)],
      [rows.gradient, fixed(gradient, 8)],
      [rows.difference, fixed(difference, 8)],
      [rows.outwards, pulls((value) => value < 0)],
      [rows.inwards, pulls((value) => value > 0)],
    ],
  };
}

function axis(label: string, from: number, to: number): Axis {
  const ticks = roundTicks(from, to, 6);
  return {
    label,
    ticks: ticks.map(({ value }) => value),
    format: (at) => ticks.find(({ value }) => value === at)?.text ?? '',
    place: (value) => (value - from) / (to - from),
  };
}

/** The losses of the curve, with room for the line of the slope. */
function extent({ curve }: Slope): [number, number] {
  const losses = curve.map(({ y }) => y);
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const room = 0.1 * (most - least);
  return [least - room, most + room];
}

function seriesOf({ curve, loss, gradient, nudge }: Slope) {
  const ends = [-TANGENT, TANGENT].map((by) => ({ x: nudge + by, y: loss + by * gradient }));
  return [
    { points: curve, dash: '', class: 'ours' },
    { points: ends, dash: '6 4', class: 'tangent' },
    { points: [{ x: nudge, y: loss }], marks: 7, class: 'present' },
  ];
}

/** What each point does to the weights of a class, and all of them together. */
function drawPulls(context: CanvasRenderingContext2D, { dscores, knob }: Slope): void {
  const { point } = lookOf(knob.label);
  const together = { x: 0, y: 0 };
  for (const [row, { x, y }] of POINTS.entries()) {
    const pull = -dscores[row];
    together.x += (pull * x) / POINTS.length;
    together.y += (pull * y) / POINTS.length;
    drawArrow(context, RANGE, [x, y], [x * (1 + PULL * pull), y * (1 + PULL * pull)], {
      width: 2.5,
      colour: point,
      head: 8,
    });
  }
  drawArrow(context, RANGE, [0, 0], [TOGETHER * together.x, TOGETHER * together.y], {
    width: 9,
    colour: point,
    head: 24,
  });
}
