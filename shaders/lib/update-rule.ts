import type { Variable } from './bindings.ts';
import { stepStruct } from './kernel.ts';
import { MOMENTS, type Update, type UpdateRule } from './moments.ts';
import { wgsl } from './text.ts';

/** The variables of the moments that a rule needs. */
export function momentVariables({ rule }: Update): Variable[] {
  const names = ['first_moment', 'second_moment'].slice(0, MOMENTS[rule]);
  return names.map((name) => [name, 'read_write', 'array<real>']);
}

/** The variables of {@link updateRule}. */
export function updateVariables(update: Update): Variable[] {
  return [
    ['parameters', 'read_write', 'array<real>'],
    ...momentVariables(update),
    ['diverged', 'read_write', 'atomic<u32>'],
    ['step', 'step', 'Step'],
  ];
}

/**
 * {@link stepStruct} and the WGSL function `apply_update(i, gradient, penalized)`: one update of
 * `parameters[i]` with g = gradient + l2·w (the notes' dW += reg·W) + l1·sign(w), then the rule, which
 * starts from w·(1 − learning rate·weight decay). Weights are penalized; for biases no term counts.
 * `diverged` keeps the first step after which a parameter or moment is not finite.
 *
 * Needs `real` and {@link updateVariables}, or variables of the same names.
 */
export function updateRule({ rule, l1 = false, weightDecay = false }: Update): string {
  return wgsl`
${stepStruct}
fn apply_update(i: u32, gradient: real, penalized: bool) {
  let parameter = parameters[i];
  let l2 = select(real(), step.l2, penalized);
#if ${l1}
  let l1 = select(real(), step.l1, penalized);
  let g = add(add_product(gradient, l2, parameter), l1 * sign(high(parameter)));
#else
  let g = add_product(gradient, l2, parameter);
#endif
${DIRECTION[rule]}
#if ${weightDecay}
  let start = select(parameter, multiply(parameter, step.weight_share), penalized);
  let updated = storable(subtract(start, multiply(step.learning_rate, direction)));
#else
  let updated = storable(subtract(parameter, multiply(step.learning_rate, direction)));
#endif
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
  nesterov: `
  let velocity = storable(add_product(g, step.decay_1, first_moment[i]));
  first_moment[i] = velocity;
  let direction = add_product(g, step.decay_1, velocity);`,
  adam: `
  let first = storable(add_product(multiply(step.decay_1, first_moment[i]), step.rest_1, g));
  let second = storable(add_product(multiply(step.decay_2, second_moment[i]), multiply(step.rest_2, g), g));
  first_moment[i] = first;
  second_moment[i] = second;
  let spread = add(multiply(square_root(second), step.correction_2), step.epsilon);
  let direction = divide(multiply(first, step.correction_1), spread);`,
  rmsprop: `
  let squares = storable(add_product(multiply(step.decay_2, first_moment[i]), multiply(step.rest_2, g), g));
  first_moment[i] = squares;
  let direction = divide(g, add(square_root(squares), step.epsilon));`,
  adagrad: `
  let squares = storable(add_product(first_moment[i], g, g));
  first_moment[i] = squares;
  let direction = divide(g, add(square_root(squares), step.epsilon));`,
};

/**
 * The condition that an update leaves finite numbers. After an overflow of its squares, a parameter
 * stays finite but never changes again, so the squares are tested too.
 */
const FINITE: Record<UpdateRule, string> = {
  sgd: 'is_finite(updated)',
  momentum: 'is_finite(updated)',
  nesterov: 'is_finite(updated)',
  adam: 'is_finite(updated) && is_finite(second)',
  rmsprop: 'is_finite(updated) && is_finite(squares)',
  adagrad: 'is_finite(updated) && is_finite(squares)',
};
