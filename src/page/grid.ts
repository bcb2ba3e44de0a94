import type { Dataset } from '../index.ts';

/** Cells along each side of the grid that the regions are computed on; its nodes are the cells' corners. */
export const CELLS = 160;
export const NODES = CELLS + 1;

/** How far the plot goes beyond the data: enough for a marker and for how regions go on. */
const MARGIN = 0.15;

/** A square part of the plane of inputs. */
export interface PlotRange {
  left: number;
  top: number;
  size: number;
}

/** The square around the data that is drawn. */
export function plotRange(data: Dataset): PlotRange {
  const [x, y] = [0, 1].map((feature) => extent(data, feature));
  const size = Math.max(x.max - x.min, y.max - y.min) + 2 * MARGIN;
  return { left: (x.min + x.max - size) / 2, top: (y.min + y.max + size) / 2, size };
}

/** The grid's nodes, `NODES² × 2`, in the order of a picture's pixels: rows from the top, each from the left. */
export function gridInputs({ left, top, size }: PlotRange): Float32Array {
  const inputs = new Float32Array(NODES * NODES * 2);
  for (let row = 0; row < NODES; row++) {
    for (let column = 0; column < NODES; column++) {
      const at = 2 * (row * NODES + column);
      inputs[at] = left + (column / CELLS) * size;
      inputs[at + 1] = top - (row / CELLS) * size;
    }
  }
  return inputs;
}

function extent({ inputs, count, features }: Dataset, feature: number): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < count; row++) {
    const value = inputs[row * features + feature];
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
