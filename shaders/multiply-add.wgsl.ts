import { bind } from './lib/bindings.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { each, wgsl } from './lib/text.ts';

/**
 * Multiplications and additions in registers and nothing else, to find out how many of them a device makes:
 * x ← x·factor + term, `iterations` times on each of `vectors` × 4 independent numbers, which begin at 0, 1, 2, …
 * results[i] is their sum, the same for each of `count` invocations. Written as a product and a sum, which compilers
 * fuse where that is faster.
 *
 * Bindings: results, shape { count, iterations, factor, term }.
 */
export function multiplyAdd(vectors: number): Kernel {
  const { declarations, bindings } = bind([
    ['results', 'read_write', 'array<f32>'],
    ['shape', 'uniform', 'Shape'],
  ]);
  const code = wgsl`
struct Shape { count: u32, iterations: u32, factor: f32, term: f32 }

${declarations}
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = linear_index(id, workgroups);
  if (index >= shape.count) { return; }
  let iterations = shape.iterations;
  let factor = vec4f(shape.factor);
  let term = vec4f(shape.term);
${each(vectors, (i) => `  var x_${i} = ${4 * i}.0 + vec4f(0.0, 1.0, 2.0, 3.0);`)}
  for (var n = 0u; n < iterations; n++) {
${each(vectors, (i) => `    x_${i} = x_${i} * factor + term;`)}
  }
  results[index] = dot(${each(vectors, (i) => `x_${i}`, ' + ')}, vec4f(1.0));
}
`;
  return { code, bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
