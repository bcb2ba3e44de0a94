import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Tensor } from '../../../index.ts';
import { statisticsOf } from '../../run/side-checks/statistics.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatMagnitude, formatPercent, formatSigned, formatWhole } from '../../ui/format.ts';
import { Formula } from '../operation/formula.tsx';
import { type Axes, type Axis, axesOf, type NetworkShape } from './axes.ts';
import { cellAt, type Folding, foldingOf, labelled, placeOf, type Space, sizeOf } from './folding.ts';
import { drawCells, extentOf } from './paint.ts';

/** Pixels above a picture for what is said of it, and below for its pages. */
const CAPTION = 54;
const PAGER = 28;

interface Props {
  tensor: Tensor;
  network: NetworkShape;
  /** The order of the samples, if they are sorted. */
  order: readonly number[] | undefined;
  /** The sample that the view follows. */
  followed: number;
  /** Whether the tensor has been computed. */
  computed: boolean;
  /** The largest difference from the same tensor in float64. */
  difference: number | undefined;
  /** The room for caption, picture and pages. */
  space: Space;
  /** Whether the picture has the place for itself, so that more can be said. */
  alone: boolean;
}

/** A tensor's numbers as colours around 0, the value below the pointer, and statistics. */
export function HeatMap(props: Props) {
  const { tensor, order, followed, computed, space, alone } = props;
  const { heatMap: words } = insideTexts.value;
  const { name, symbol, shape, values } = tensor;
  const axes = axesOf(tensor, props.network);
  const extent = extentOf(tensor);
  const page = useSignal({ row: 0, column: 0 });
  /** The chosen cell, by its place in the sorted tensor. */
  const at = useSignal<{ row: number; column: number } | undefined>(undefined);
  const statistics = statisticsOf(values);
  const most = Math.max(Math.abs(statistics.min), Math.abs(statistics.max));
  const room = { width: space.width, height: Math.max(24, space.height - CAPTION) };
  const whole = foldingOf(extent, room);
  const paged = whole.shown.rows < extent.rows || whole.shown.columns < extent.columns;
  const size = paged
    ? foldingOf(extent, { ...room, height: Math.max(24, room.height - PAGER) }).shown
    : extent;
  // The last page may have less.
  const from = {
    row: Math.min(page.value.row, extent.rows - 1),
    column: Math.min(page.value.column, extent.columns - 1),
  };
  const shown = {
    rows: Math.min(size.rows, extent.rows - from.row),
    columns: Math.min(size.columns, extent.columns - from.column),
  };
  const folding = paged ? foldingOf(shown, { ...room, height: Math.max(24, room.height - PAGER) }) : whole;
  const rowOf = (place: number) => (axes.rows === 'samples' && order ? order[place] : place);
  const valueAt = (row: number, column: number) => values[rowOf(row) * extent.columns + column];

  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current)
      drawCells(
        canvas.current,
        folding,
        (row, column) => valueAt(from.row + row, from.column + column),
        most,
      );
  }, [values, order, from.row, from.column, JSON.stringify(folding)]);

  /** Chooses a cell, and turns to its page. */
  const move = (row: number, column: number) => {
    const to = {
      row: Math.max(0, Math.min(extent.rows - 1, row)),
      column: Math.max(0, Math.min(extent.columns - 1, column)),
    };
    at.value = to;
    const turned = { row: to.row - (to.row % size.rows), column: to.column - (to.column % size.columns) };
    if (turned.row !== from.row || turned.column !== from.column) page.value = turned;
  };
  const leave = () => {
    at.value = undefined;
  };
  const followedPlace =
    axes.rows === 'samples' ? (order ? order.indexOf(followed) : followed) - from.row : -1;
  const { width, height } = sizeOf(folding);
  return (
    <figure
      class={computed ? 'heat-map' : 'heat-map later'}
      aria-label={name}
      style={{ width: `${space.width}px` }}
    >
      <figcaption>
        <strong>
          <Formula text={symbol} />
        </strong>{' '}
        {alone && `${name}, `}
        {shape.map(formatWhole).join(alone ? ' × ' : '×')}
        {!computed && <span class={alone ? '' : 'hidden'}> ({words.later})</span>}
        {alone &&
          props.difference !== undefined &&
          `, ${words.difference(formatMagnitude(props.difference))}`}
      </figcaption>
      <p class="value" aria-live="polite">
        {at.value
          ? `${placeInWords(axes, rowOf(at.value.row), at.value.column)}: ${formatSigned(valueAt(at.value.row, at.value.column))}`
          : alone
            ? `${words.statistics(formatted(statistics))}${folding.blocks > 1 ? `; ${words.folded(folding.folds, formatWhole(folding.length))}` : ''}`
            : words.range(formatSigned(statistics.min), formatSigned(statistics.max))}
      </p>
      <div class="cells" style={{ width: `${width}px`, height: `${height}px` }}>
        <canvas
          ref={canvas}
          style={{ width: `${width}px`, height: `${height}px` }}
          role="img"
          tabIndex={0}
          aria-label={words.description(name)}
          onPointerMove={({ offsetX, offsetY }) => {
            const cell = cellAt(folding, offsetX, offsetY);
            at.value = cell && { row: from.row + cell.row, column: from.column + cell.column };
          }}
          onPointerLeave={leave}
          onBlur={leave}
          onKeyDown={(event) => {
            const step = STEPS[event.key];
            if (!step) return;
            event.preventDefault();
            const start = at.value ?? { row: from.row - 1, column: from.column - 1 };
            move(start.row + step[0], start.column + step[1]);
          }}
        />
        <Labels folding={folding} from={folding.folds === 'rows' ? from.row : from.column} />
        {at.value && (
          <Mark folding={folding} row={at.value.row - from.row} column={at.value.column - from.column} />
        )}
        {followedPlace >= 0 && followedPlace < shown.rows && <Mark folding={folding} row={followedPlace} />}
      </div>
      {size.rows < extent.rows && (
        <Pager
          label={words.rows}
          total={extent.rows}
          size={size.rows}
          from={from.row}
          onGo={(row) => {
            page.value = { ...page.value, row };
          }}
        />
      )}
      {size.columns < extent.columns && (
        <Pager
          label={words.columns}
          total={extent.columns}
          size={size.columns}
          from={from.column}
          onGo={(column) => {
            page.value = { ...page.value, column };
          }}
        />
      )}
    </figure>
  );
}

