import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { PlotRange, Point } from '../settings/plane.ts';
import type { PlaneData } from '../settings/plane-data.ts';
import { type Edit, MOST_EDITS, type Settings } from '../settings/settings.ts';
import { texts } from '../texts/texts.ts';
import { formatCoordinate } from '../ui/format.ts';
import { MARKER, PICTURE } from './regions-picture.ts';

const MODES = ['look', 'add', 'move', 'remove'] as const;
/** The action of a click on the plane. */
export type EditMode = (typeof MODES)[number];

/** Digits of a coordinate that a person sets, so that a link holds the shown number. */
const DIGITS = 3;
/** Parts of the plot that the cursor moves by. */
const STRIDE = 1 / 40;
const SMALL_STRIDE = 1 / 400;
/** The farthest press that still means a point, in marker sizes. */
const REACH = 1.5;

interface Position {
  x: number;
  y: number;
}

interface EditingOptions {
  settings: Settings;
  data: PlaneData;
  mode: EditMode;
  /** The class that is added. */
  label: number;
  onChange: (part: Partial<Settings>) => void;
}

/**
 * Editing points with a pointer or the keyboard: the moved point, the cursor, and event handlers.
 */
export function useEditing({ settings, data, mode, label, onChange }: EditingOptions) {
  const [moved, setMoved] = useState<Point>();
  const [cursor, setCursor] = useState<Position>();
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
      edit({ kind: 'add', ...position, label: Math.min(label, settings.classes - 1) });
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
  return { moved, cursor, at, handlers };
}

interface Props {
  settings: Settings;
  mode: Signal<EditMode>;
  label: Signal<number>;
  editing: Pick<ReturnType<typeof useEditing>, 'cursor' | 'at'>;
  onUndo: () => void;
}

/** The choice of an edit mode, and undo. */
export function PointEditor({ settings, mode, label, editing: { cursor, at }, onUndo }: Props) {
  const { regions: words } = texts.value;
  const none = settings.edits.length === 0;
  return (
    <fieldset class="editor">
      <legend>{words.edit}</legend>
      {MODES.map((name) => (
        <label class="check" key={name}>
          <input
            type="radio"
            name="edit-mode"
            checked={mode.value === name}
            onChange={() => {
              mode.value = name;
            }}
          />
          {words.modes[name]}
        </label>
      ))}
      {mode.value === 'add' && (
        <select
          aria-label={words.classOf}
          value={Math.min(label.value, settings.classes - 1)}
          onChange={({ currentTarget }) => {
            label.value = Number(currentTarget.value);
          }}
        >
          {Array.from({ length: settings.classes }, (_, k) => (
            <option key={k} value={k}>
              {words.className(k)}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        class="small"
        aria-disabled={none}
        title={none ? words.nothingToUndo : words.undoHint}
        onClick={() => none || onUndo()}
      >
        {words.undo}
      </button>
      <p id="editing-hint" class="hint">
        {settings.edits.length >= MOST_EDITS ? words.full : words.modeHints[mode.value]}{' '}
        <span class="hidden">{words.keys}</span>
      </p>
      <p class="hidden" aria-live="polite">
        {cursor &&
          words.cursor(
            formatCoordinate(cursor.x, 2),
            formatCoordinate(cursor.y, 2),
            at ? words.near(at.label) : '',
          )}
      </p>
    </fieldset>
  );
}

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
