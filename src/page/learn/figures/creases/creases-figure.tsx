import { useCallback, useEffect, useId, useMemo, useState } from 'preact/hooks';
import { PLAIN } from '../../../settings/study-data.ts';
import { drawLarge } from '../../../train/network/unit-picture.ts';
import { drawPoints, drawRegions, PICTURE, pixelOf } from '../../../train/plane/regions-picture.ts';
import { type Axis, Chart } from '../../../ui/chart.tsx';
import { OUTLINE } from '../../../ui/classes.ts';
import { formatWhole, withMinus } from '../../../ui/format.ts';
import { roundTicks } from '../../../ui/ticks.ts';
import type { FigureProps } from '../../frame/figure.ts';
import { FigureFrame, type FigureTable } from '../../frame/figure-frame.tsx';
import { useIntro } from '../../frame/intro.ts';
import { PlaneCanvas } from '../../frame/plane-canvas.tsx';
import { Slider } from '../../frame/slider.tsx';
import { inLanguage } from '../../frame/words.ts';
import { grid, POINTS, RANGE } from '../../model/grid.ts';
import { drawNotesPoints } from '../../model/points-layer.ts';
import { type Model, useModel } from '../../model/use-model.ts';
import {
  CLASSES,
  creaseOf,
  type Network,
  networkAt,
  OPTIONS,
  PART,
  rightOf,
  STEPS,
  scoresOf,
  scoresOfClass,
  UNITS,
} from './creases.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

const words = inLanguage({ en, ko });

/** Milliseconds in which the units come one by one. */
const TOUR = 8000;
const SIDE = 81;
const NODES = grid(SIDE);
/** The cut through the middle of the plane. */
const CUT = Array.from({ length: 241 }, (_, i) => RANGE.left + (RANGE.size * i) / 240);
const CHART = 144;
const ALL = CLASSES;

const fixed = (value: number, digits = 3) => withMinus(value.toFixed(digits));

/** Hidden units as creases, and what the first of them sum to. */
export function CreasesFigure({ seen }: FigureProps) {
  const { title, caption, keys, ...text } = words.value;
  const [count, setCount] = useState(UNITS);
  const [relu, setRelu] = useState(true);
  /** The class whose score is drawn, or all classes as regions. */
  const [view, setView] = useState(0);
  const [target, setTarget] = useState(PART);
  const id = useId();
  const compute = useMemo(() => (model: Model) => networkAt(model, target), [target]);
  const network = useModel(seen, OPTIONS, compute);
  const step = network?.step ?? 0;
  useEffect(() => {
    if (seen && step === target && step < STEPS) setTarget(step + PART);
  }, [seen, step]);
  const intro = useIntro(seen && step === STEPS, TOUR, (part) =>
    setCount(Math.max(1, Math.round(part * UNITS))),
  );
  const scores = useMemo(() => network && scoresOf(network, count, relu, NODES), [network, count, relu]);
  const right = useMemo(
    () => network && [true, false].map((cut) => `${rightOf(network, count, cut)}`),
    [network, count],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (!network || !scores) return;
      drawScores(context, scores, view);
      if (relu) drawCreases(context, network, count);
    },
    [network, scores, view],
  );
  const logit = text.views(view);
  return (
    <FigureFrame
      title={title}
      caption={caption(formatWhole(STEPS))}
      keys={keys}
      onReset={() => {
        intro.stop();
        setCount(UNITS);
        setRelu(true);
        setView(0);
      }}
      table={tableOf(network, count)}
    >
      <PlaneCanvas label={text.picture(logit, `${count}`, relu)} draw={draw} />
      <Slider
        label={text.units}
        text={text.of(`${count}`, `${UNITS}`)}
        {...{ value: count, min: 1, max: UNITS, step: 1 }}
        onInput={(value) => {
          intro.stop();
          setCount(value);
        }}
      />
      <div class="slider">
        <label for={id}>{text.show}</label>
        <select id={id} value={view} onChange={({ currentTarget }) => setView(Number(currentTarget.value))}>
          {Array.from({ length: ALL + 1 }, (_, of) => (
            <option key={of} value={of}>
              {text.views(of)}
            </option>
          ))}
        </select>
      </div>
      <label>
        <input
          type="checkbox"
          checked={relu}
          onChange={({ currentTarget }) => setRelu(currentTarget.checked)}
        />{' '}
        {text.relu}
      </label>
      <p class="reading result">
        {step < STEPS
          ? text.training(formatWhole(step), formatWhole(STEPS))
          : right && text.result(right[0], right[1], `${POINTS.length}`)}
      </p>
      {network && view < ALL && <Cut {...{ network, count, relu, view }} />}
    </FigureFrame>
  );
}

interface CutProps {
  network: Network;
  count: number;
  relu: boolean;
  view: number;
}

/** The score of a class from the left to the right: straight, but at each crease. */
function Cut({ network, count, relu, view }: CutProps) {
  const text = words.value;
  const inputs = CUT.flatMap((x) => [x, 0]);
  const values = scoresOfClass(scoresOf(network, count, relu, inputs), view);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = 0.05 * (most - least) || 1;
  return (
    <Chart
      description={text.cut(text.views(view))}
      height={CHART}
      left={56}
      x={axis('x', RANGE.left, RANGE.left + RANGE.size, 6)}
      y={axis(text.views(view), least - room, most + room, 4)}
      series={[{ points: CUT.map((x, i) => ({ x, y: values[i] })), dash: '', class: 'ours' }]}
    />
  );
}

function axis(label: string, from: number, to: number, count: number): Axis {
  const ticks = roundTicks(from, to, count);
  return {
    label,
    ticks: ticks.map(({ value }) => value),
    format: (at) => ticks.find(({ value }) => value === at)?.text ?? '',
    place: (value) => (value - from) / (to - from),
  };
}

/** The score of a class with its points, white at 0; or the regions of all with all points. */
function drawScores(context: CanvasRenderingContext2D, scores: Float64Array, view: number): void {
  if (view === ALL) {
    drawRegions(context, Float32Array.from(scores), CLASSES, false, PICTURE / (SIDE - 1));
    drawNotesPoints(context);
    return;
  }
  const values = scoresOfClass(scores, view);
  const most = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  drawLarge(context, { unit: { kind: 'hidden' }, values, most }, PICTURE);
  const own = POINTS.filter(({ label }) => label === view);
  drawPoints(context, own, RANGE, false, PLAIN);
}

/** The line of each unit's crease, the newest one's thick. */
function drawCreases(context: CanvasRenderingContext2D, { units }: Network, count: number): void {
  context.strokeStyle = OUTLINE;
  for (const [i, unit] of units.slice(0, count).entries()) {
    const ends = creaseOf(unit);
    if (!ends) continue;
    context.lineWidth = i === count - 1 ? 5 : 1.25;
    context.beginPath();
    for (const [x, y] of ends) context.lineTo(...pixelOf(RANGE, x, y));
    context.stroke();
  }
}

/** The units that take part, in numbers. */
function tableOf(network: Network | undefined, count: number): FigureTable {
  const { heads } = words.value;
  const units = network?.units.slice(0, count) ?? [];
  return {
    heads: [heads.unit, heads.x, heads.y, heads.bias, ...[0, 1, 2].map(heads.out)],
    rows: units.map(({ x, y, bias, out }, i) => [
      `${i + 1}`,
      fixed(x),
      fixed(y),
      fixed(bias),
      ...out.map((weight) => fixed(weight)),
    ]),
  };
}
