import { type Epilogue, epilogue, matmulBindings, STRIP_TERMS, shapeUniform } from './lib/epilogue.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Adds what a matmul kernel left for each strip of the sums: `strips`, m×n matrices one after the other. One invocation
 * a number of the product.
 *
 * Bindings: {@link matmulBindings} of strips.
 */
export function matmulStrips(finish: Epilogue = {}, arithmetic: Arithmetic = 'single'): Kernel {
  const code = wgsl`
${real(arithmetic)}

@group(0) @binding(0) var<storage, read> strips: array<real>;
${shapeUniform(['m', 'k', 'n'], finish, 1)}
${epilogue(finish, 2)}
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
  return {
    code,
    bindings: matmulBindings(['strips'], finish),
    workgroup: WORKGROUP,
    covers: { x: WORKGROUP, y: 1 },
  };
}
