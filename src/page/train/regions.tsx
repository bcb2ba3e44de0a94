import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { NODES, type Point, UNIT_NODES } from '../settings/plane.ts';
import type { PlaneData } from '../settings/plane-data.ts';
import type { Settings } from '../settings/settings.ts';
import { texts } from '../texts/texts.ts';
import { CLASSES } from '../ui/classes.ts';
import { formatCoordinate, formatSigned, formatWhole, threeDigits } from '../ui/format.ts';
import { Marker } from '../ui/marker.tsx';
import { type EditMode, PointEditor, useEditing } from './point-editor.tsx';
import { drawCursor, drawPoints, drawRegions, PICTURE } from './regions-picture.ts';
import { drawUnit, type UnitKind } from './unit-picture.ts';

/** A unit of the network to show instead of the regions. */
export interface ShownUnit {
  name: string;
  unit: UnitKind;
  values: Float32Array;
  /** The number that is drawn in full colour. */
  most: number;
  formula?: string | undefined;
}

interface Props {
  settings: Settings;
  data: PlaneData;
  evidence: Float32Array | undefined;
  /** Nodes along each side of the grid at which the network was computed. */
  nodes: number;
  shown: ShownUnit | undefined;
  onChange: (part: Partial<Settings>) => void;
  onUndo: () => void;
}

/**
 * The data over the regions of the plane that the model gives to each class, or over what one unit
 * computes.
 */
export function Regions({ settings, data, evidence, nodes, shown, onChange, onUndo }: Props) {
  const { regions: words } = texts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const confidence = useSignal(false);
  const mode = useSignal<EditMode>(settings.shape === 'own' ? 'add' : 'look');
  const label = useSignal(0);
  const { range } = data;
  const editing = useEditing({ settings, data, mode: mode.value, label: label.value, onChange });
  const { moved, cursor } = editing;

  // Without points, the first thing to do is to add some.
  useEffect(() => {
    if (settings.shape === 'own') mode.value = 'add';
  }, [settings.shape]);
  // Points are drawn once for many pictures, because there may be thousands.
  const points = useMemo(() => pointsLayer(data, moved), [data, moved]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, PICTURE, PICTURE);
    if (shown) drawLarge(context, shown);
    else if (evidence?.length === NODES * NODES * settings.classes)
      drawRegions(context, evidence, settings.classes, confidence.value);
    context.drawImage(points, 0, 0);
    if (cursor) drawCursor(context, cursor, range);
  }, [points, evidence, shown, confidence.value, cursor]);

  const reach = (from: number) => words.reach(formatCoordinate(from), formatCoordinate(from + range.size));
  return (
    <figure class="regions" aria-labelledby="regions-title">
      <div class="title">
        <h2 id="regions-title">{shown ? words.unitTitle(shown.name) : words.title}</h2>
        <ul class="legend">
          {CLASSES.slice(0, settings.classes).map((_, label) => (
            <li key={label}>
              <Marker label={label} /> {words.className(label)}
            </li>
          ))}
          {data.test && <li>{words.test}</li>}
        </ul>
      </div>
      <canvas
        ref={canvas}
        width={PICTURE}
        height={PICTURE}
        data-testid="regions"
        class={mode.value}
        role={mode.value === 'look' ? 'img' : 'application'}
        tabIndex={0}
        aria-label={describe(data, shown)}
        aria-describedby="editing-hint"
        {...editing.handlers}
      />
      <figcaption>
        <span>
          {words.range(reach(range.left), reach(range.top - range.size))}
          {shown && `; ${valuesInWords(shown)}`}
          {!shown && nodes < NODES && `; ${words.coarse(formatWhole(nodes))}`}
        </span>
        <label class="check">
          <input
            type="checkbox"
            checked={confidence.value}
            onChange={({ currentTarget }) => {
              confidence.value = currentTarget.checked;
            }}
          />
          {words.confidence}
        </label>
      </figcaption>
      <PointEditor settings={settings} mode={mode} label={label} editing={editing} onUndo={onUndo} />
    </figure>
  );
}

/** The formula of a unit and the range of its values, or that it is dead. */
function valuesInWords({ unit, values, formula }: ShownUnit): string {
  const { regions: words } = texts.value;
  const [least, most] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const told =
    unit.kind === 'hidden' && most === 0
      ? words.nothing
      : words.values(formatSigned(least), formatSigned(most));
  return formula ? `${formula}: ${told}` : told;
}

function describe({ points }: PlaneData, shown: ShownUnit | undefined): string {
  const { regions } = texts.value;
  if (shown) return regions.unitDescription(shown.name, threeDigits(Math.max(...shown.values)));
  const [train, test] = [points.train.length, points.test.length];
  return regions.description(formatWhole(train), test > 0 ? formatWhole(test) : undefined);
}

/** All points, with the moved one at its present position. */
function pointsLayer({ points, range }: PlaneData, moved: Point | undefined): OffscreenCanvas {
  const layer = new OffscreenCanvas(PICTURE, PICTURE);
  const context = layer.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (context) {
    for (const [part, hollow] of [
      [points.train, false],
      [points.test, true],
    ] as const)
      drawPoints(context, moved ? replaced(part, moved) : part, range, hollow);
  }
  return layer;
}

function replaced(points: readonly Point[], moved: Point): Point[] {
  return points.map((point) => (point.row === moved.row ? moved : point));
}

/** A unit's picture as large as the regions; the browser interpolates between its nodes. */
function drawLarge(context: CanvasRenderingContext2D, { unit, values, most }: ShownUnit): void {
  const small = new OffscreenCanvas(UNIT_NODES, UNIT_NODES);
  const smallContext = small.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (!smallContext) return;
  drawUnit(smallContext, values, unit, most);
  context.imageSmoothingQuality = 'high';
  // The picture reaches from the centre of the first pixel to the centre of the last, because nodes
  // are the corners of cells.
  const side = UNIT_NODES - 1;
  context.drawImage(small, 0.5, 0.5, side, side, 0, 0, PICTURE, PICTURE);
}
