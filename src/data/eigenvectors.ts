import type { FloatArray } from '../types.ts';
import { RandomState } from './random-state.ts';

/** The eigenvectors of a symmetric matrix with the largest eigenvalues. */
interface Eigenvectors {
  /** `count`, the largest first. */
  values: Float64Array;
  /** `count × size`: a unit vector a row, whose largest entry by size, the first of equals, is positive. */
  vectors: Float64Array;
}

/** Vectors beside the wanted ones: the iteration converges by the ratio of the first eigenvalue left out. */
const SPARE = 16;
const MOST_ITERATIONS = 500;
const MOST_SWEEPS = 60;
/** The residual ‖A·v − λ·v‖ at which a vector is good enough, relative to the largest eigenvalue. */
const GOOD = 1e-10;

/**
 * The eigenvectors with the largest eigenvalues, in float64: subspace iteration with a Rayleigh-Ritz
 * step (Golub & Van Loan, Matrix Computations, 4th edition, 8.2.4), whose small matrix Jacobi's
 * rotations solve (8.5). The start is random with a fixed seed: the same matrix gives the same bits.
 * @param matrix `size × size`, symmetric
 * @param count at most `size`
 */
export function largestEigenvectors(matrix: FloatArray, size: number, count: number): Eigenvectors {
  const width = Math.min(size, count + SPARE);
  const random = new RandomState(0);
  let basis = orthonormal(random.randn(width * size), size, random);
  for (let iteration = 0; ; iteration++) {
    const images = product(matrix, basis, size);
    const small = Float64Array.from({ length: width * width }, (_, i) =>
      dot(basis, Math.floor(i / width), images, i % width, size),
    );
    const { values, vectors } = jacobi(small, width);
    basis = combined(vectors, basis, size);
    const turned = combined(vectors, images, size);
    const residual = Math.max(
      ...Array.from(values.subarray(0, count), (value, k) => residualOf(turned, basis, k, value, size)),
    );
    // The negated comparison also ends with a matrix that is not finite.
    if (!(residual > GOOD * Math.abs(values[0])) || iteration === MOST_ITERATIONS)
      return { values: values.slice(0, count), vectors: signed(basis.slice(0, count * size), size) };
    basis = orthonormal(turned, size, random);
  }
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += a[i * size + k] * b[j * size + k];
  return sum;
}

/** The matrix times each row. */
function product(matrix: FloatArray, rows: Float64Array, size: number): Float64Array {
  const products = new Float64Array(rows.length);
  for (let row = 0; row < rows.length / size; row++) {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += matrix[i * size + k] * rows[row * size + k];
      products[row * size + i] = sum;
    }
  }
  return products;
}

/** Rows made orthonormal, by Gram and Schmidt twice; a row without a direction of its own is drawn anew. */
function orthonormal(rows: Float64Array, size: number, random: RandomState): Float64Array {
  for (let row = 0; row < rows.length / size; row++) {
    const own = rows.subarray(row * size, (row + 1) * size);
    for (let tries = 0; ; tries++) {
      const before = Math.sqrt(dot(rows, row, rows, row, size));
      for (let pass = 0; pass < 2; pass++) {
        for (let other = 0; other < row; other++) {
          const part = dot(rows, row, rows, other, size);
          for (let k = 0; k < size; k++) own[k] -= part * rows[other * size + k];
        }
      }
      const length = Math.sqrt(dot(rows, row, rows, row, size));
      if (length > 1e-12 * before || tries > MOST_SWEEPS) {
        for (let k = 0; k < size; k++) own[k] /= length;
        break;
      }
      own.set(random.randn(size));
    }
  }
  return rows;
}

/** Each row of `weights` as the weights of a sum of rows. */
function combined(weights: Float64Array, rows: Float64Array, size: number): Float64Array {
  const width = rows.length / size;
  const sums = new Float64Array(rows.length);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      const weight = weights[i * width + j];
      for (let k = 0; k < size; k++) sums[i * size + k] += weight * rows[j * size + k];
    }
  }
  return sums;
}

function residualOf(images: Float64Array, rows: Float64Array, row: number, value: number, size: number) {
  let squares = 0;
  for (let k = 0; k < size; k++) squares += (images[row * size + k] - value * rows[row * size + k]) ** 2;
  return Math.sqrt(squares);
}

/** All eigenvectors of a small symmetric matrix by cyclic rotations, a row each, the largest value first. */
function jacobi(matrix: Float64Array, size: number): Eigenvectors {
  const a = matrix.slice();
  const v = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let [off, all] = [0, 0];
    for (let i = 0; i < a.length; i++) {
      all += a[i] * a[i];
      if (i % (size + 1) !== 0) off += a[i] * a[i];
    }
    if (!(off > 1e-30 * all)) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, p, q, size);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i]);
  return {
    values: Float64Array.from(order, (i) => a[i * size + i]),
    vectors: Float64Array.from(
      { length: size * size },
      (_, i) => v[order[Math.floor(i / size)] * size + (i % size)],
    ),
  };
}

/** Makes the entry at row p and column q 0. The rows of `v` turn with it. */
function rotate(a: Float64Array, v: Float64Array, p: number, q: number, size: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const turn = (array: Float64Array, i: number, j: number) => {
    const [x, y] = [array[i], array[j]];
    array[i] = c * x - s * y;
    array[j] = s * x + c * y;
  };
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k);
  for (let k = 0; k < size; k++) turn(v, p * size + k, q * size + k);
}

/** An eigenvector may have either sign. */
function signed(vectors: Float64Array, size: number): Float64Array {
  for (let start = 0; start < vectors.length; start += size) {
    const vector = vectors.subarray(start, start + size);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) for (let k = 0; k < size; k++) vector[k] = -vector[k];
  }
  return vectors;
}
