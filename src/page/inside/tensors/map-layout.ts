import type { Operation } from '../../../index.ts';
import type { Slot } from './slots.ts';

/** A slot's place on the map, in pixels. */
export interface Box {
  slot: Slot;
  column: number;
  row: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Pixels of a column, at least; of a row, at most and at least. */
const COLUMN = 76;
/** Pixels of a column in which weights have more room than biases, whose names are as long. */
const WIDE = 110;
const ROW = { most: 120, least: 36 };
/** Pixels between columns, rows, and boxes of one column and row. */
const GAP = { column: 28, row: 16, box: 6 };
/** Pixels of a row, with the gap, that is low. */
const LOW = 52;
/** Pixels between rows that would else be low. */
const NARROW_GAP = 8;

export interface MapLayout {
  boxes: Box[];
  width: number;
  height: number;
}

/**
 * The map of a step: data flow to the right through the outputs of each layer and back below them as
 * gradients. Above them are the parameters, below them the gradients of the parameters, then moments.
 */
export function mapLayout(
  slots: readonly Slot[],
  layers: number,
  space: { width: number; height: number },
): MapLayout {
  const columns = layers + 2;
  const placed = slots.map((slot) => ({ slot, ...cellOf(slot, columns) }));
  const rows = 1 + Math.max(...placed.map(({ row }) => row));
  const gap = (space.height + GAP.row) / rows < LOW ? NARROW_GAP : GAP.row;
  const pitch = {
    x: Math.max(COLUMN, (space.width + GAP.column) / columns),
    y: Math.max(ROW.least, Math.min(ROW.most, (space.height + gap) / rows)),
  };
  const boxes = placed.map(({ slot, column, row }) => {
    const others = placed.filter((one) => one.column === column && one.row === row);
    const weights = others.map(({ slot: [{ kind }] }) => (kind === 'biases' && pitch.x > WIDE ? 2 : 3));
    const at = others.findIndex((one) => one.slot === slot);
    const before = weights.slice(0, at).reduce((sum, weight) => sum + weight, 0);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const room = pitch.x - GAP.column - GAP.box * (others.length - 1);
    return {
      ...{ slot, column, row },
      left: column * pitch.x + (room * before) / all + at * GAP.box,
      top: row * pitch.y,
      width: (room * weights[at]) / all,
      height: pitch.y - gap,
    };
  });
  return { boxes, width: columns * pitch.x - GAP.column, height: rows * pitch.y - gap };
}

function cellOf([{ kind, role, layer = 0, moment = 0 }]: Slot, columns: number) {
  const last = columns - 1;
  switch (kind) {
    case 'inputs':
      return { column: 0, row: 1 };
    case 'labels':
    case 'targets':
      return { column: last, row: 0 };
    case 'probabilities':
      return { column: last, row: 1 };
    case 'losses':
      return { column: last, row: 2 };
    case 'outputs':
      return { column: layer + 1, row: role === 'value' ? 1 : 2 };
    default:
      return { column: layer + 1, row: { value: 0, gradient: 3, moment: 4 + moment }[role] };
  }
}

/** A line from what an operation reads to what it writes, with its head. */
export interface Edge {
  path: string;
  head: string;
  /** Whether the selected operation draws it. */
  active: boolean;
}

export function edgesOf(
  boxes: readonly Box[],
  operations: readonly Pick<Operation, 'reads' | 'writes'>[],
  selected: number,
): Edge[] {
  const boxOf = (name: string) => boxes.find(({ slot }) => slot.some((tensor) => tensor.name === name));
  const edges = new Map<string, Edge>();
  for (const [i, { reads, writes }] of operations.entries())
    for (const from of reads.map(boxOf))
      for (const to of writes.map(boxOf)) {
        if (!from || !to || from === to) continue;
        const edge = lineBetween(from, to);
        const active = i === selected || (edges.get(edge.path)?.active ?? false);
        edges.set(edge.path, { ...edge, active });
      }
  // What the operation draws lies above the rest.
  return [...edges.values()].sort((a, b) => Number(a.active) - Number(b.active));
}

/** Pixels of an arrow's head, and of a bow around the boxes between. */
const HEAD = 6;
const BOW = 12;

function lineBetween(from: Box, to: Box): Omit<Edge, 'active'> {
  if (from.column === to.column && Math.abs(from.row - to.row) > 1) return bow(from, to);
  const [start, end] = [middle(from), middle(to)];
  const [first, last] = [border(from, end), border(to, start)];
  return {
    path: `M${round(first.x)} ${round(first.y)}L${round(last.x)} ${round(last.y)}`,
    head: headAt(last, Math.atan2(end.y - start.y, end.x - start.x)),
  };
}

/** Around the boxes of a column, on the side that is nearer. */
function bow(from: Box, to: Box): Omit<Edge, 'active'> {
  const biases = to.slot[0].kind === 'biases';
  const side = ({ left, width }: Box) => (biases ? left + width : left);
  const out = biases ? Math.max(side(from), side(to)) + BOW : Math.min(side(from), side(to)) - BOW;
  const [y0, y1] = [middle(from).y, middle(to).y];
  return {
    path: `M${round(side(from))} ${round(y0)}H${round(out)}V${round(y1)}H${round(side(to))}`,
    head: headAt({ x: side(to), y: y1 }, biases ? Math.PI : 0),
  };
}

const middle = ({ left, top, width, height }: Box) => ({ x: left + width / 2, y: top + height / 2 });

/** Where the line from a box's middle to a point leaves the box. */
function border(box: Box, to: { x: number; y: number }) {
  const { x, y } = middle(box);
  const [dx, dy] = [to.x - x, to.y - y];
  const share = Math.min(box.width / 2 / Math.abs(dx), box.height / 2 / Math.abs(dy));
  return { x: x + share * dx, y: y + share * dy };
}

function headAt({ x, y }: { x: number; y: number }, angle: number): string {
  const corner = (turn: number) =>
    `${round(x - HEAD * Math.cos(angle + turn))} ${round(y - HEAD * Math.sin(angle + turn))}`;
  return `M${round(x)} ${round(y)}L${corner(0.5)}L${corner(-0.5)}z`;
}

const round = (pixels: number) => Math.round(10 * pixels) / 10;
