import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Binding, type Kernel, linearIndex, stepStruct, WORKGROUP } from './kernel.ts';
import { type Arithmetic, real } from './real.ts';
import { MOMENTS, type UpdateRule, updateRule } from './update-rule.ts';

export interface UpdateOptions {
  rule: UpdateRule;
  arithmetic?: Arithmetic;
}

/**
 * One update of one tensor, one invocation a parameter; see {@link updateRule}.
 *
 * Bindings: parameters, gradient, moments as the rule needs, diverged, shape { l2, count }, step.
 */
export function update({ rule, arithmetic = 'single' }: UpdateOptions): Kernel {
  const moments = MOMENTS[rule];
  const code = wgsl`
${real(arithmetic)}
struct Shape { l2: real, count: u32 }
${stepStruct}
@group(0) @binding(0) var<storage, read_write> parameters: array<real>;
@group(0) @binding(1) var<storage, read> gradient: array<real>;
#if ${moments > 0}
@group(0) @binding(2) var<storage, read_write> first_moment: array<real>;
#endif
#if ${moments > 1}
@group(0) @binding(3) var<storage, read_write> second_moment: array<real>;
#endif
@group(0) @binding(${moments + 2}) var<storage, read_write> diverged: atomic<u32>;
@group(0) @binding(${moments + 3}) var<uniform> shape: Shape;
@group(0) @binding(${moments + 4}) var<uniform> step: Step;
${linearIndex}
${updateRule(rule)}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let i = linear_index(id, workgroups);
  if (i < shape.count) { apply_update(i, gradient[i], shape.l2); }
}
`;
  const bindings: Binding[] = [
    'read_write',
    'read',
    ...Array.from({ length: moments }, () => 'read_write' as const),
    'read_write',
    'uniform',
    'step',
  ];
  return { code, bindings, covers: { x: WORKGROUP, y: 1 } };
}
