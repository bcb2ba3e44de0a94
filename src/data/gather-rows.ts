import type { FloatArray } from '../types.ts';

/** The most columns that a loop copies faster than an array copies a part of another. */
const NARROW = 24;

/** Copies the rows in `order` of a matrix with so many columns, one after the other. */
export function gatherRows<T extends FloatArray | Uint32Array>(
  values: T,
  columns: number,
  order: Uint32Array,
  into: T,
): void {
  if (order.length === 0) return;
  // Rows lie far apart in memory. Reads that follow each other at once wait for memory together.
  let read = 0;
  for (let i = 0; i < order.length; i++) {
    const from = order[i] * columns;
    read += values[from] + values[from + columns - 1];
  }
  // Stored, so that no compiler leaves the reads out; the first row takes its place.
  into[0] = read;
  for (let i = 0, to = 0; i < order.length; i++, to += columns) {
    const from = order[i] * columns;
    if (columns > NARROW) into.set(values.subarray(from, from + columns), to);
    else for (let k = 0; k < columns; k++) into[to + k] = values[from + k];
  }
}
