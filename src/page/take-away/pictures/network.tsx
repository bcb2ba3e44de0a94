import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { takeAwayTexts } from '../../texts/take-away/take-away.ts';
import type { Column, Unit } from '../../train/network/columns.ts';
import { HEAD, HEAD_MARGIN, layoutOf, UNIT, weightLines } from '../../train/network/network-layout.ts';
import { drawLarge } from '../../train/network/unit-picture.ts';
import { classNameOf } from '../../ui/class-name.ts';
import { type Picture, type Taken, WIDTH } from './picture.ts';
import { drawn, Raster } from './raster.tsx';
import { linesOf } from './text-width.ts';

/** Pixels beside the network for the names of its inputs, and of its outputs. */
const NAMES = [64, 84];
/** Pixels of a unit's image for each pixel of its place. */
const FINE = 3;

/** Units of all columns, joined by lines for the weights. */
export function networkPicture({ columns, insight, data }: Taken): Picture | undefined {
  if (!insight) return undefined;
  const { network: words } = laterTexts.value;
  const { above, below } = takeAwayTexts.value;
  const layout = layoutOf(columns, WIDTH - NAMES[0] - NAMES[1]);
  const { position, height } = layout;
  return {
    name: 'network',
    title: words.title,
    legend: [
      { mark: <path class="weight" stroke-width="3" d="M-12 0h24" />, text: above },
      { mark: <path class="weight below" stroke-width="3" d="M-12 0h24" />, text: below },
    ],
    height,
    content: (
      <g transform={`translate(${NAMES[0]} 0)`}>
        {weightLines(columns, layout).map(({ from, to, width, below }, i) => (
          <path
            key={i}
            class={below ? 'weight below' : 'weight'}
            stroke-width={width.toFixed(2)}
            d={`M${from.x.toFixed(1)} ${from.y}L${to.x.toFixed(1)} ${to.y}`}
          />
        ))}
        {columns.map(({ head, units }, column) => {
          const { x, y } = position(column, 0);
          const lines = linesOf(head, UNIT + 2 * HEAD_MARGIN);
          return (
            <g key={column}>
              {lines.map((line, i) => (
                <text
                  key={line}
                  x={x + UNIT / 2}
                  y={y - HEAD + 32 - 15 * (lines.length - 1 - i)}
                  text-anchor="middle"
                >
                  {line}
                </text>
              ))}
              {units.map((unit, i) => (
                <UnitImage key={i} unit={unit} {...position(column, i)} size={UNIT} />
              ))}
            </g>
          );
        })}
        {[0, columns.length - 1].map((column) =>
          columns[column].units.map((unit, i) => {
            const { x, y } = position(column, i);
            return (
              <text
                key={`${column} ${i}`}
                class="strong"
                x={column === 0 ? x - 8 : x + UNIT + 8}
                y={y + UNIT / 2 + 4}
                text-anchor={column === 0 ? 'end' : 'start'}
              >
                {shortName(unit, i, data)}
              </text>
            );
          }),
        )}
      </g>
    ),
  };
}

/** Tiles in a row, as many as a layer shows, and pixels of a tile, between tiles, and of a column. */
const TILES = 8;
const BETWEEN = 12;
const TILE = (WIDTH - (TILES - 1) * BETWEEN) / TILES;
const COLUMN = TILE + 52;

/** What every unit computes over the plane, a column of the network a row. */
export function unitsPicture({ columns, insight, data }: Taken): Picture | undefined {
  if (!insight) return undefined;
  const rows = columns.flatMap((column) => tileRows(column));
  return {
    name: 'units',
    title: takeAwayTexts.value.units,
    legend: [],
    height: rows.length * COLUMN,
    note: takeAwayTexts.value.unitsNote,
    content: rows.map(({ head, units, first }, row) => (
      <g key={row} transform={`translate(0 ${row * COLUMN})`}>
        <text y="12">{head}</text>
        {units.map((unit, i) => (
          <g key={i} transform={`translate(${i * (TILE + BETWEEN)} 0)`}>
            <UnitImage unit={unit} x={0} y={20} size={TILE} />
            <text class="strong" x={TILE / 2} y={TILE + 34} text-anchor="middle" font-size="11">
              {shortName(unit, first + i, data)}
            </text>
          </g>
        ))}
      </g>
    )),
  };
}

/** A column's units in rows of tiles. */
function tileRows({ head, units }: Column): { head: string; units: Unit[]; first: number }[] {
  return Array.from({ length: Math.ceil(units.length / TILES) }, (_, row) => ({
    head: row === 0 ? head : '',
    units: units.slice(row * TILES, (row + 1) * TILES),
    first: row * TILES,
  }));
}

/** A unit's name beside or below its picture. */
function shortName({ name, unit }: Unit, i: number, data: StudyData): string {
  switch (unit.kind) {
    case 'input':
      return data.inputs[i] ?? name;
    case 'hidden':
      return takeAwayTexts.value.unit(i + 1);
    case 'image':
      return laterTexts.value.network.image;
    case 'class':
      return classNameOf(data, unit.label);
    case 'value':
      return laterTexts.value.network.valueHead;
  }
}

interface UnitImageProps {
  unit: Unit;
  x: number;
  y: number;
  size: number;
}

/** What a unit computes over the plane. */
function UnitImage({ unit: { values, unit, most, width }, x, y, size }: UnitImageProps) {
  const pixels = Math.round(size * FINE);
  return (
    <>
      {values && (
        <Raster
          canvas={drawn(pixels, pixels, (context) =>
            drawLarge(context, { unit, values, most, width }, pixels),
          )}
          x={x}
          y={y}
          width={size}
          height={size}
        />
      )}
      <rect class="frame" x={x} y={y} width={size} height={size} />
    </>
  );
}
