import { bind } from './lib/bindings.ts';
import { type Epilogue, epilogue, matmulShape, matmulVariables, STRIP_TERMS } from './lib/epilogue.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Adds what a matmul kernel left for each strip of the sums: `strips`, m×n matrices one after the other. One invocation
 * a number of the product.
 *
 * Bindings: {@link matmulVariables} of strips.
 */
export function matmulStrips(finish: Epilogue = {}, arithmetic: Arithmetic = 'single'): Kernel {
  const { declarations, bindings } = bind(matmulVariables([['strips', 'read', 'array<real>']], finish));
  const code = wgsl`
${real(arithmetic)}
${matmulShape(finish)}
${declarations}
${epilogue(finish)}
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let count = shape.m * shape.n;
  let strip_count = (shape.k + ${STRIP_TERMS - 1}u) / ${STRIP_TERMS}u;
  let at = linear_index(id, workgroups);
  if (at >= count) { return; }
  var total = strips[at];
  for (var strip = 1u; strip < strip_count; strip++) { total = add(total, strips[strip * count + at]); }
  finish(total, at, at % shape.n);
}
`;
  return { code, bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
