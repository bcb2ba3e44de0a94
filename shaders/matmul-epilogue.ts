import type { Binding } from './kernel.ts';

/**
 * Which operand is stored transposed. All are row-major; the product is always m×n and sums over k.
 * `nn`: A is m×k, B is k×n: the forward pass, X·W.
 * `tn`: A is stored k×m: Aᵀ·B, the gradient of weights, dW = Xᵀ·dY.
 * `nt`: B is stored n×k: A·Bᵀ, the gradient of inputs, dX = dY·Wᵀ.
 */
export type MatmulForm = 'nn' | 'tn' | 'nt';

/**
 * Terms in a strip of a sum. Every matmul kernel adds in one order, so that all of them give the same bits: the terms
 * of a strip one after the other, starting from 0, then the strips one after the other. Short enough that a sum over a
 * batch can be split among workgroups, long enough that what a strip costs on top stays below a hundredth.
 */
export const STRIP_TERMS = 256;

/**
 * Which strips of a sum an invocation adds.
 * `one`: k is at most {@link STRIP_TERMS}. `all`: any k. `each`: only the strip of its workgroup's y; the strips' sums
 * are left as matrices, one after the other, for {@link file://./matmul-strips.wgsl.ts}.
 */
export type Strips = 'one' | 'all' | 'each';

/** What is done with each finished sum. */
export interface Epilogue {
  /** Adds a row vector of n numbers to every row. */
  bias?: boolean;
  /** Applies max(0, ·) last. NaN stays NaN, so that divergence cannot hide. */
  relu?: boolean;
}

/** The bindings of all matmul kernels: a and b or the strips' sums, shape { m, k, n }, then what the epilogue needs. */
export function matmulBindings(operands: readonly string[], { bias }: Epilogue): Binding[] {
  return [
    ...operands.map(() => 'read' as const),
    'uniform',
    ...(bias ? ['read' as const] : []),
    'read_write',
  ];
}

/**
 * `finish(sum, at, column)`, which every matmul kernel calls once for each number of the product, number `at` of it in
 * memory, with its bindings, from number `first` on. Needs `real`.
 */
export function epilogue({ bias = false, relu = false }: Epilogue, first: number): string {
  const total = bias ? 'add(sum, bias[column])' : 'sum';
  return `${bias ? `@group(0) @binding(${first}) var<storage, read> bias: array<real>;` : ''}
@group(0) @binding(${bias ? first + 1 : first}) var<storage, read_write> product: array<real>;

fn finish(sum: real, at: u32, column: u32) {
  let total = ${total};
  product[at] = ${relu ? 'select(total, real(), high(total) <= 0.0)' : 'total'};
}`;
}
