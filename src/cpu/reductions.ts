import { l2Term } from '../engine.ts';
import type { FloatArray, LayerParameters } from '../types.ts';
import { inParts, MOST_TERMS, type PausableWork } from './time-slices.ts';

/**
 * `out[j] = Σᵢ values[i, j]` over `rows` rows of `out.length` columns: the gradient of biases. Four
 * columns at a time, each sum in float64 and from the first row to the last.
 */
export function* columnSums(values: FloatArray, out: FloatArray, rows: number): PausableWork {
  const columns = out.length;
  const add = (block: number, start: number, end: number, sums: number[]) => {
    const j = 4 * block;
    const [from, to] = [start * columns + j, end * columns];
    if (j + 4 <= columns) addFour(values, columns, from, to, sums);
    else for (let k = 0; j + k < columns; k++) addOne(values, columns, from, to, sums, k);
  };
  const keep = (block: number, sums: number[]) => {
    for (let j = 4 * block, k = 0; k < 4 && j + k < columns; k++) out[j + k] = sums[k];
  };
  const blocks = Math.ceil(columns / 4);
  if (4 * rows <= MOST_TERMS) {
    yield* inParts(blocks, 4 * rows, (first, last) => {
      for (let block = first; block < last; block++) {
        const sums = [0, 0, 0, 0];
        add(block, 0, rows, sums);
        keep(block, sums);
      }
    });
    return;
  }
  // A block of so many rows is itself in parts.
  for (let block = 0; block < blocks; block++) {
    const sums = [0, 0, 0, 0];
    yield* inParts(rows, 4, (start, end) => add(block, start, end, sums));
    keep(block, sums);
    yield;
  }
}

/** Adds four neighbouring columns to their sums, in local variables. */
function addFour(values: FloatArray, columns: number, from: number, end: number, sums: number[]): void {
  let [s0, s1, s2, s3] = sums;
  for (let at = from; at < end; at += columns) {
    s0 += values[at];
    s1 += values[at + 1];
    s2 += values[at + 2];
    s3 += values[at + 3];
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

/** Adds column number `k` of a block to its sum. */
function addOne(
  values: FloatArray,
  columns: number,
  from: number,
  end: number,
  sums: number[],
  k: number,
): void {
  let sum = sums[k];
  for (let at = from + k; at < end; at += columns) sum += values[at];
  sums[k] = sum;
}

/** Σ (scale · values)². */
export function* sumOfSquares(values: FloatArray, scale = 1): PausableWork<number> {
  let sum = 0;
  yield* inParts(values.length, 1, (start, end) => {
    for (let i = start; i < end; i++) {
      const scaled = scale * values[i];
      sum += scaled * scaled;
    }
  });
  return sum;
}

/** A smaller ΣW² may lack squares that are too small for a number. */
const LEAST_SQUARES = 2 ** -970;
/** The largest exponent of a scale, so that the scale is a number. */
const MOST_EXPONENT = 1000;

/** ½·λ·ΣW², also where ΣW² alone is too large or too small for a number. */
export function* l2Loss(layers: readonly LayerParameters[], l2: number): PausableWork<number> {
  if (l2 === 0) return 0;
  const squares = yield* squaresOf(layers, 1);
  const largestSum = Math.max(...squares);
  if (largestSum >= LEAST_SQUARES && largestSum < Number.POSITIVE_INFINITY) return l2Term(squares, l2);
  let largest = 0;
  for (const { weights } of layers) {
    yield* inParts(weights.length, 1, (start, end) => {
      for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(weights[i]));
    });
  }
  if (largest === 0) return 0;
  const exponent = Math.floor(Math.log2(largest));
  const scale = 2 ** Math.max(-MOST_EXPONENT, Math.min(MOST_EXPONENT, -exponent));
  return l2Term(yield* squaresOf(layers, scale), l2, scale);
}

/** l1·Σ|W|. */
export function* l1Loss(layers: readonly LayerParameters[], l1: number): PausableWork<number> {
  let sum = 0;
  if (l1 === 0) return sum;
  for (const { weights } of layers) {
    yield* inParts(weights.length, 1, (start, end) => {
      for (let i = start; i < end; i++) sum += l1 * Math.abs(weights[i]);
    });
    yield;
  }
  return sum;
}

function* squaresOf(layers: readonly LayerParameters[], scale: number): PausableWork<number[]> {
  const squares: number[] = [];
  for (const { weights } of layers) {
    squares.push(yield* sumOfSquares(weights, scale));
    yield;
  }
  return squares;
}
