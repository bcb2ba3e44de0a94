import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Tensor } from '../../../index.ts';
import { statisticsOf } from '../../run/side-checks/statistics.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatPercent, formatSigned, formatWhole } from '../../ui/format.ts';
import { Formula } from '../operation/formula.tsx';

/** The most rows and columns of a page; a larger tensor has several pages. */
const PAGE = { rows: 100, columns: 128 };
/** Pixels of a cell, at most and at least, and of the whole picture. */
const CELL = { most: 28, least: 4 };
const WIDTH = 512;
const HEIGHT = 600;

/** The meaning of a tensor's rows and columns. */
export type Axis = 'samples' | 'units' | 'classes' | 'inputs';

interface Props {
  tensor: Tensor;
  axes: { rows: Axis | undefined; columns: Axis };
  /** The order of the rows, if they are sorted. */
  order: readonly number[] | undefined;
  /** The sample that the view follows, if rows are samples. */
  followed: number | undefined;
  /** Whether the tensor has been computed. */
  computed: boolean;
}

/** A tensor's numbers as colours around 0, the value below the pointer, and statistics. */
export function HeatMap({ tensor, axes, order, followed, computed }: Props) {
  const { heatMap: words } = insideTexts.value;
  const { name, symbol, shape, values } = tensor;
  const [rows, columns] = shape.length === 2 ? shape : axes.rows ? [shape[0], 1] : [1, shape[0]];
  const at = useSignal<{ row: number; column: number } | undefined>(undefined);
  const page = useSignal({ row: 0, column: 0 });
  const statistics = statisticsOf(values);
  const most = Math.max(Math.abs(statistics.min), Math.abs(statistics.max));
  const shown = {
    rows: Math.min(PAGE.rows, rows - page.value.row),
    columns: Math.min(PAGE.columns, columns - page.value.column),
  };
  const fitting = Math.min(WIDTH / Math.min(columns, PAGE.columns), HEIGHT / Math.min(rows, PAGE.rows));
  const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor(fitting)));
  const rowOf = (place: number) => (axes.rows === 'samples' && order ? order[place] : place);
  const valueAt = (row: number, column: number) => values[row * columns + column];

  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(shown.columns, shown.rows);
    for (let i = 0; i < shown.rows; i++) {
      const row = rowOf(page.value.row + i);
      for (let j = 0; j < shown.columns; j++)
        paint(image.data, 4 * (i * shown.columns + j), valueAt(row, page.value.column + j), most);
    }
    context.putImageData(image, 0, 0);
  }, [values, order, page.value, rows, columns]);

  const move = (row: number, column: number) => {
    at.value = {
      row: Math.max(0, Math.min(shown.rows - 1, row)),
      column: Math.max(0, Math.min(shown.columns - 1, column)),
    };
  };
  const label = (axis: Axis | undefined, place: number) => (axis ? words.axis[axis](place) : '');
  const pointed = at.value && {
    row: rowOf(page.value.row + at.value.row),
    column: page.value.column + at.value.column,
  };
  const followedPlace =
    axes.rows === 'samples' && followed !== undefined
      ? (order ? order.indexOf(followed) : followed) - page.value.row
      : -1;
  const size = { width: `${cell * shown.columns}px`, height: `${cell * shown.rows}px` };
  return (
    <figure class={computed ? 'heat-map' : 'heat-map later'} aria-label={name}>
      <figcaption>
        <strong>
          <Formula text={symbol} />
        </strong>{' '}
        {name}, {shape.map(formatWhole).join(' × ')}
        {!computed && <span class="remark"> ({words.later})</span>}
      </figcaption>
      <div class="cells" style={size}>
        <canvas
          ref={canvas}
          width={shown.columns}
          height={shown.rows}
          style={size}
          role="img"
          tabIndex={0}
          aria-label={words.description(name)}
          onPointerMove={(event) => move(Math.floor(event.offsetY / cell), Math.floor(event.offsetX / cell))}
          onPointerLeave={() => {
            at.value = undefined;
          }}
          onBlur={() => {
            at.value = undefined;
          }}
          onKeyDown={(event) => {
            const step = STEPS[event.key];
            if (!step) return;
            event.preventDefault();
            const from = at.value ?? { row: -1, column: -1 };
            move(from.row + step[0], from.column + step[1]);
          }}
        />
        {at.value && <Mark cell={cell} row={at.value.row} column={at.value.column} columns={1} />}
        {followedPlace >= 0 && followedPlace < shown.rows && (
          <Mark cell={cell} row={followedPlace} column={0} columns={shown.columns} />
        )}
      </div>
      <Pager
        label={words.rows}
        total={rows}
        size={PAGE.rows}
        from={page.value.row}
        onGo={(row) => {
          page.value = { ...page.value, row };
        }}
      />
      <Pager
        label={words.columns}
        total={columns}
        size={PAGE.columns}
        from={page.value.column}
        onGo={(column) => {
          page.value = { ...page.value, column };
        }}
      />
      <p class="value" aria-live="polite">
        {pointed
          ? `${[label(axes.rows, pointed.row), label(axes.columns, pointed.column)].filter(Boolean).join(', ')}: ${formatSigned(valueAt(pointed.row, pointed.column))}`
          : words.statistics({
              min: formatSigned(statistics.min),
              max: formatSigned(statistics.max),
              mean: formatSigned(statistics.mean),
              zeros: formatPercent(statistics.zeros),
              norm: formatSigned(statistics.norm),
            })}
      </p>
    </figure>
  );
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function Mark({
  cell,
  row,
  column,
  columns,
}: {
  cell: number;
  row: number;
  column: number;
  columns: number;
}) {
  const style = {
    top: `${cell * row}px`,
    left: `${cell * column}px`,
    width: `${cell * columns}px`,
    height: `${cell}px`,
  };
  return <span class="cell-mark" style={style} aria-hidden="true" />;
}

interface PagerProps {
  label: (from: string, to: string, of: string) => string;
  total: number;
  size: number;
  from: number;
  onGo: (from: number) => void;
}

/** Buttons from page to page; absent if one page shows all. */
function Pager({ label, total, size, from, onGo }: PagerProps) {
  const { heatMap: words } = insideTexts.value;
  if (total <= size) return null;
  const to = Math.min(total, from + size);
  return (
    <p class="pager">
      <button type="button" class="small" disabled={from === 0} onClick={() => onGo(from - size)}>
        {words.before}
      </button>
      {label(formatWhole(from), formatWhole(to - 1), formatWhole(total))}
      <button type="button" class="small" disabled={to === total} onClick={() => onGo(from + size)}>
        {words.after}
      </button>
    </p>
  );
}

const ABOVE = [31, 95, 191];
const BELOW = [201, 98, 15];

/** A number as a colour: white is 0, full colour the largest absolute value. */
function paint(pixels: Uint8ClampedArray, at: number, value: number, most: number): void {
  const share = most > 0 ? Math.abs(value) / most : 0;
  const colour = value < 0 ? BELOW : ABOVE;
  for (let c = 0; c < 3; c++) pixels[at + c] = 255 + share * (colour[c] - 255);
  pixels[at + 3] = 255;
}
