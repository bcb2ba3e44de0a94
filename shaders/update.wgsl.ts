import { elementwise } from './lib/elementwise.ts';
import type { Kernel } from './lib/kernel.ts';
import type { Update } from './lib/moments.ts';
import type { Arithmetic } from './lib/real.ts';
import { wgsl } from './lib/text.ts';
import { updateRule, updateVariables } from './lib/update-rule.ts';

/**
 * One update of one tensor, with one invocation for each parameter; see {@link updateRule}.
 *
 * In the notes: `dW += reg * W` and `W += -step_size * dW`, in the plan `layered`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `gradient` | dW or db | count |
 * | `shape` | `{ penalized, count }`: 1 for weights, 0 for biases | struct |
 * | `parameters` | W or b, changed in place | count |
 * | `first_moment`, `second_moment` | moments of the rule, changed in place | count |
 * | `diverged` | the first step after which a number is not finite | 1 |
 * | `step` | {@link stepStruct} | struct |
 */
export function update(update: Update, arithmetic: Arithmetic = 'single'): Kernel {
  return elementwise({
    arithmetic,
    declarations: wgsl`
struct Shape { penalized: u32, count: u32 }
${updateRule(update)}`,
    variables: [
      ['gradient', 'read', 'array<real>'],
      ['shape', 'uniform', 'Shape'],
      ...updateVariables(update),
    ],
    count: 'shape.count',
    body: 'apply_update(i, gradient[i], shape.penalized == 1u);',
  });
}
