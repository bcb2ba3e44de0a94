import type { CpuKernels } from '../../../src/cpu/kernels.ts';
import { PlainKernels } from '../../../src/cpu/plain-kernels.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import { ACTIVATION_FUNCTIONS } from '../../../src/data/activation-functions.ts';
import type { Activation, FloatArray } from '../../../src/types.ts';
import { activationError, derivativeError } from './activation.ts';
import { type Arrays, temporarily } from './arrays.ts';

/** The products of a step: X·W + b with its activation, Xᵀ·dY, dY·Wᵀ, and the same times the derivative. */
export const FORMS = ['outputs', 'weightsGradient', 'inputGradient', 'hiddenGradient'] as const;

export interface Product {
  form: (typeof FORMS)[number];
  /** The result is m×n, its sums have k terms. */
  m: number;
  k: number;
  n: number;
  /** m·k numbers, k·n numbers, and n for the biases: each as its form has them in memory. */
  a: ArrayLike<number>;
  b: ArrayLike<number>;
  start: ArrayLike<number>;
  /** Sums behind the m·n outputs whose derivative a hidden layer's gradient takes. */
  sums: ArrayLike<number>;
  activation?: Activation;
  /** Rows for which there is room beyond those that are used. */
  spare?: number;
  elsewhere?: boolean;
}

/** The numbers of a product, from a source of random ones. */
export function productOf(
  form: Product['form'],
  [m, k, n]: readonly [number, number, number],
  numbers: (count: number) => ArrayLike<number>,
  more: Partial<Product> = {},
): Product {
  return {
    form,
    m,
    k,
    n,
    a: numbers(m * k),
    b: numbers(k * n),
    start: numbers(n),
    sums: numbers(m * n),
    ...more,
  };
}

/** Shapes of which every two sizes occur together, at each two places. */
export function pairwise(sizes: readonly number[]): [number, number, number][] {
  return sizes.flatMap((m, i) =>
    sizes.map((n, j): [number, number, number] => [m, sizes[(i + j) % sizes.length], n]),
  );
}

function work(
  kernels: CpuKernels,
  { form, m, k, n, activation = 'identity' }: Product,
  [a, b, start, y]: readonly FloatArray[],
  out: FloatArray,
) {
  switch (form) {
    case 'outputs':
      return complete(kernels.outputs(a, { weights: b, biases: start }, out, m, activation));
    case 'weightsGradient':
      return complete(kernels.weightsGradient(a, b, out, k, n));
    case 'inputGradient':
      return complete(kernels.inputGradient(a, b, out, m, n, k));
    case 'hiddenGradient':
      return complete(kernels.hiddenGradient(a, b, out, y, m, n, k, activation));
  }
}

/** Terms of one sum in the kernels, which then begin another. */
const DEPTH = 128;

/**
 * The bound of a sum's error, (r·u / (1 − r·u)) · Σ|a||b| for r roundings (Higham 2002, 3.1), then that of
 * the activation or of its derivative.
 */
function toleranceOf(product: Product, arrays: Arrays, inputs: Float64Array[], expected: Float64Array) {
  const { form, m, k, n, activation = 'identity' } = product;
  const sizes = new Float64Array(m * n);
  const oracle = new PlainKernels(Float64Array);
  const absolute = inputs.map((values) => values.map(Math.abs));
  work(oracle, { ...product, activation: 'identity' }, absolute, sizes);
  const inFloat64 = arrays.kernels.Float === Float64Array ? k + 1 : 0;
  const roundings = 1 + Math.min(k, DEPTH) + Math.ceil(k / DEPTH) + (form === 'outputs' ? 1 : 0) + inFloat64;
  const share = (roundings * arrays.unit) / (1 - roundings * arrays.unit);
  return (i: number) => {
    // No activation makes an error larger, and no derivative is above 1.
    const error = share * sizes[i] + k * arrays.least;
    const size = Math.abs(expected[i]) + error;
    if (form === 'outputs') return error + activationError(arrays, activation, size);
    return form === 'hiddenGradient' ? error + derivativeError(arrays, activation, size) : error;
  };
}

export function productFault(kernels: CpuKernels, product: Product): Promise<string | undefined> {
  const { form, m, k, n, spare = 0, elsewhere, activation = 'identity' } = product;
  return temporarily(kernels, elsewhere, (arrays) => {
    const y = Float64Array.from(product.sums, ACTIVATION_FUNCTIONS[activation]);
    const inputs = [product.a, product.b, product.start, y].map((values) => arrays.held(values));
    const [a, b, start, outputs] = inputs;
    const unused = Array<number>(spare * (form === 'weightsGradient' ? m : k)).fill(Number.NaN);
    const left = [...a, ...unused];
    const dY = form === 'inputGradient' || form === 'hiddenGradient';
    // The kernels themselves write dY, which so lies in their memory.
    const own = [
      dY ? arrays.output(left) : arrays.input(left),
      form === 'weightsGradient' ? arrays.output(b) : arrays.input(b),
      arrays.input(start),
      arrays.input(outputs),
    ];
    const out = arrays.output((m + (form === 'weightsGradient' ? 0 : spare)) * n);
    work(arrays.kernels, product, own, out);
    const expected = new Float64Array(m * n);
    work(new PlainKernels(Float64Array), product, inputs, expected);
    const tolerance = toleranceOf(product, arrays, inputs, expected);
    return arrays.fault(out.subarray(0, m * n), expected, tolerance, `${form} ${m}×${k}×${n}`);
  });
}
