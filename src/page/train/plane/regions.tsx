import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { NODES, type Point } from '../../settings/plane.ts';
import { isRegression, type Settings } from '../../settings/settings.ts';
import { PLAIN, type StudyData } from '../../settings/study-data.ts';
import { texts } from '../../texts/texts.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { formatCoordinate, formatSigned, formatWhole, threeDigits } from '../../ui/format.ts';
import { Marker } from '../../ui/marker.tsx';
import { chosen } from '../chosen.ts';
import { laterParts } from '../later-parts.ts';
import { drawLarge, valuesPicture } from '../network/unit-picture.ts';
import type { EditMode, Position } from './editing.ts';
import { drawCursor, drawPoints, drawRegions, PICTURE } from './regions-picture.ts';
import { type ShownUnit, unitTitle, valuesInWords } from './shown-unit.ts';

interface Props {
  settings: Settings;
  data: StudyData;
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
  const parts = laterParts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const mode = useSignal<EditMode>(settings.shape === 'own' ? 'add' : 'look');
  const label = useSignal(0);
  const { range, loaded, colours } = data;
  const confidence = chosen.confidence.value;
  const regression = isRegression(settings);
  const [moved, setMoved] = useState<Point>();
  const [cursor, setCursor] = useState<Position>();
  const state = { moved, setMoved, cursor, setCursor };
  const choice = { mode: mode.value, label: label.value };
  const editing = loaded ? undefined : parts?.editingOf({ settings, data, ...choice, onChange, ...state });

  // Without points, the first thing to do is to add some. Rows of a file are looked at.
  useEffect(() => {
    if (settings.shape === 'own') mode.value = 'add';
    else if (loaded) mode.value = 'look';
  }, [settings.shape, loaded]);
  // Points are drawn once for many pictures, because there may be thousands.
  const points = useMemo(() => pointsLayer(data, moved), [data, moved]);
  const directions = loaded && parts?.directionsOf(data, loaded);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, PICTURE, PICTURE);
    if (shown) drawLarge(context, shown, PICTURE);
    else if (evidence?.length !== NODES * NODES * data.outputs) {
      // An earlier network's picture does not fit.
    } else if (regression) drawLarge(context, valuesPicture(evidence, colours), PICTURE);
    else drawRegions(context, evidence, data.outputs, confidence);
    context.drawImage(points, 0, 0);
    if (loaded && directions) parts?.drawAxes(context, directions, loaded, range);
    if (cursor) drawCursor(context, cursor, range);
  }, [parts, points, evidence, shown, confidence, cursor, regression]);

  const reach = (from: number) => words.reach(formatCoordinate(from), formatCoordinate(from + range.size));
  return (
    <figure class="regions" aria-labelledby="regions-title">
      <div class="title">
        <h2 id="regions-title">{shown ? unitTitle(shown) : regression ? words.valuesTitle : words.title}</h2>
        <ul class="legend">
          {regression ? (
            <Scale {...data} />
          ) : (
            Array.from({ length: Math.min(data.outputs, MOST_NAMED) }, (_, label) => (
              <li key={label}>
                <Marker label={label} /> {classNameOf(data, label)}
              </li>
            ))
          )}
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
        aria-label={describe(data, shown, regression)}
        aria-describedby="editing-hint"
        {...editing?.handlers}
      />
      <figcaption>
        <span>
          {directions
            ? parts?.planeInWords(directions)
            : words.range(reach(range.left), reach(range.top - range.size))}
          {shown && `; ${valuesInWords(shown)}`}
          {!shown && nodes < NODES && `; ${words.coarse(formatWhole(nodes))}`}
        </span>
        {!regression && (
          <label class="check">
            <input
              type="checkbox"
              checked={confidence}
              onChange={({ currentTarget }) => {
                chosen.confidence.value = currentTarget.checked;
              }}
            />
            {words.confidence}
          </label>
        )}
      </figcaption>
      {parts && loaded && <parts.PlaneFields settings={settings} data={data} onChange={onChange} />}
      {parts && editing && (
        <parts.PointEditor settings={settings} mode={mode} label={label} editing={editing} onUndo={onUndo} />
      )}
    </figure>
  );
}

/** The most classes that are named above the picture. */
const MOST_NAMED = 20;

/** The colours of values, with numbers. */
function Scale({ colours, loaded }: Pick<StudyData, 'colours' | 'loaded'>) {
  const { mean, deviation } = loaded?.valueUnits ?? PLAIN;
  const end = (sign: number) => formatSigned(mean + deviation * (colours.mean + sign * colours.deviation));
  return (
    <li class="scale">
      <span aria-hidden="true">{end(-1)}</span>
      <span class="gradient" role="img" aria-label={texts.value.regions.scale(end(-1), end(1))} />
      <span aria-hidden="true">{end(1)}</span>
    </li>
  );
}

function describe({ train, test }: StudyData, shown: ShownUnit | undefined, regression: boolean): string {
  const { regions } = texts.value;
  // A unit is shown when the later parts are here.
  const unit = shown && laterParts.value?.laterTexts.value;
  if (unit) return unit.unitDescription(unitTitle(shown), threeDigits(Math.max(...shown.values)));
  const description = regression ? regions.valuesDescription : regions.description;
  return description(formatWhole(train?.count ?? 0), test && formatWhole(test.count));
}

/** All points, with the moved one at its present position. */
function pointsLayer({ points, range, colours }: StudyData, moved: Point | undefined): OffscreenCanvas {
  const layer = new OffscreenCanvas(PICTURE, PICTURE);
  const context = layer.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (context) {
    for (const [part, hollow] of [
      [points.train, false],
      [points.test, true],
    ] as const)
      drawPoints(context, moved ? replaced(part, moved) : part, range, hollow, colours);
  }
  return layer;
}

function replaced(points: readonly Point[], moved: Point): Point[] {
  return points.map((point) => (point.row === moved.row ? moved : point));
}
