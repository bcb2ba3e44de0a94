import { bind } from './lib/bindings.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/** One operation of `real`, of one or two operands. */
export const PRIMITIVES = {
  add: 'add(a, b)',
  multiply: 'multiply(a, b)',
  divide: 'divide(a, b)',
  'square root': 'square_root(a)',
  exponential: 'exponential(a)',
  logarithm: 'logarithm(a)',
} as const;

export type Primitive = keyof typeof PRIMITIVES;

/**
 * One arithmetic operation on every pair of numbers: what the kernels' arithmetic is tried with on a device.
 *
 * Bindings: a, b, result, count.
 */
export function arithmetic(primitive: Primitive, kind: Arithmetic): Kernel {
  const { declarations, bindings } = bind([
    ['first', 'read', 'array<real>'],
    ['second', 'read', 'array<real>'],
    ['result', 'read_write', 'array<real>'],
    ['count', 'uniform', 'u32'],
  ]);
  const code = wgsl`
${real(kind)}
${declarations}
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let i = linear_index(id, workgroups);
  if (i >= count) { return; }
  let a = first[i];
  let b = second[i];
  result[i] = ${PRIMITIVES[primitive]};
}
`;
  return { code, bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
