import { activate, chain } from './activation.as';
import { LANES, multiplyAdd, SIZE, splat } from './real.as';

/** Rows and columns of a tile of the result, whose sums stay in registers. */
const ROWS = 4;
const COLUMNS = 2 * LANES;
/** Bytes of a tile's row. */
const WIDTH: usize = 32;
/** The terms that are summed before the sum is added to the result: fewer roundings than one long sum has. */
const DEPTH = sizeof<real>() == 4 ? 128 : 512;

/**
 * Copies the panels `first` to before `end` of a k×n matrix: COLUMNS columns each, row by row, with 0
 * beyond the last column. Strides count numbers: element (p, j) is at p·rowStride + j·columnStride.
 */
export function pack(
  matrix: usize, rowStride: usize, columnStride: usize, k: i32, n: i32, out: usize, first: i32, end: i32,
): void {
  rowStride *= SIZE;
  columnStride *= SIZE;
  for (let panel = first; panel < end; panel++) {
    const width = min(COLUMNS, n - panel * COLUMNS);
    let from = matrix + <usize>(panel * COLUMNS) * columnStride;
    let to = out + <usize>panel * k * WIDTH;
    if (width == COLUMNS && columnStride == SIZE) {
      for (let p = 0; p < k; p++, from += rowStride, to += WIDTH) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
      continue;
    }
    for (let p = 0; p < k; p++, from += rowStride) {
      for (let j = 0, at = from; j < COLUMNS; j++, at += columnStride, to += SIZE) {
        store<real>(to, j < width ? load<real>(at) : 0);
      }
    }
  }
}

/** The rows that share the panels of B in the cache. */
const BLOCK = 32;

/**
 * Rows `first` to before `end` of out = A·B + biases, for an m×k matrix A with strides as {@link pack}
 * has them, a packed B, and a row `biases` that is added to every row, or 0. A sum goes from the first
 * term to the last, and after DEPTH terms another sum begins. Then come the activation of that number,
 * or its derivative at `outputs` if that is not 0.
 */
export function product(
  a: usize, rowStride: usize, columnStride: usize, packed: usize, biases: usize, out: usize,
  k: i32, n: i32, activation: i32, outputs: usize, scratch: usize, first: i32, end: i32,
): void {
  rowStride *= SIZE;
  columnStride *= SIZE;
  const stride = <usize>n * SIZE;
  for (; first < end; first += BLOCK) {
    const rows = min(BLOCK, end - first);
    const offset = <usize>first * stride;
    block(
      a + <usize>first * rowStride, rowStride, columnStride, packed, biases, out + offset, k, n, rows, scratch,
    );
    if (activation < 0) continue;
    // A block is small enough to be in a cache still.
    if (outputs) chain(out + offset, outputs + offset, 1, rows * n, activation);
    else activate(out + offset, rows * n, activation);
  }
}

/** A block of rows of A·B + biases. */
function block(
  a: usize, rowStride: usize, columnStride: usize, packed: usize, biases: usize, out: usize,
  k: i32, n: i32, count: i32, scratch: usize,
): void {
  const stride = <usize>n * SIZE;
  const panels = (n + COLUMNS - 1) / COLUMNS;
  for (let from = 0; from < k; from += DEPTH) {
    const depth = min(DEPTH, k - from);
    let rows = a + <usize>from * columnStride;
    let rowStep = rowStride;
    let step = columnStride;
    // The columns of a transpose lie far apart, often in the same lines of the cache.
    if (columnStride != SIZE && panels > 4) {
      const copy = scratch + <usize>ROWS * WIDTH;
      copyRows(rows, rowStride, columnStride, count, depth, copy);
      rows = copy;
      rowStep = SIZE;
      step = <usize>count * SIZE;
    }
    for (let panel = 0; panel < panels; panel++) {
      const columns = min(COLUMNS, n - panel * COLUMNS);
      const b = packed + (<usize>panel * k + from) * WIDTH;
      const offset = <usize>panel * WIDTH;
      for (let i = 0; i < count; i += ROWS) {
        tile(
          rows + <usize>i * rowStep, rowStep, step, b, depth, biases && from + depth == k ? biases + offset : 0,
          out + <usize>i * stride + offset, stride, from > 0, min(ROWS, count - i), columns, scratch,
        );
      }
    }
  }
}

/** Copies rows of a matrix so that the numbers of a column are neighbours. */
function copyRows(rows: usize, rowStride: usize, columnStride: usize, count: i32, k: i32, out: usize): void {
  for (let p = 0; p < k; p++, rows += columnStride) {
    for (let i = 0, at = rows; i < count; i++, at += rowStride, out += SIZE) store<real>(out, load<real>(at));
  }
}

/** One tile: `rows` rows of A times a panel of B. */
@inline
function tile(
  a: usize, rowStride: usize, step: usize, b: usize, k: i32, biases: usize,
  out: usize, stride: usize, adds: bool, rows: i32, columns: i32, scratch: usize,
): void {
  // Rows beyond the last are the last again; their sums are left out below.
  let a0 = a;
  let a1 = rows > 1 ? a0 + rowStride : a0;
  let a2 = rows > 2 ? a1 + rowStride : a1;
  let a3 = rows > 3 ? a2 + rowStride : a2;
  let s00 = v128.splat<real>(0);
  let s01 = v128.splat<real>(0);
  let s10 = v128.splat<real>(0);
  let s11 = v128.splat<real>(0);
  let s20 = v128.splat<real>(0);
  let s21 = v128.splat<real>(0);
  let s30 = v128.splat<real>(0);
  let s31 = v128.splat<real>(0);
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += WIDTH;
    let x = splat(a0);
    a0 += step;
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = splat(a1);
    a1 += step;
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = splat(a2);
    a2 += step;
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = splat(a3);
    a3 += step;
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
  }
  const bias0 = biases ? v128.load(biases) : v128.splat<real>(-0.0);
  const bias1 = biases ? v128.load(biases, 16) : v128.splat<real>(-0.0);
  if (rows == ROWS && columns == COLUMNS) {
    put(out, s00, s01, adds, bias0, bias1);
    put(out + stride, s10, s11, adds, bias0, bias1);
    put(out + 2 * stride, s20, s21, adds, bias0, bias1);
    put(out + 3 * stride, s30, s31, adds, bias0, bias1);
    return;
  }
  v128.store(scratch, s00);
  v128.store(scratch, s01, 16);
  v128.store(scratch, s10, 32);
  v128.store(scratch, s11, 48);
  v128.store(scratch, s20, 64);
  v128.store(scratch, s21, 80);
  v128.store(scratch, s30, 96);
  v128.store(scratch, s31, 112);
  for (let i = 0; i < rows; i++, out += stride, scratch += WIDTH) {
    for (let j: usize = 0; j < <usize>columns * SIZE; j += SIZE) {
      let sum = load<real>(scratch + j);
      if (adds) sum += load<real>(out + j);
      store<real>(out + j, biases ? sum + load<real>(biases + j) : sum);
    }
  }
}

/** Writes a row of a tile, or adds it, with the biases; −0 adds nothing to any number. */
@inline
function put(out: usize, sum0: v128, sum1: v128, adds: bool, bias0: v128, bias1: v128): void {
  if (adds) {
    sum0 = v128.add<real>(v128.load(out), sum0);
    sum1 = v128.add<real>(v128.load(out, 16), sum1);
  }
  v128.store(out, v128.add<real>(sum0, bias0));
  v128.store(out, v128.add<real>(sum1, bias1), 16);
}
