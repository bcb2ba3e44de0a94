/** The pixels that a picture of a tensor may take. */
export interface Space {
  width: number;
  height: number;
}

/** Rows and columns. */
export interface Extent {
  rows: number;
  columns: number;
}

/**
 * How a tensor's picture is cut into blocks, so that a long side is folded into the space. `down`: a
 * block is some of the rows, with the next block to its right. `across`: a block is some of the
 * columns, or of the numbers of a vector, with the next block below.
 */
export interface Folding {
  /** Pixels of a cell. */
  cell: number;
  direction: 'down' | 'across';
  /** Whether rows are folded, and not columns. */
  folds: keyof Extent;
  /** The numbers of a block along the folded side. */
  length: number;
  blocks: number;
  /** Pixels from block to block, and before the first cell for the blocks' labels. */
  pitch: number;
  margin: { left: number; top: number };
  /** The cells that are shown: less than the tensor has, if even the smallest cells do not fit. */
  shown: Extent;
}

/**
 * Pixels of a cell. Nothing is folded for cells that are larger than `folded`; the smallest ones are for
 * pictures that then fit.
 */
const CELL = { most: 28, folded: 12, least: 4, tight: 3 };
/** Room for the labels of blocks: their height above, their width at the left. */
const LABEL = { height: 14, width: 26 };
/** Pixels around blocks, for a line that shows where numbers of 0 end. */
const EDGE = 1;
/** Pixels between blocks; lines of a vector are closer. */
const GAP = { matrix: 6, vector: 2 };

const NO_LABEL: typeof LABEL = { height: 0, width: 0 };
const MARGIN = { left: EDGE, top: EDGE };

/**
 * The folding of a tensor with the largest cells that show all of it; else as much as fits.
 * @param labels whether blocks have labels
 */
export function foldingOf(extent: Extent, room: Space, labels = true): Folding {
  const space = { width: room.width - 2 * EDGE, height: room.height - 2 * EDGE };
  const label = labels ? LABEL : NO_LABEL;
  for (let cell = CELL.most; cell >= CELL.tight; cell--) {
    for (const folds of sidesOf(extent)) {
      const folding = folded(extent, space, cell, folds, label);
      if (folding.blocks > 1 && cell > CELL.folded) continue;
      if (folding.length * folding.blocks >= extent[folds] && across(extent, folding, space))
        return balanced(folding, extent[folds]);
    }
  }
  return part(extent, space, label);
}

const isVector = ({ rows, columns }: Extent): boolean => rows === 1 || columns === 1;

/** The sides that may be folded: of a vector, the long one. */
function sidesOf({ rows, columns }: Extent): (keyof Extent)[] {
  if (rows === 1) return ['columns'];
  return columns === 1 ? ['rows'] : ['rows', 'columns'];
}

const other = (side: keyof Extent): keyof Extent => (side === 'rows' ? 'columns' : 'rows');

/** Whether the side that is not folded fits. */
function across(extent: Extent, { cell, folds, direction }: Folding, space: Space): boolean {
  return direction === 'down'
    ? extent.columns * cell <= space.width
    : (folds === 'rows' ? 1 : extent.rows) * cell <= space.height;
}

/** The blocks that fit with cells of a size. One block alone has no label. */
function folded(
  extent: Extent,
  { width, height }: Space,
  cell: number,
  folds: keyof Extent,
  label: typeof LABEL,
): Folding {
  const vector = isVector(extent);
  const direction = folds === 'rows' && !vector ? 'down' : 'across';
  const breadth = vector ? 1 : extent[other(folds)];
  const pitch = breadth * cell + (vector ? GAP.vector : GAP.matrix);
  const single = Math.floor((direction === 'down' ? height : width) / cell);
  const common = { cell, direction, folds, pitch, shown: extent } as const;
  if (single >= extent[folds]) {
    return { ...common, length: extent[folds], blocks: 1, margin: MARGIN };
  }
  const [along, aside] =
    direction === 'down' ? [height - label.height, width] : [width - label.width, height];
  return {
    ...common,
    length: Math.max(1, Math.floor(along / cell)),
    blocks: Math.max(1, Math.floor((aside + pitch - breadth * cell) / pitch)),
    margin:
      direction === 'down'
        ? { left: EDGE, top: EDGE + label.height }
        : { left: EDGE + label.width, top: EDGE },
  };
}

