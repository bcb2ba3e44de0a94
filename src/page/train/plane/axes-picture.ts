import type { PlotRange } from '../../settings/plane.ts';
import { isTimed, type LoadedData, type Plane, type Units } from '../../settings/study-data.ts';
import { OUTLINE } from '../../ui/classes.ts';
import { roundTicks, timeTicks } from '../../ui/ticks.ts';
import { PICTURE, pixelOf } from './regions-picture.ts';

/** Pixels of the picture: a line of text, a tick, and from the edge to the text. */
const TEXT = 22;
const TICK = 10;
const EDGE = 8;
/** About how many ticks an axis has. */
const TICKS = 5;

/** A value of a feature, in the units of the rows, and its place on an axis of the plane. */
export interface Tick {
  value: number;
  text: string;
  place: number;
}

/** The ticks of a feature along a direction of the plane; none if it is constant. */
export function ticksOf(
  { mean, deviation }: Units,
  { axes, origin, u, v }: Pick<Plane, 'axes' | 'origin' | 'u' | 'v'>,
  direction: 0 | 1,
  time = false,
): Tick[] {
  const axis = axes[direction];
  const [middle, half] = [mean + deviation * origin[axis], deviation * [u, v][direction][axis]];
  const ticks = (time ? timeTicks : roundTicks)(middle - half, middle + half, TICKS);
  return ticks.map((tick) => ({ ...tick, place: (tick.value - middle) / half }));
}

/** The ticks of a direction of the plane; principal components have none. */
export function loadedTicks({ plane, units, rows }: LoadedData, direction: 0 | 1): Tick[] {
  const axis = plane?.axes[direction];
  if (!plane || axis === undefined || axis >= units.length) return [];
  return ticksOf(units[axis], plane, direction, isTimed(rows, axis));
}

/** Draws the names of the plane's directions along the lower and the left edge, with ticks of features. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  names: readonly [string, string],
  loaded: LoadedData,
  range: PlotRange,
): void {
  context.font = `${TEXT}px system-ui, sans-serif`;
  for (const direction of [0, 1] as const) {
    context.save();
    if (direction === 1) {
      context.translate(0, PICTURE);
      context.rotate(-Math.PI / 2);
    }
    const ticks = loadedTicks(loaded, direction);
    const edge = direction === 0 ? PICTURE : 0;
    const inward = direction === 0 ? -1 : 1;
    for (const { text, place } of ticks) {
      const [column, row] = pixelOf(range, direction === 0 ? place : 0, direction === 0 ? 0 : place);
      const at = direction === 0 ? column : PICTURE - row;
      write(context, text, at, edge + inward * (TICK + EDGE), 'center', inward);
      context.strokeStyle = OUTLINE;
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(at, edge);
      context.lineTo(at, edge + inward * TICK);
      context.stroke();
    }
    const line = ticks.length > 0 ? TICK + EDGE + TEXT + EDGE : EDGE;
    write(context, names[direction], PICTURE - EDGE, edge + inward * line, 'right', inward);
    context.restore();
  }
}

/** Dark text on a light edge, which can be read on every region. */
function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  align: CanvasTextAlign,
  inward: number,
): void {
  context.textAlign = align;
  context.textBaseline = inward < 0 ? 'bottom' : 'top';
  context.lineJoin = 'round';
  context.lineWidth = 5;
  context.strokeStyle = '#fff';
  context.strokeText(text, x, y);
  context.fillStyle = OUTLINE;
  context.fillText(text, x, y);
}
