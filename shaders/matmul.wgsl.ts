import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Binding, type Kernel, linearIndex, WORKGROUP } from './kernel.ts';
import { type Arithmetic, real } from './real.ts';

export interface MatmulOptions {
  /**
   * Which operand is stored transposed. All are row-major; the product is always m×n and sums over k.
   * `nn`: A is m×k, B is k×n: the forward pass, X·W.
   * `tn`: A is stored k×m: Aᵀ·B, the gradient of weights, dW = Xᵀ·dY.
   * `nt`: B is stored n×k: A·Bᵀ, the gradient of inputs, dX = dY·Wᵀ.
   */
  form: 'nn' | 'tn' | 'nt';
  /** Adds a row vector of n numbers to every row. */
  bias?: boolean;
  /** Applies max(0, ·) last. NaN stays NaN, so that divergence cannot hide. */
  relu?: boolean;
  /** Rows and columns of the product that one invocation computes, in registers. */
  tile: { rows: number; columns: number };
  arithmetic?: Arithmetic;
}

/**
 * Product of two matrices. Each sum runs from the first term to the last whatever the tile, so that tiles of every size
 * give the same bits. Rows and columns past the edge repeat the last one and are not stored. One invocation a tile, in
 * row-major order.
 *
 * Bindings: a, b, bias where asked for, product, shape { m, k, n }.
 */
export function matmul({
  form,
  bias = false,
  relu = false,
  tile,
  arithmetic = 'single',
}: MatmulOptions): Kernel {
  const rows = Array.from({ length: tile.rows }, (_, i) => i);
  const columns = Array.from({ length: tile.columns }, (_, j) => j);
  const cells = rows.flatMap((i) => columns.map((j) => ({ i, j, sum: `sum_${i}_${j}` })));
  // Where A's row i and B's column j start in memory, and how far apart two of their terms are.
  const a = form === 'tn' ? { start: 'row', step: 'm' } : { start: 'row * k', step: '1u' };
  const b = form === 'nt' ? { start: 'column * k', step: '1u' } : { start: 'column', step: 'n' };
  const startOf = (start: string, edge: string, name: string, offset: number) =>
    start.replace(name, `min(${name} + ${offset}u, ${edge} - 1u)`);
  const lines = (text: string[]) => text.join('\n');

  const code = wgsl`
${real(arithmetic)}
struct Shape { m: u32, k: u32, n: u32 }

@group(0) @binding(0) var<storage, read> a: array<real>;
@group(0) @binding(1) var<storage, read> b: array<real>;
#if ${bias}
@group(0) @binding(2) var<storage, read> bias: array<real>;
#endif
@group(0) @binding(${bias ? 3 : 2}) var<storage, read_write> product: array<real>;
@group(0) @binding(${bias ? 4 : 3}) var<uniform> shape: Shape;

${linearIndex}
fn finish(sum: real, bias: real) -> real {
  let total = add(settle(sum), bias);
#if ${relu}
  return select(total, real(), high(total) <= 0.0);
#else
  return total;
#endif
}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let m = shape.m;
  let k = shape.k;
  let n = shape.n;
  let tiles_across = (n + ${tile.columns - 1}u) / ${tile.columns}u;
  let tile = linear_index(id, workgroups);
  let row = tile / tiles_across * ${tile.rows}u;
  let column = tile % tiles_across * ${tile.columns}u;
  if (row >= m) { return; }
${lines(rows.map((i) => `  var at_a_${i} = ${startOf(a.start, 'm', 'row', i)};`))}
${lines(columns.map((j) => `  var at_b_${j} = ${startOf(b.start, 'n', 'column', j)};`))}
${lines(cells.map(({ sum }) => `  var ${sum} = real();`))}
  for (var p = 0u; p < k; p++) {
${lines(rows.map((i) => `    let a_${i} = a[at_a_${i}];`))}
${lines(columns.map((j) => `    let b_${j} = b[at_b_${j}];`))}
${lines(cells.map(({ i, j, sum }) => `    ${sum} = accumulate(${sum}, a_${i}, b_${j});`))}
${lines(rows.map((i) => `    at_a_${i} += ${a.step};`))}
${lines(columns.map((j) => `    at_b_${j} += ${b.step};`))}
  }
${lines(columns.map((j) => `  let bias_${j} = ${bias ? `bias[min(column + ${j}u, n - 1u)]` : 'real()'};`))}
${lines(
  cells.map(
    ({ i, j, sum }) =>
      `  if (row + ${i}u < m && column + ${j}u < n) { product[(row + ${i}u) * n + column + ${j}u] = finish(${sum}, bias_${j}); }`,
  ),
)}
}
`;
  const bindings: Binding[] = ['read', 'read', ...(bias ? ['read' as const] : []), 'read_write', 'uniform'];
  return { code, bindings, covers: { x: WORKGROUP, y: 1 } };
}
