import type { ComponentChildren } from 'preact';
import type { PlotRange, Point } from '../../settings/plane.ts';
import { CELLS, NODES } from '../../settings/plane.ts';
import { isRegression } from '../../settings/settings.ts';
import type { StudyData, Units } from '../../settings/study-data.ts';
import { takeAwayTexts } from '../../texts/take-away/take-away.ts';
import { texts } from '../../texts/texts.ts';
import { chosen } from '../../train/chosen.ts';
import { colourOf, drawLarge, valuesPicture } from '../../train/network/unit-picture.ts';
import { loadedTicks, type Tick } from '../../train/plane/axes-picture.ts';
import { directionsOf } from '../../train/plane/plane-fields.tsx';
import { drawRegions, MARKER, PICTURE } from '../../train/plane/regions-picture.ts';
import { type ShownUnit, unitTitle, valuesInWords } from '../../train/plane/shown-unit.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { lookOf, OUTLINE, OUTLINES } from '../../ui/classes.ts';
import { MarkerShape } from '../../ui/marker.tsx';
import { roundTicks } from '../../ui/ticks.ts';
import { type LegendEntry, type Picture, type Taken, WIDTH } from './picture.ts';
import { drawn, Raster } from './raster.tsx';

/** Pixels left of the square, right of it, and below it. */
const LEFT = 48;
const RIGHT = 16;
const BOTTOM = 44;
const SIDE = WIDTH - LEFT - RIGHT;
/**
 * Pixels of the image along each side of a grid cell: borders of regions are about as fine as print, and
 * values, which change slowly, are drawn smaller.
 */
const FINE = { regions: 12, values: 4 };

/**
 * The points over the regions, or over the values of a regression; over what a unit computes, if one is
 * given. Undefined if the network has not been computed over the plane.
 */
export function regionsPicture(taken: Taken, unit?: ShownUnit): Picture | undefined {
  const { settings, data, evidence } = taken;
  const { regions: words } = texts.value;
  const regression = isRegression(settings);
  const smooth = unit !== undefined || regression;
  const size = CELLS * (smooth ? FINE.values : FINE.regions);
  const fits = evidence?.length === NODES * NODES * data.outputs;
  if (!unit && !fits) return undefined;
  const picture = drawn(size, size, (context) => {
    if (unit) drawLarge(context, unit, size);
    else if (!evidence) return;
    else if (regression) drawLarge(context, valuesPicture(evidence, data.colours), size);
    else drawRegions(context, evidence, data.outputs, chosen.confidence.value, FINE.regions);
  });
  return {
    name: 'regions',
    title: unit ? unitTitle(unit) : regression ? words.valuesTitle : words.title,
    legend: [
      ...(regression ? [scaleEntry()] : classEntries(data)),
      ...(data.test
        ? [
            {
              mark: (
                <Points
                  points={[testPoint(data)]}
                  scale={1}
                  place={() => [0, 0]}
                  hollow
                  colours={data.colours}
                />
              ),
              text: takeAwayTexts.value.testPoint,
            },
          ]
        : []),
    ],
    height: SIDE + BOTTOM,
    note: unit && valuesInWords(unit),
    content: (
      <Plane data={data}>
        <Raster canvas={picture} x={LEFT} y={0} width={SIDE} height={SIDE} />
        {[data.points.train, data.points.test].map((points, part) => (
          <Points
            key={part}
            points={points}
            scale={SIDE / PICTURE}
            place={({ x, y }) => placeIn(data.range, x, y)}
            hollow={part === 1}
            colours={data.colours}
          />
        ))}
      </Plane>
    ),
  };
}

/** A point of the first class, or of the value that is drawn white. */
const testPoint = ({ test, colours }: StudyData): Point => ({
  row: 0,
  x: 0,
  y: 0,
  label: 0,
  ...(test && 'targets' in test && { value: colours.mean }),
});

export const classEntries = (data: StudyData): LegendEntry[] =>
  Array.from({ length: data.outputs }, (_, label) => ({
    mark: <MarkerShape label={label} />,
    text: classNameOf(data, label),
  }));

