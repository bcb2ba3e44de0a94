import { expect, test } from 'vitest';
import { largestEigenvectors } from './eigenvectors.ts';
import { RandomState } from './random-state.ts';

/** V·Λ·Vᵀ of eigenvalues and rows of vectors. */
function composed(values: Float64Array, vectors: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    return values.reduce(
      (sum, value, k) => sum + value * vectors[k * size + row] * vectors[k * size + column],
      0,
    );
  });
}

function covariances(size: number, seed: number): Float64Array {
  const rows = new RandomState(seed).randn(3 * size * size);
  return Float64Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    let sum = 0;
    for (let k = 0; k < rows.length; k += size) sum += rows[k + row] * rows[k + column];
    return (sum * (1 + row) * (1 + column)) / size;
  });
}

test('all eigenvectors make the matrix again, and are a part of those of a larger count', () => {
  for (const size of [1, 2, 3, 7, 18, 19, 40]) {
    const matrix = covariances(size, size);
    const all = largestEigenvectors(matrix, size, size);
    const most = Math.max(...matrix.map(Math.abs));
    const again = composed(all.values, all.vectors, size);
    for (let i = 0; i < matrix.length; i++) expect(Math.abs(again[i] - matrix[i])).toBeLessThan(1e-9 * most);
    for (let k = 1; k < size; k++) expect(all.values[k]).toBeLessThanOrEqual(all.values[k - 1]);
    const two = Math.min(2, size);
    const { values, vectors } = largestEigenvectors(matrix, size, two);
    values.forEach((value, k) => {
      expect(Math.abs(value - all.values[k])).toBeLessThan(1e-9 * most);
    });
    vectors.forEach((entry, i) => {
      expect(Math.abs(entry - all.vectors[i])).toBeLessThan(1e-6);
    });
  }
});

test('a matrix of zeros, equal eigenvalues and a matrix of low rank have orthonormal vectors', () => {
  const size = 30;
  const identity = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  const rankOne = Float64Array.from({ length: size * size }, (_, i) => Math.floor(i / size) * (i % size));
  for (const matrix of [new Float64Array(size * size), identity, rankOne]) {
    const { values, vectors } = largestEigenvectors(matrix, size, 2);
    const product = (a: number, b: number) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += vectors[a * size + k] * vectors[b * size + k];
      return sum;
    };
    expect(product(0, 0)).toBeCloseTo(1, 12);
    expect(product(1, 1)).toBeCloseTo(1, 12);
    expect(product(0, 1)).toBeCloseTo(0, 12);
    for (const k of [0, 1]) {
      const image = matrix
        .subarray(0, size)
        .map((_, i) =>
          matrix
            .subarray(i * size, (i + 1) * size)
            .reduce((sum, entry, j) => sum + entry * vectors[k * size + j], 0),
        );
      image.forEach((entry, i) => {
        expect(entry).toBeCloseTo(values[k] * vectors[k * size + i], 8);
      });
      const largest = vectors
        .subarray(k * size, (k + 1) * size)
        .reduce((best, entry) => (Math.abs(entry) > Math.abs(best) ? entry : best), 0);
      expect(largest).toBeGreaterThan(0);
    }
  }
});
