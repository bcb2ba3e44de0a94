import type { FloatArray } from '../types.ts';
import { MOST_TERMS, type PausableWork } from './time-slices.ts';

/** A matrix in a flat array: element (i, j) is `values[i · rowStride + j · columnStride]`. */
interface MatrixView {
  values: FloatArray;
  rowStride: number;
  columnStride: number;
}

/** A row-major matrix of `columns` columns, as it lies in memory. */
export function matrix(values: FloatArray, columns: number): MatrixView {
  return { values, rowStride: columns, columnStride: 1 };
}

/** The transpose of a row-major matrix of `columns` columns, without a copy. */
export function transpose(values: FloatArray, columns: number): MatrixView {
  return { values, rowStride: 1, columnStride: columns };
}

/**
 * `out = a · b`, with `a` m×k, `b` k×n and `out` m×n: the one product behind X·W, Xᵀ·dY and dY·Wᵀ.
 *
 * The loops sum blocks of four rows by two columns, each sum in a local variable and from the first
 * term to the last, so that one load serves several sums. The blocks make the product more than
 * twice as fast as three nested loops.
 */
export function matmul(a: MatrixView, b: MatrixView, out: MatrixView, m: number, k: number, n: number): void {
  // (A·B)ᵀ = Bᵀ·Aᵀ: the longer side of the result becomes the rows, of which a block has four.
  if (n > m) [a, b, out, m, n] = [flip(b), flip(a), flip(out), n, m];
  const { values: A, rowStride: aRow, columnStride: aStep } = a;
  const { values: B, rowStride: bStep, columnStride: bColumn } = b;
  const { values: C, rowStride: cRow, columnStride: cColumn } = out;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const a0 = i * aRow;
    const a1 = a0 + aRow;
    const a2 = a1 + aRow;
    const a3 = a2 + aRow;
    let j = 0;
    for (; j + 2 <= n; j += 2) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      for (let p = 0, q = 0, r = j * bColumn; p < k; p++, q += aStep, r += bStep) {
        const x0 = A[a0 + q];
        const x1 = A[a1 + q];
        const x2 = A[a2 + q];
        const x3 = A[a3 + q];
        const y = B[r];
        const z = B[r + bColumn];
        s0 += x0 * y;
        s1 += x1 * y;
        s2 += x2 * y;
        s3 += x3 * y;
        t0 += x0 * z;
        t1 += x1 * z;
        t2 += x2 * z;
        t3 += x3 * z;
      }
      const c = i * cRow + j * cColumn;
      C[c] = s0;
      C[c + cRow] = s1;
      C[c + 2 * cRow] = s2;
      C[c + 3 * cRow] = s3;
      C[c + cColumn] = t0;
      C[c + cRow + cColumn] = t1;
      C[c + 2 * cRow + cColumn] = t2;
      C[c + 3 * cRow + cColumn] = t3;
    }
    for (; j < n; j++) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let p = 0, q = 0, r = j * bColumn; p < k; p++, q += aStep, r += bStep) {
        const y = B[r];
        s0 += A[a0 + q] * y;
        s1 += A[a1 + q] * y;
        s2 += A[a2 + q] * y;
        s3 += A[a3 + q] * y;
      }
      const c = i * cRow + j * cColumn;
      C[c] = s0;
      C[c + cRow] = s1;
      C[c + 2 * cRow] = s2;
      C[c + 3 * cRow] = s3;
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0, q = i * aRow, r = j * bColumn; p < k; p++, q += aStep, r += bStep) sum += A[q] * B[r];
      C[i * cRow + j * cColumn] = sum;
    }
  }
}

/** {@link matmul} with pauses, and with the same bits. */
export function* pausableMatmul(
  a: MatrixView,
  b: MatrixView,
  out: MatrixView,
  m: number,
  k: number,
  n: number,
): PausableWork {
  // Between two pauses whole blocks of four rows by two columns are summed.
  const columns = Math.min(n, 2 * Math.max(1, Math.floor(MOST_TERMS / (8 * k))));
  const rows = Math.min(m, 4 * Math.max(1, Math.floor(MOST_TERMS / (4 * columns * k))));
  for (let i = 0; i < m; i += rows) {
    for (let j = 0; j < n; j += columns) {
      if (i + j > 0) yield;
      const [part, width] = [Math.min(rows, m - i), Math.min(columns, n - j)];
      matmul(from(a, i, 0), from(b, 0, j), from(out, i, j), part, k, width);
    }
  }
}

/** The part of a matrix from a row and a column on. */
function from({ values, rowStride, columnStride }: MatrixView, row: number, column: number): MatrixView {
  return { values: values.subarray(row * rowStride + column * columnStride), rowStride, columnStride };
}

function flip(view: MatrixView): MatrixView {
  return { values: view.values, rowStride: view.columnStride, columnStride: view.rowStride };
}
