import { useCallback, useMemo, useState } from 'preact/hooks';
import { plotRange } from '../../../settings/plane.ts';
import { PLAIN } from '../../../settings/study-data.ts';
import { drawPoints, pixelOf } from '../../../train/plane/regions-picture.ts';
import { lookOf, OUTLINE } from '../../../ui/classes.ts';
import { withMinus } from '../../../ui/format.ts';
import { ClassName } from '../../frame/class-name.tsx';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame } from '../../frame/figure-frame.tsx';
import { useIntro } from '../../frame/intro.ts';
import { PlaneCanvas } from '../../frame/plane-canvas.tsx';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { type ArmPoint, armCurve, armPoints, CLASSES, NOTES, PER_CLASS, type Spiral } from './arms.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

const words = inLanguage({ en, ko });

const ALL = CLASSES * PER_CLASS;
/** The plane of the longest arms: a longer radius is seen to be longer. */
const RANGE = plotRange([
  { row: 0, label: 0, x: -1, y: -1 },
  { row: 1, label: 0, x: 1, y: 1 },
]);
/** Milliseconds in which the points are drawn. */
const DRAWING = 4000;

const fixed = (value: number, digits = 2) => withMinus(value.toFixed(digits));

/** The data of the case study, drawn from its formula point by point. */
export function SpiralFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const [spiral, setSpiral] = useState(NOTES);
  const [drawn, setDrawn] = useState(0);
  const points = useMemo(() => armPoints(spiral), [spiral]);
  const intro = useIntro(seen, DRAWING, (part) => setDrawn(Math.round(part * ALL)));
  const change = (part: Partial<Spiral>) => {
    intro.stop();
    setDrawn(ALL);
    setSpiral({ ...spiral, ...part });
  };
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => drawArms(context, spiral, points.slice(0, drawn)),
    [spiral, points, drawn],
  );
  const last = points[drawn - 1] as ArmPoint | undefined;
  return (
    <FigureFrame
      title={title}
      caption={caption}
      keys={keys}
      onReset={() => {
        setSpiral(NOTES);
        setDrawn(0);
        intro.restart();
      }}
      table={{
        heads: [text.class, text.drawn, text.from, text.to],
        rows: Array.from({ length: CLASSES }, (_, label) => [
          <ClassName key={label} label={label} />,
          text.drawnOf(`${Math.max(0, Math.min(PER_CLASS, drawn - label * PER_CLASS))}`, `${PER_CLASS}`),
          fixed(spiral.turn * label),
          fixed(spiral.turn * (label + 1)),
        ]),
      }}
    >
      <PlaneCanvas label={text.picture(`${drawn}`)} draw={draw} />
      <p class="reading">{last ? <Reading point={last} /> : text.none}</p>
      <Slider
        label={text.drawn}
        text={text.drawnOf(`${drawn}`, `${ALL}`)}
        {...{ value: drawn, min: 0, max: ALL, step: 1 }}
        onInput={(value) => {
          intro.stop();
          setDrawn(value);
        }}
      />
      <Slider
        label={text.radius}
        text={fixed(spiral.radius)}
        {...{ value: spiral.radius, min: 0.1, max: 1, step: 0.05 }}
        onInput={(radius) => change({ radius })}
      />
      <Slider
        label={text.turn}
        text={text.degrees(fixed(spiral.turn, 1), ((spiral.turn * 180) / Math.PI).toFixed(0))}
        {...{ value: spiral.turn, min: 0, max: 8, step: 0.1 }}
        onInput={(turn) => change({ turn })}
      />
      <Slider
        label={text.noise}
        text={text.radians(fixed(spiral.noise))}
        {...{ value: spiral.noise, min: 0, max: 0.6, step: 0.02 }}
        onInput={(noise) => change({ noise })}
      />
    </FigureFrame>
  );
}

/** How the formula made a point. */
function Reading({ point: { row, radius, angle, shift, x, y } }: { point: ArmPoint }) {
  const noise = `${shift < 0 ? '−' : '+'} ${fixed(Math.abs(shift))}`;
  return (
    <>
      <b>{words.value.point(`${row + 1}`)}</b> r = {fixed(radius)}, t = {fixed(angle)} {noise},{' '}
      <span>
        x = r·sin t = {fixed(x)}, y = r·cos t = {fixed(y)}
      </span>
    </>
  );
}

/** The curves of the arms, the points on them, and how far the last one went out and turned. */
function drawArms(context: CanvasRenderingContext2D, spiral: Spiral, points: readonly ArmPoint[]): void {
  const line = (along: readonly { x: number; y: number }[], width: number, colour: string) => {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    for (const { x, y } of along) context.lineTo(...pixelOf(RANGE, x, y));
    context.stroke();
  };
  context.lineJoin = context.lineCap = 'round';
  const last = points.at(-1);
  for (let label = 0; label <= (last?.label ?? -1); label++) {
    const part = label === last?.label ? (last.row % PER_CLASS) / (PER_CLASS - 1) : 1;
    line(armCurve(spiral, label, part), 10, lookOf(label).fill);
  }
  if (last && points.length < ALL) line([{ x: 0, y: 0 }, last], 3, OUTLINE);
  drawPoints(context, points, RANGE, false, PLAIN);
}
