import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { matrix, matmul as multiply, transpose } from '../src/cpu/matmul.ts';
import { addBiases } from '../src/cpu/relu.ts';
import type { FloatArray } from '../src/data/dataset.ts';
import { EPSILON, expectClose } from '../tests/compare.ts';
import { testDevice } from '../tests/gpu.ts';
import { runKernel } from '../tests/kernels.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/property.ts';
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

interface Operands {
  a: FloatArray;
  b: FloatArray;
  bias?: FloatArray;
}

/** The result in float64 from the same operands, and for each entry the sum of its terms' sizes. */
function oracle({ form, relu = false }: MatmulOptions, operands: Operands, [m, k, n]: number[]) {
  const compute = (of: (value: number) => number, relu: boolean) => {
    const [a, b] = [Float64Array.from(operands.a, of), Float64Array.from(operands.b, of)];
    const out = new Float64Array(m * n);
    const left = form === 'tn' ? transpose(a, m) : matrix(a, k);
    const right = form === 'nt' ? transpose(b, k) : matrix(b, n);
    multiply(left, right, matrix(out, n), m, k, n);
    addBiases(out, operands.bias ? Float64Array.from(operands.bias, of) : new Float64Array(n), m, relu);
    return out;
  };
  return { values: compute((value) => value, relu), sizes: compute(Math.abs, false) };
}

async function run(options: MatmulOptions, { a, b, bias }: Operands, [m, k, n]: number[]) {
  const product: FloatArray = new Float64Array(m * n).fill(Number.NaN);
  const result = await runKernel(device, matmul(options), {
    tensors: { a, b, ...(bias && { bias }), product },
    uniform: [m, k, n],
    extent: { x: Math.ceil(m / options.tile.rows) * Math.ceil(n / options.tile.columns) },
    arithmetic: options.arithmetic,
  });
  return result.product;
}

/** Runs the kernel and compares each entry with the oracle. */
async function compare(options: MatmulOptions, operands: Operands, shape: number[]) {
  const { arithmetic = 'single' } = options;
  const { values, sizes } = oracle(options, operands, shape);
  const product = await run(options, operands, shape);
  // k roundings of products and k of sums, each at most half an epsilon of the sizes added so far (Higham 2002, 3.1).
  // In double-single a sum's second word gathers k errors of 2⁻²⁴ and is rounded as often: k²·2⁻⁴⁸, as in Ogita, Rump
  // and Oishi's Dot2, which is k² / 16 epsilons.
  const k = shape[1];
  const epsilons = k + 2 + (arithmetic === 'single' ? 0 : k ** 2 / 16);
  const tolerance = epsilons * EPSILON[arithmetic === 'single' ? 'single' : 'double'];
  expectClose(product, values, (i) => tolerance * sizes[i] + 1e-37);
  return product;
}

function randomOperands(seed: number, [m, k, n]: number[]): Operands {
  const random = new TestRandom(seed);
  return { a: random.floats(m * k), b: random.floats(k * n) };
}

describe.each(FORMS)('matmul %s', (form) => {
  test.each(SHAPES)('%i×%i×%i equals the float64 product', async (...shape) => {
    await compare({ form, tile: TILE }, randomOperands(1, shape), shape);
  });

  test('gives the same bits with every tile', async () => {
    const shape = [23, 41, 10];
    const operands = randomOperands(2, shape);
    const expected = await run({ form, tile: { rows: 1, columns: 1 } }, operands, shape);
    for (const rows of [1, 2, 3, 4]) {
      for (const columns of [1, 2, 4]) {
        const product = await run({ form, tile: { rows, columns } }, operands, shape);
        expect(product, `${rows}×${columns}`).toEqual(expected);
      }
    }
  });
});

test.each([
  [5, 7, 9],
  [1, 3, 1],
  [33, 2, 100],
])('bias and ReLU are applied after the product, %i×%i×%i', async (...shape) => {
  const operands = { ...randomOperands(4, shape), bias: new TestRandom(3).floats(shape[2]) };
  for (const relu of [false, true]) {
    const product = await compare({ form: 'nn', bias: true, relu, tile: TILE }, operands, shape);
    if (relu && product.length > 1) expect(product.some((value) => value === 0)).toBe(true);
  }
});

/** Tiles and epilogues that the properties choose from: a plan's own first, then some of each. Each is a pipeline. */
const VARIANTS: Record<MatmulOptions['form'], Omit<MatmulOptions, 'form' | 'arithmetic'>[]> = {
  nn: [
    { tile: { rows: 4, columns: 4 }, bias: true, relu: true },
    { tile: { rows: 4, columns: 3 }, bias: true },
    { tile: { rows: 1, columns: 4 }, relu: true },
    { tile: { rows: 1, columns: 1 } },
  ],
  tn: [
    { tile: { rows: 4, columns: 4 } },
    { tile: { rows: 2, columns: 4 }, bias: true },
    { tile: { rows: 1, columns: 1 } },
  ],
  nt: [
    { tile: { rows: 4, columns: 4 } },
    { tile: { rows: 3, columns: 2 }, bias: true, relu: true },
    { tile: { rows: 1, columns: 1 } },
  ],
};

interface Case {
  variant: (typeof VARIANTS)['nn'][number];
  shape: [m: number, k: number, n: number];
  a: Contents;
  b: Contents;
  bias: Contents;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  describe.each(FORMS)('matmul %s', (form) => {
    const [first] = VARIANTS[form];
    const example = { variant: first, a: of('normal'), b: of('normal'), bias: of('normal') };
    property<Case>(
      'is the float64 result for every shape and content',
      fc.record({
        variant: fc.constantFrom(...VARIANTS[form]),
        shape: fc.tuple(sizes(70), sizes(70), sizes(70)),
        a: contents(),
        b: contents(),
        bias: contents(),
      }),
      [
        { ...example, shape: [1, 1, 1] },
        { ...example, shape: [1, 300, 1] },
        { ...example, shape: [9, 6, 5], a: of('zero') },
        { ...example, shape: [6, 5, 7], a: of('zero in even columns'), b: of('zero in even columns') },
        { ...example, shape: [5, 3, 8], bias: of('negative', 20) },
        { ...example, shape: [5, 3, 8], a: of('plus or minus 1e4'), b: of('all equal') },
      ],
      async ({ variant, shape, ...values }) => {
        const [m, k, n] = shape;
        const operands = {
          a: fill(precision, values.a, ...(form === 'tn' ? ([k, m] as const) : ([m, k] as const))),
          b: fill(precision, values.b, ...(form === 'nt' ? ([n, k] as const) : ([k, n] as const))),
          ...(variant.bias && { bias: fill(precision, values.bias, 1, n) }),
        };
        await compare({ ...variant, form, arithmetic: precision }, operands, shape);
      },
    );
  });
});
