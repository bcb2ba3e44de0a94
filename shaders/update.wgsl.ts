import { bind } from './lib/bindings.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';
import { type UpdateRule, updateRule, updateVariables } from './lib/update-rule.ts';

export interface UpdateOptions {
  rule: UpdateRule;
  arithmetic?: Arithmetic;
}

/**
 * One update of one tensor, one invocation a parameter; see {@link updateRule}.
 *
 * Bindings: gradient, shape { penalized, count }: 1 for weights, 0 for biases, then {@link updateVariables}.
 */
export function update({ rule, arithmetic = 'single' }: UpdateOptions): Kernel {
  const { declarations, bindings } = bind([
    ['gradient', 'read', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
    ...updateVariables(rule),
  ]);
  const code = wgsl`
${real(arithmetic)}
struct Shape { penalized: u32, count: u32 }
${declarations}
${linearIndex}
${updateRule(rule)}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let i = linear_index(id, workgroups);
  if (i < shape.count) { apply_update(i, gradient[i], shape.penalized == 1u); }
}
`;
  return { code, bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