/** The colours of values. */
function scaleEntry(): LegendEntry {
  const steps = 64;
  const gradient = drawn(steps, 1, (context) => {
    for (let i = 0; i < steps; i++) {
      context.fillStyle = colourOf((2 * i) / (steps - 1) - 1);
      context.fillRect(i, 0, 1, 1);
    }
  });
  return {
    mark: <Raster canvas={gradient} x={-12} y={-7} width={24} height={14} />,
    text: takeAwayTexts.value.scale,
  };
}

const placeIn = ({ left, top, size }: PlotRange, x: number, y: number): [number, number] => [
  LEFT + ((x - left) / size) * SIDE,
  ((top - y) / size) * SIDE,
];

/** Letters of a tick for which there is room beside the axis; longer ones stand along it. */
const LONG = 6;

/** A part of the plane with its axes. */
function Plane({ data, children }: { data: StudyData; children: ComponentChildren }) {
  const { range, loaded } = data;
  const { left, top, size } = range;
  const [across, up] = (loaded && directionsOf(data, loaded)) ?? ['x', 'y'];
  const ticks = (direction: 0 | 1): Tick[] => {
    if (loaded) return loadedTicks(loaded, direction);
    const from = direction === 0 ? left : top - size;
    return roundTicks(from, from + size, 6).map((tick) => ({ ...tick, place: tick.value }));
  };
  return (
    <>
      {children}
      <rect class="frame" x={LEFT} y={0} width={SIDE} height={SIDE} />
      {ticks(0).map(({ value, text, place }) => {
        const [x] = placeIn(range, place, top);
        return (
          <g key={value}>
            <path class="frame" d={`M${x} ${SIDE}v4`} />
            <text x={x} y={SIDE + 18} text-anchor="middle">
              {text}
            </text>
          </g>
        );
      })}
      {ticks(1).map(({ value, text, place }) => {
        const [, y] = placeIn(range, left, place);
        return (
          <g key={value}>
            <path class="frame" d={`M${LEFT} ${y}h-4`} />
            {text.length > LONG ? (
              <text transform={`translate(${LEFT - 8} ${y}) rotate(-90)`} text-anchor="middle">
                {text}
              </text>
            ) : (
              <text x={LEFT - 8} y={y + 4} text-anchor="end">
                {text}
              </text>
            )}
          </g>
        );
      })}
      <text x={LEFT + SIDE / 2} y={SIDE + 36} text-anchor="middle">
        {across}
      </text>
      <text transform={`translate(10 ${SIDE / 2}) rotate(-90)`} text-anchor="middle">
        {up}
      </text>
    </>
  );
}

interface PointsProps {
  points: readonly Point[];
  /** Pixels here of a pixel of the page's picture. */
  scale: number;
  place: (point: Point) => [number, number];
  hollow?: boolean;
  colours: Units;
}

/** Points in the colour of their class or value: training points filled, test points hollow. */
function Points({ points, scale, place, hollow = false, colours }: PointsProps) {
  const outline = (hollow ? 5 : 2) * scale;
  return (
    <g stroke={OUTLINE} stroke-width={outline} stroke-linejoin="round" fill="none">
      {points.map((point) => {
        const colour =
          point.value === undefined
            ? lookOf(point.label).point
            : colourOf((point.value - colours.mean) / colours.deviation);
        const [x, y] = place(point);
        const size = MARKER * scale;
        return hollow ? (
          <g key={point.row}>
            <Shape label={point.label} x={x} y={y} size={size} />
            <Shape label={point.label} x={x} y={y} size={size} stroke={colour} stroke-width={2.5 * scale} />
          </g>
        ) : (
          <Shape key={point.row} label={point.label} x={x} y={y} size={size} fill={colour} />
        );
      })}
    </g>
  );
}

interface ShapeProps {
  label: number;
  x: number;
  y: number;
  size: number;
  fill?: string;
  stroke?: string;
  'stroke-width'?: number;
}

/** The shape of a class's marker. */
function Shape({ label, x, y, size, ...look }: ShapeProps) {
  const { shape } = lookOf(label);
  const at = (value: number) => Number(value.toFixed(2));
  if (shape === 'circle') return <circle cx={at(x)} cy={at(y)} r={at(size * 0.9)} {...look} />;
  const corners = OUTLINES[shape].map(([dx, dy]) => `${at(x + dx * size)},${at(y + dy * size)}`);
  return <polygon points={corners.join(' ')} {...look} />;
}
