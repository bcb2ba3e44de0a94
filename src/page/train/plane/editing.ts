import type { PlotRange, Point } from '../../settings/plane.ts';
import { VALUES } from '../../settings/plane-data.ts';
import { type Edit, isRegression, MOST_EDITS, type Settings } from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { MARKER, PICTURE } from './regions-picture.ts';

export const MODES = ['look', 'add', 'move', 'remove'] as const;
/** The action of a click on the plane. */
export type EditMode = (typeof MODES)[number];

/** Digits of a coordinate that a person sets, so that a link holds the shown number. */
const DIGITS = 3;
/** Parts of the plot that the cursor moves by. */
const STRIDE = 1 / 40;
const SMALL_STRIDE = 1 / 400;
/** The farthest press that still means a point, in marker sizes. */
const REACH = 1.5;

export interface Position {
  x: number;
  y: number;
}

/** The point that is being moved, and the keyboard's cursor. */
export interface EditState {
  moved: Point | undefined;
  setMoved: (point: Point | undefined) => void;
  cursor: Position | undefined;
  setCursor: (position: Position | undefined) => void;
}

interface EditingOptions extends EditState {
  settings: Settings;
  data: StudyData;
  mode: EditMode;
  /** The class that is added, or the number of the value. */
  label: number;
  onChange: (part: Partial<Settings>) => void;
}

/**
 * Editing points with a pointer or the keyboard: the point at the cursor, and event handlers.
 */
export function editingOf({
  settings,
  data,
  mode,
  label,
  onChange,
  moved,
  setMoved,
  cursor,
  setCursor,
}: EditingOptions) {
  const { range } = data;
  const points = [...data.points.train, ...data.points.test];

  // Later edits count rows by earlier ones, so that no edit can be left out.
  const full = settings.edits.length >= MOST_EDITS;
  const edit = (edit: Edit) => full || onChange({ edits: [...settings.edits, edit] });
  const near = (position: Position) => nearest(points, position, (REACH * MARKER * range.size) / PICTURE);
  const drop = (point: Point) => {
    setMoved(undefined);
    const before = points.find(({ row }) => row === point.row);
    if (before && (before.x !== point.x || before.y !== point.y))
      edit({ kind: 'move', row: point.row, x: point.x, y: point.y });
  };
  /** Carries out a press at a position. A point that is picked up is put down later. */
  const press = (position: Position, doing: EditMode) => {
    const point = near(position);
    if (doing === 'remove') {
      if (point) edit({ kind: 'remove', row: point.row });
    } else if (doing !== 'look' && point) setMoved(point);
    else if (doing === 'add')
      edit({ kind: 'add', ...position, label: Math.min(label, kindsOf(settings) - 1) });
  };
  const moveTo = (position: Position) => moved && setMoved({ ...moved, ...position });

  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const canvas = event.currentTarget as HTMLCanvasElement;
      setCursor(undefined);
      press(positionOf(event, canvas, range), event.altKey ? 'remove' : mode);
      canvas.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (moved) moveTo(positionOf(event, event.currentTarget as HTMLCanvasElement, range));
    },
    onPointerUp: () => moved && drop(moved),
    onPointerCancel: () => setMoved(undefined),
    onBlur: () => {
      setCursor(undefined);
      setMoved(undefined);
    },
    onKeyDown: (event: KeyboardEvent) => {
      // Without an edit mode, the arrow keys scroll.
      const direction = mode === 'look' ? undefined : DIRECTIONS[event.key];
      if (direction) {
        const stride = (event.shiftKey ? SMALL_STRIDE : STRIDE) * range.size;
        const from = cursor ?? { x: range.left + range.size / 2, y: range.top - range.size / 2 };
        const position = inside(
          { x: from.x + direction[0] * stride, y: from.y + direction[1] * stride },
          range,
        );
        setCursor(position);
        moveTo(position);
      } else if (event.key === 'Enter' && cursor) {
        if (moved) drop(moved);
        else press(cursor, mode);
      } else if (event.key === 'Escape') {
        setMoved(undefined);
        setCursor(undefined);
      } else return;
      event.preventDefault();
    },
  };
  const at = cursor && near(cursor);
  return { cursor, at, handlers };
}

/** The kinds of points that a person may add: classes, or values. */
export const kindsOf = (settings: Settings): number =>
  isRegression(settings) ? VALUES.length : settings.classes;

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function positionOf(event: PointerEvent, canvas: HTMLCanvasElement, range: PlotRange): Position {
  const box = canvas.getBoundingClientRect();
  const [u, v] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  return inside({ x: range.left + u * range.size, y: range.top - v * range.size }, range);
}

/** The nearest position within the plot, rounded to `DIGITS`. */
function inside({ x, y }: Position, { left, top, size }: PlotRange): Position {
  const within = (value: number, from: number) =>
    Number(Math.min(Math.max(value, from), from + size).toFixed(DIGITS));
  return { x: within(x, left), y: within(y, top - size) };
}

function nearest(points: readonly Point[], { x, y }: Position, reach: number): Point | undefined {
  let best: Point | undefined;
  let least = reach;
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance <= least) [best, least] = [point, distance];
  }
  return best;
}
