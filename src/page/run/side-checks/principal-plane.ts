import type { FloatArray } from '../../../index.ts';

/** The widest layer, and the most rows of a wider one, whose products are summed between two pictures. */
const MOST = 128;
/** Vectors that are iterated together: the plane converges by the ratio of the first one left out. */
const BLOCK = 12;
const MOST_ITERATIONS = 60;
/** The change of a unit vector at which the iteration ends. */
const GOOD = 1e-9;

/** The plane in which rows vary most. */
export interface PrincipalPlane {
  /** Two unit vectors at a right angle, `2 × width`. */
  across: Float64Array;
  means: Float64Array;
  /** The part of the variance of all rows that lies in the plane. */
  share: number;
  /** The number of rows that it was computed from. */
  from: number;
}

/**
 * The plane of the two principal components (Pearson 1901). The library's `principalComponents` makes a
 * trainer, which takes too long for pictures that move. A layer that is wider than 128 is reduced to 128 rows,
 * whose products with each other have the same eigenvalues as their covariances.
 */
export function principalPlane(rows: FloatArray, width: number): PrincipalPlane {
  const count = rows.length / width;
  const stride = width > MOST ? Math.ceil(count / MOST) : 1;
  const from = Math.ceil(count / stride);
  const means = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) means[i % width] += rows[i] / count;
  const centred = Float64Array.from({ length: from * width }, (_, i) => {
    const [row, unit] = [Math.floor(i / width), i % width];
    return rows[row * stride * width + unit] - means[unit];
  });
  const wide = width > from;
  const size = wide ? from : width;
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      if (wide) for (let k = 0; k < width; k++) sum += centred[i * width + k] * centred[j * width + k];
      else for (let k = 0; k < from; k++) sum += centred[k * width + i] * centred[k * width + j];
      products[i * size + j] = sum;
      products[j * size + i] = sum;
    }
  }
  const vectors = largest(products, size).slice(0, 2);
  const across = new Float64Array(2 * width);
  vectors.forEach((vector, direction) => {
    const own = across.subarray(direction * width, (direction + 1) * width);
    if (!wide) own.set(vector);
    else
      for (let i = 0; i < centred.length; i++) own[i % width] += vector[Math.floor(i / width)] * centred[i];
  });
  const planes = orthonormal([across.subarray(0, width), across.subarray(width)]);
  planes.forEach((vector, direction) => void across.set(vector, direction * width));
  return { across, means, share: shareOf(rows, means, planes), from };
}

/** The part of the rows' squared distances from their mean that lies along vectors. */
function shareOf(rows: FloatArray, means: Float64Array, vectors: readonly Float64Array[]): number {
  const width = means.length;
  let [all, along] = [0, 0];
  const row = new Float64Array(width);
  for (let start = 0; start < rows.length; start += width) {
    for (let k = 0; k < width; k++) row[k] = rows[start + k] - means[k];
    all += dot(row, row);
    for (const vector of vectors) along += dot(row, vector) ** 2;
  }
  return all > 0 ? along / all : 1;
}

/** The eigenvectors of a symmetric matrix with the largest eigenvalues, by subspace iteration. */
function largest(matrix: Float64Array, size: number): Float64Array[] {
  const start = Array.from({ length: Math.min(BLOCK, size) }, (_, k) =>
    Float64Array.from({ length: size }, (_, i) => Math.cos((k + 1) * (i + 1))),
  );
  let basis = orthonormal(start);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const images = basis.map((vector) =>
      Float64Array.from({ length: size }, (_, i) => dot(matrix.subarray(i * size, (i + 1) * size), vector)),
    );
    const turns = eigenvectors(basis.map((a) => Float64Array.from(images, (b) => dot(a, b))));
    const ritz = turns.map((turn) => combined(turn, basis));
    const next = orthonormal(turns.map((turn) => combined(turn, images)));
    const change = Math.max(...next.slice(0, 2).map((vector, k) => 1 - Math.abs(dot(vector, ritz[k]))));
    basis = next;
    if (change < GOOD) break;
  }
  return basis;
}

/** All eigenvectors of a small symmetric matrix, the largest eigenvalue first, by Jacobi's rotations. */
function eigenvectors(matrix: Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const vectors = matrix.map((_, k) => Float64Array.from({ length: size }, (_, i) => Number(i === k)));
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (matrix[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < size; k++) {
          const [a, b] = [matrix[k][p], matrix[k][q]];
          [matrix[k][p], matrix[k][q]] = [c * a - s * b, s * a + c * b];
        }
        for (const rows of [matrix, vectors]) {
          for (let k = 0; k < size; k++) {
            const [a, b] = [rows[p][k], rows[q][k]];
            [rows[p][k], rows[q][k]] = [c * a - s * b, s * a + c * b];
          }
        }
      }
    }
  }
  const order = matrix.map((_, k) => k).sort((a, b) => matrix[b][b] - matrix[a][a]);
  return order.map((k) => vectors[k]);
}

function combined(factors: Float64Array, vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] += factors[k] * vector[i];
  });
  return sum;
}

/** Vectors made orthonormal, by Gram and Schmidt twice; one without a direction of its own becomes 0. */
export function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    const before = Math.sqrt(dot(given, given));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const part = dot(vector, other);
        for (let i = 0; i < vector.length; i++) vector[i] -= part * other[i];
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    done.push(
      length > 1e-12 * before ? vector.map((value) => value / length) : new Float64Array(vector.length),
    );
  }
  return done;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