function placeInWords(axes: Axes, row: number, column: number): string {
  const { axis } = insideTexts.value.heatMap;
  const inWords = (of: Axis | undefined, place: number) => (of ? axis[of](place) : '');
  return [inWords(axes.rows, row), inWords(axes.columns, column)].filter(Boolean).join(', ');
}

const formatted = ({ min, max, mean, zeros, norm }: ReturnType<typeof statisticsOf>) => ({
  min: formatSigned(min),
  max: formatSigned(max),
  mean: formatSigned(mean),
  zeros: formatPercent(zeros),
  norm: formatSigned(norm),
});

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The first row or column of the blocks of a folded picture. */
function Labels({ folding, from }: { folding: Folding; from: number }) {
  const { folds, direction } = folding;
  return (
    <>
      {labelled(folding).map(({ block, first }) => {
        const { x, y } = placeOf(folding, folds === 'rows' ? first : 0, folds === 'rows' ? 0 : first);
        const style = direction === 'down' ? { left: `${x}px`, top: 0 } : { left: 0, top: `${y - 3}px` };
        return (
          <span key={block} class="block-label" style={style} aria-hidden="true">
            {from + first}
          </span>
        );
      })}
    </>
  );
}

/** A frame around a cell, or without a column around a row that is shown in one piece. */
function Mark({ folding, row, column }: { folding: Folding; row: number; column?: number }) {
  const { cell, folds, shown, length } = folding;
  const pieces =
    column !== undefined
      ? [[column, 1]]
      : folds === 'rows'
        ? [[0, shown.columns]]
        : Array.from({ length: folding.blocks }, (_, block) => [
            block * length,
            Math.min(length, shown.columns - block * length),
          ]);
  return (
    <>
      {pieces.map(([first, count]) => {
        const { x, y } = placeOf(folding, row, first);
        const style = {
          left: `${x}px`,
          top: `${y}px`,
          width: `${cell * count}px`,
          height: `${cell}px`,
        };
        return <span key={first} class="cell-mark" style={style} aria-hidden="true" />;
      })}
    </>
  );
}

interface PagerProps {
  label: (from: string, to: string, of: string) => string;
  total: number;
  size: number;
  from: number;
  onGo: (from: number) => void;
}

/** Buttons from page to page. */
function Pager({ label, total, size, from, onGo }: PagerProps) {
  const { heatMap: words } = insideTexts.value;
  const to = Math.min(total, from + size);
  const turns = [
    [words.before, '‹', from - size, from > 0],
    [words.after, '›', from + size, to < total],
  ] as const;
  return (
    <p class="pager">
      {turns.map(([name, sign, target, possible]) => (
        <button key={sign} type="button" aria-label={name} disabled={!possible} onClick={() => onGo(target)}>
          {sign}
        </button>
      ))}
      {label(formatWhole(from), formatWhole(to - 1), formatWhole(total))}
    </p>
  );
}