/** Blocks of nearly equal lengths, in place of a last one with little in it. */
function balanced(folding: Folding, size: number): Folding {
  const blocks = Math.ceil(size / folding.length);
  // Lines of a vector are easier to count when they are full.
  const length = folding.direction === 'down' ? Math.ceil(size / blocks) : folding.length;
  return { ...folding, blocks, length: Math.min(length, size) };
}

/** The first cells of a tensor that does not fit. */
function part(extent: Extent, space: Space, label: typeof LABEL): Folding {
  const cell = CELL.least;
  const fits = {
    rows: Math.max(1, Math.floor(space.height / cell)),
    columns: Math.max(1, Math.floor(space.width / cell)),
  };
  const folds = isVector(extent)
    ? sidesOf(extent)[0]
    : (['rows', 'columns'] as const).find((side) => extent[other(side)] <= fits[other(side)]);
  if (!folds) {
    const shown = {
      rows: Math.min(extent.rows, fits.rows),
      columns: Math.min(extent.columns, fits.columns),
    };
    const length = shown.rows;
    const one = { blocks: 1, pitch: 0, margin: MARGIN };
    return { cell, direction: 'down', folds: 'rows', length, ...one, shown };
  }
  const folding = folded(extent, space, cell, folds, label);
  const size = Math.min(extent[folds], folding.length * folding.blocks);
  return balanced({ ...folding, shown: { ...extent, [folds]: size } }, size);
}

/** The left and upper pixel of a shown cell. */
export function placeOf(folding: Folding, row: number, column: number): { x: number; y: number } {
  const { cell, direction, folds, length, pitch, margin } = folding;
  const [along, aside] = folds === 'rows' ? [row, column] : [column, row];
  const block = Math.floor(along / length);
  const [first, second] = [(along % length) * cell, block * pitch + aside * cell];
  const [x, y] = direction === 'down' ? [second, first] : [first, second];
  return { x: margin.left + x, y: margin.top + y };
}

/** The shown cell at a pixel. */
export function cellAt(folding: Folding, x: number, y: number): { row: number; column: number } | undefined {
  const { cell, direction, folds, length, blocks, pitch, margin, shown } = folding;
  const [left, top] = [x - margin.left, y - margin.top];
  const [along, aside] = direction === 'down' ? [top, left] : [left, top];
  const block = blocks === 1 ? 0 : Math.floor(aside / pitch);
  const first = Math.floor(along / cell);
  const second = Math.floor((aside - block * pitch) / cell);
  const place = block * length + first;
  const [row, column] = folds === 'rows' ? [place, second] : [second, place];
  const within =
    left >= 0 && top >= 0 && first < length && row < shown.rows && column < shown.columns && block < blocks;
  return within ? { row, column } : undefined;
}

/** The pixels that the picture takes. */
export function sizeOf({ cell, direction, folds, length, blocks, pitch, margin, shown }: Folding): Space {
  const breadth = shown[other(folds)] * cell;
  const [along, aside] = [length * cell, (blocks - 1) * pitch + breadth];
  const [width, height] = direction === 'down' ? [aside, along] : [along, aside];
  return { width: margin.left + width + EDGE, height: margin.top + height + EDGE };
}

/** The blocks that have room for a label, with the first index of each. */
export function labelled({ direction, length, blocks, pitch }: Folding): { block: number; first: number }[] {
  if (blocks === 1) return [];
  const every = Math.ceil((direction === 'down' ? LABEL.width : LABEL.height) / pitch);
  return Array.from({ length: Math.ceil(blocks / every) }, (_, i) => ({
    block: i * every,
    first: i * every * length,
  }));
}
