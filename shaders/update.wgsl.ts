import { elementwise } from './lib/elementwise.ts';
import type { Kernel } from './lib/kernel.ts';
import type { Arithmetic } from './lib/real.ts';
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
  return elementwise({
    arithmetic,
    declarations: wgsl`
struct Shape { penalized: u32, count: u32 }
${updateRule(rule)}`,
    variables: [['gradient', 'read', 'array<real>'], ['shape', 'uniform', 'Shape'], ...updateVariables(rule)],
    count: 'shape.count',
    body: 'apply_update(i, gradient[i], shape.penalized == 1u);',
  });
}
