/**
 * Cells along each side of the grid that the regions are computed on; its nodes are the cells'
 * corners.
 */
export const CELLS = 160;
export const NODES = CELLS + 1;

/** The most multiply-adds of the first picture: a large network is computed at fewer nodes. */
const MOST_WORK = 2e9;
/** The most numbers of the inputs at all nodes, which go to the device for each picture. */
const MOST_INPUTS = 4e6;
/** Cells from one computed node to the next. */
const STRIDES = [1, 2, 4, 5, 8, 10, 16, 20];

/** Nodes along each side of a grid of which only some are computed. */
export const nodesOf = (stride: number): number => CELLS / stride + 1;

/** The smallest stride whose number of nodes fits, else the largest stride. */
export function strideFor(fits: (nodes: number) => boolean): number {
  return STRIDES.find((stride) => fits(nodesOf(stride) ** 2)) ?? STRIDES[STRIDES.length - 1];
}

/** Whether a picture at so many nodes is small enough for the memory, whatever the time. */
export const fitsInputs = (inputs: number, nodes: number): boolean => inputs * nodes <= MOST_INPUTS;

/** The stride of the first picture of a network with so many weights and inputs. */
export const firstStride = (weights: number, inputs: number): number =>
  strideFor((nodes) => weights * nodes <= MOST_WORK && fitsInputs(inputs, nodes));

/** Nodes along each side of the grid for the pictures of single units. */
export const UNIT_NODES = 33;

/** Nodes along each side of the grid that is drawn as a hidden layer bends it. */
export const SPACE_NODES = 49;

/** Units of a hidden layer, and outputs, that the network's picture shows, the first ones. */
export const SHOWN_UNITS = 8;
export const SHOWN_OUTPUTS = 10;

/** The distance by which the plot is larger than the data: room for a marker and a margin. */
const MARGIN = 0.15;

/** A labelled point of the plane, with a row number that edits of other points do not change. */
export interface Point {
  row: number;
  x: number;
  y: number;
  /** 0 for the points of a surface. */
  label: number;
  /** Of a point of a surface. */
  value?: number;
  /** Its place in the data set, if only some rows of it have points. */
  index?: number;
}

/** A square part of the plane of inputs. */
export interface PlotRange {
  left: number;
  top: number;
  size: number;
}

/** The square around points that is drawn; without any, the one around the origin. */
export function plotRange(points: readonly Point[]): PlotRange {
  if (points.length === 0) return { left: -1 - MARGIN, top: 1 + MARGIN, size: 2 + 2 * MARGIN };
  const [x, y] = [extent(points.map(({ x }) => x)), extent(points.map(({ y }) => y))];
  const size = Math.max(x.max - x.min, y.max - y.min) + 2 * MARGIN;
  return { left: (x.min + x.max - size) / 2, top: (y.min + y.max + size) / 2, size };
}

/**
 * A grid's nodes, `nodes² × 2`, in the order of a picture's pixels: rows from the top, each from
 * the left.
 */
export function gridInputs({ left, top, size }: PlotRange, nodes: number): Float32Array {
  const inputs = new Float32Array(nodes * nodes * 2);
  const cells = nodes - 1;
  for (let row = 0; row < nodes; row++) {
    for (let column = 0; column < nodes; column++) {
      const at = 2 * (row * nodes + column);
      inputs[at] = left + (column / cells) * size;
      inputs[at + 1] = top - (row / cells) * size;
    }
  }
  return inputs;
}

export function contains({ left, top, size }: PlotRange, { x, y }: Point): boolean {
  return x >= left && x <= left + size && y <= top && y >= top - size;
}

function extent(values: readonly number[]): { min: number; max: number } {
  return values.reduce(({ min, max }, value) => ({ min: Math.min(min, value), max: Math.max(max, value) }), {
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  });
}
