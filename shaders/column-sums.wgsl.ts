import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Kernel } from './kernel.ts';

const COLUMNS = 8;
const STRANDS = 8;

/**
 * Sum of each column of a row-major matrix: the gradient of biases, db = Σ over rows of dY. Each column is added in
 * several interleaved strands, then the strands pairwise.
 *
 * Bindings: values, sums (one a column), shape { rows, columns }.
 */
export function columnSums(): Kernel {
  const code = wgsl`
struct Shape { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;

var<workgroup> partial: array<array<f32, ${COLUMNS}>, ${STRANDS}>;

@compute @workgroup_size(${COLUMNS}, ${STRANDS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let column = id.x;
  var total = 0.0;
  if (column < shape.columns) {
    for (var row = lane.y; row < shape.rows; row += ${STRANDS}u) {
      total += values[row * shape.columns + column];
    }
  }
  partial[lane.y][lane.x] = total;
  for (var half = ${STRANDS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane.y < half) { partial[lane.y][lane.x] += partial[lane.y + half][lane.x]; }
  }
  if (lane.y == 0u && column < shape.columns) { sums[column] = partial[0][lane.x]; }
}
`;
  return { code, bindings: ['read', 'read_write', 'uniform'], covers: { x: COLUMNS, y: 1 } };
}
