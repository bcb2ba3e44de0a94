import type { Column } from './columns.ts';

/** Pixels of a unit, between units, and of the line above a column. */
export const UNIT = 36;
const GAP = 8;
export const HEAD = 40;
/** Pixels that a column's heading may be wider than its units on each side. */
export const HEAD_MARGIN = 12;
/** Pixels of the line for the largest weight of a layer. */
const THICKEST = 4;

/** Where the units of a network's picture are. */
export interface NetworkLayout {
  height: number;
  position: (column: number, unit: number) => { x: number; y: number };
}

/** Puts the columns side by side over a width, each in the middle of the height. */
export function layoutOf(columns: readonly Column[], width: number): NetworkLayout {
  const most = Math.max(...columns.map(({ units }) => units.length));
  return {
    height: HEAD + most * (UNIT + GAP),
    position: (column, unit) => ({
      x: HEAD_MARGIN + (column * (width - UNIT - 2 * HEAD_MARGIN)) / (columns.length - 1),
      y: HEAD + ((most - columns[column].units.length) * (UNIT + GAP)) / 2 + unit * (UNIT + GAP),
    }),
  };
}

/** The line of a weight. */
export interface WeightLine {
  from: { x: number; y: number };
  to: { x: number; y: number };
  width: number;
  /** Whether the weight is below 0. */
  below: boolean;
}

/**
 * A line for each weight between units that are shown, as thick as the weight is large in its
 * layer; hardly visible ones are left out.
 */
export function weightLines(columns: readonly Column[], { position }: NetworkLayout): WeightLine[] {
  return columns.slice(1).flatMap(({ units, weights = new Float32Array() }, layer) => {
    const after = units.length;
    const most = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-30);
    return Array.from(weights, (weight, i): WeightLine => {
      const from = position(layer, Math.floor(i / after));
      const to = position(layer + 1, i % after);
      return {
        from: { x: from.x + UNIT, y: from.y + UNIT / 2 },
        to: { x: to.x, y: to.y + UNIT / 2 },
        width: (THICKEST * Math.abs(weight)) / most,
        below: weight < 0,
      };
    }).filter(({ width }) => width >= 0.05);
  });
}
