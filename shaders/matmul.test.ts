import { beforeAll, describe, expect, test } from 'vitest';
import { matrix, matmul as multiply, transpose } from '../src/cpu/matmul.ts';
import { addBiases } from '../src/cpu/relu.ts';
import { EPSILON_32, expectClose } from '../tests/compare.ts';
import { testDevice } from '../tests/gpu.ts';
import { runKernel } from '../tests/kernels.ts';
import { TestRandom } from '../tests/random.ts';
import { type MatmulOptions, matmul } from './matmul.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const TILE = { rows: 4, columns: 4 };
const FORMS: MatmulOptions['form'][] = ['nn', 'tn', 'nt'];
/** m, k, n around every edge of the tile: 1, tile − 1, tile, tile + 1, primes, single rows and columns. */
const SHAPES = [
  [1, 1, 1],
  [1, 5, 1],
  [3, 3, 3],
  [4, 4, 4],
  [5, 5, 5],
  [1, 7, 13],
  [13, 7, 1],
  [17, 1, 19],
  [31, 29, 37],
  [64, 64, 64],
  [65, 3, 63],
  [2, 300, 100],
  [300, 2, 100],
  [127, 131, 3],
];

/** The product in float64 from the same operands, and for each entry the sum of the terms' sizes. */
function oracle(form: MatmulOptions['form'], a: Float32Array, b: Float32Array, [m, k, n]: number[]) {
  const product = (x: Float64Array, y: Float64Array) => {
    const out = new Float64Array(m * n);
    const left = form === 'tn' ? transpose(x, m) : matrix(x, k);
    const right = form === 'nt' ? transpose(y, k) : matrix(y, n);
    multiply(left, right, matrix(out, n), m, k, n);
    return out;
  };
  return {
    values: product(Float64Array.from(a), Float64Array.from(b)),
    sizes: product(Float64Array.from(a, Math.abs), Float64Array.from(b, Math.abs)),
  };
}

async function run(options: MatmulOptions, [m, k, n]: number[], seed: number, bias?: Float32Array) {
  const random = new TestRandom(seed);
  const [a, b] = [random.floats(m * k), random.floats(k * n)];
  const extent = { x: Math.ceil(m / options.tile.rows) * Math.ceil(n / options.tile.columns) };
  const product = new Float32Array(m * n).fill(Number.NaN);
  const tensors = { a, b, ...(bias && { bias }), product };
  const result = await runKernel(device, matmul(options), { tensors, uniform: [m, k, n], extent });
  return { product: result.product, oracle: oracle(options.form, a, b, [m, k, n]) };
}

/** k roundings of products and k of sums, each at most half an epsilon of the sizes added so far (Higham 2002, 3.1). */
const tolerance = (sizes: Float64Array, k: number) => (i: number) => (k + 2) * EPSILON_32 * sizes[i] + 1e-37;

describe.each(FORMS)('matmul %s', (form) => {
  test.each(SHAPES)('%i×%i×%i equals the float64 product', async (...shape) => {
    const { product, oracle } = await run({ form, tile: TILE }, shape, 1);
    expectClose(product, oracle.values, tolerance(oracle.sizes, shape[1]));
  });

  test('gives the same bits with every tile', async () => {
    const shape = [23, 41, 10];
    const expected = await run({ form, tile: { rows: 1, columns: 1 } }, shape, 2);
    for (const rows of [1, 2, 3, 4]) {
      for (const columns of [1, 2, 4]) {
        const { product } = await run({ form, tile: { rows, columns } }, shape, 2);
        expect(product, `${rows}×${columns}`).toEqual(expected.product);
      }
    }
  });
});

test.each([
  [5, 7, 9],
  [1, 3, 1],
  [33, 2, 100],
])('bias and ReLU are applied after the product, %i×%i×%i', async (m, k, n) => {
  const bias = new TestRandom(3).floats(n);
  for (const relu of [false, true]) {
    const shape = [m, k, n];
    const { product, oracle } = await run({ form: 'nn', bias: true, relu, tile: TILE }, shape, 4, bias);
    addBiases(oracle.values, Float64Array.from(bias), m, relu);
    addBiases(oracle.sizes, Float64Array.from(bias, Math.abs), m, false);
    expectClose(product, oracle.values, tolerance(oracle.sizes, k));
    if (relu && m * n > 1) expect(product.some((value) => value === 0)).toBe(true);
  }
});

test('writes nothing past the product', async () => {
  const product = new Float32Array(64).fill(7);
  const tensors = { a: new Float32Array(6).fill(1), b: new Float32Array(10).fill(1), product };
  const result = await runKernel(device, matmul({ form: 'nn', tile: TILE }), {
    tensors,
    uniform: [3, 2, 5],
    extent: { x: 2 },
  });
  expect(Array.from(result.product.subarray(0, 15))).toEqual(new Array(15).fill(2));
  expect(Array.from(result.product.subarray(15))).toEqual(new Array(49).fill(7));
});
