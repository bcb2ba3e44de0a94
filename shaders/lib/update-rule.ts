import type { Variable } from './bindings.ts';
import { stepStruct } from './kernel.ts';
import { MOMENTS, type UpdateRule } from './moments.ts';
import { wgsl } from './text.ts';

/** The variables of the moments that a rule needs. */
export function momentVariables(rule: UpdateRule): Variable[] {
  const names = ['first_moment', 'second_moment'].slice(0, MOMENTS[rule]);
  return names.map((name) => [name, 'read_write', 'array<real>']);
}

/** The variables of {@link updateRule}. */
export function updateVariables(rule: UpdateRule): Variable[] {
  return [
    ['parameters', 'read_write', 'array<real>'],
    ...momentVariables(rule),
    ['diverged', 'read_write', 'atomic<u32>'],
    ['step', 'step', 'Step'],
  ];
}

/**
 * {@link stepStruct} and the WGSL function `apply_update(i, gradient, penalized)`: one update of
 * `parameters[i]` with g = gradient + l2·w (the notes' dW += reg·W), then the rule. Weights are
 * penalized; for biases l2 counts as 0. `diverged` keeps the first step after which a parameter or
 * moment is not finite.
 *
 * Needs `real` and {@link updateVariables}, or variables of the same names.
 */
export function updateRule(rule: UpdateRule): string {
  return wgsl`
${stepStruct}
fn apply_update(i: u32, gradient: real, penalized: bool) {
  let parameter = parameters[i];
  let l2 = select(real(), step.l2, penalized);
  let g = add_product(gradient, l2, parameter);
${DIRECTION[rule]}
  let updated = storable(subtract(parameter, multiply(step.learning_rate, direction)));
  parameters[i] = updated;
  if (!(${FINITE[rule]})) { atomicMin(&diverged, step.number); }
}
`;
}

/**
 * The direction of an update. Adam corrects the root of the second moment: the corrected second
 * moment, g² at first, may overflow where the moment itself and the root do not.
 */
const DIRECTION: Record<UpdateRule, string> = {
  sgd: `
  let direction = g;`,
  momentum: `
  let direction = storable(add_product(g, step.decay_1, first_moment[i]));
  first_moment[i] = direction;`,
  adam: `
  let first = storable(add_product(multiply(step.decay_1, first_moment[i]), step.rest_1, g));
  let second = storable(add_product(multiply(step.decay_2, second_moment[i]), multiply(step.rest_2, g), g));
  first_moment[i] = first;
  second_moment[i] = second;
  let spread = add(multiply(square_root(second), step.correction_2), step.epsilon);
  let direction = divide(multiply(first, step.correction_1), spread);`,
};

/**
 * The condition that an update leaves finite numbers. After an overflow of its second moment, a
 * parameter stays finite but never changes again, so Adam tests the moment too.
 */
const FINITE: Record<UpdateRule, string> = {
  sgd: 'is_finite(updated)',
  momentum: 'is_finite(updated)',
  adam: 'is_finite(updated) && is_finite(second)',
};
