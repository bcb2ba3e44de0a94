import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Binding, type Kernel, linearIndex, stepStruct, WORKGROUP } from './kernel.ts';
import { type Arithmetic, real } from './real.ts';

export interface UpdateOptions {
  /** `sgd`: w ← w − lr·g. `momentum`: v ← μ·v + g, w ← w − lr·v. `adam`: Kingma & Ba 2015, bias-corrected. */
  rule: 'sgd' | 'momentum' | 'adam';
  arithmetic?: Arithmetic;
}

/** Moments each rule keeps for a parameter. */
const MOMENTS = { sgd: 0, momentum: 1, adam: 2 };

/**
 * One update of one tensor, one invocation a parameter: g = gradient + l2·w (the notes' dW += reg·W; biases come with
 * l2 = 0), then the rule. The first step after which a parameter is not finite is kept in `diverged`.
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
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let i = linear_index(id, workgroups);
  if (i >= shape.count) { return; }
  let g = add_product(gradient[i], shape.l2, parameters[i]);

#if ${rule === 'sgd'}
  let direction = g;
#elif ${rule === 'momentum'}
  let direction = add_product(g, step.decay_1, first_moment[i]);
  first_moment[i] = direction;
#else
  let first = add_product(multiply(step.decay_1, first_moment[i]), step.rest_1, g);
  let second = add_product(multiply(step.decay_2, second_moment[i]), multiply(step.rest_2, g), g);
  first_moment[i] = first;
  second_moment[i] = second;
  let spread = add(square_root(multiply(second, step.correction_2)), step.epsilon);
  let direction = divide(multiply(first, step.correction_1), spread);
#endif

  let updated = subtract(parameters[i], multiply(step.learning_rate, direction));
  parameters[i] = updated;
  if (!is_finite(updated)) { atomicMin(&diverged, step.number); }
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
