import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Binding, Kernel } from './kernel.ts';

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
}

const SIDE = 8;

/**
 * Product of two matrices. Each sum runs from the first term to the last whatever the tile, so that tiles of every size
 * give the same bits. Rows and columns past the edge repeat the last one and are not stored.
 *
 * Bindings: a, b, bias where asked for, product, shape { m, k, n }.
 */
export function matmul({ form, bias = false, relu = false, tile }: MatmulOptions): Kernel {
  const rows = Array.from({ length: tile.rows }, (_, i) => i);
  const columns = Array.from({ length: tile.columns }, (_, j) => j);
  const cells = rows.flatMap((i) => columns.map((j) => ({ i, j, sum: `sum_${i}_${j}` })));
  const a = (i: number) => (form === 'tn' ? `a[p * shape.m + row_${i}]` : `a[row_${i} * shape.k + p]`);
  const b = (j: number) => (form === 'nt' ? `b[column_${j} * shape.k + p]` : `b[p * shape.n + column_${j}]`);
  const lines = (text: string[]) => text.join('\n');

  const code = wgsl`
struct Shape { m: u32, k: u32, n: u32 }

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
#if ${bias}
@group(0) @binding(2) var<storage, read> bias: array<f32>;
#endif
@group(0) @binding(${bias ? 3 : 2}) var<storage, read_write> product: array<f32>;
@group(0) @binding(${bias ? 4 : 3}) var<uniform> shape: Shape;

fn store(row: u32, column: u32, sum: f32) {
  if (row >= shape.m || column >= shape.n) { return; }
  var value = sum;
#if ${bias}
  value += bias[column];
#endif
#if ${relu}
  value = select(value, 0.0, value <= 0.0);
#endif
  product[row * shape.n + column] = value;
}

@compute @workgroup_size(${SIDE}, ${SIDE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * ${tile.rows}u;
  let column = id.x * ${tile.columns}u;
  if (row >= shape.m || column >= shape.n) { return; }
${lines(rows.map((i) => `  let row_${i} = min(row + ${i}u, shape.m - 1u);`))}
${lines(columns.map((j) => `  let column_${j} = min(column + ${j}u, shape.n - 1u);`))}
${lines(cells.map(({ sum }) => `  var ${sum} = 0.0;`))}
  for (var p = 0u; p < shape.k; p++) {
${lines(rows.map((i) => `    let a_${i} = ${a(i)};`))}
${lines(columns.map((j) => `    let b_${j} = ${b(j)};`))}
${lines(cells.map(({ i, j, sum }) => `    ${sum} += a_${i} * b_${j};`))}
  }
${lines(cells.map(({ i, j, sum }) => `  store(row + ${i}u, column + ${j}u, ${sum});`))}
}
`;
  const bindings: Binding[] = ['read', 'read', ...(bias ? ['read' as const] : []), 'read_write', 'uniform'];
  return { code, bindings, covers: { x: SIDE * tile.columns, y: SIDE * tile.rows } };
}
