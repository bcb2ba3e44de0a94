import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Binding, type Kernel, linearIndex, stepStruct, WORKGROUP } from './kernel.ts';

export interface UpdateOptions {
  /** `sgd`: w ← w − lr·g. `momentum`: v ← μ·v + g, w ← w − lr·v. `adam`: Kingma & Ba 2015, bias-corrected. */
  rule: 'sgd' | 'momentum' | 'adam';
}

/** Moments each rule keeps for a parameter. */
const MOMENTS = { sgd: 0, momentum: 1, adam: 2 };

/**
 * One update of one tensor, one invocation a parameter: g = gradient + l2·w (the notes' dW += reg·W; biases come with
 * l2 = 0), then the rule. The first step after which a parameter is not finite is kept in `diverged`; the test looks at
 * the bits, because compilers may assume that x ≠ x never holds.
 *
 * Bindings: parameters, gradient, moments as the rule needs, diverged, shape { count, l2 }, step.
 */
export function update({ rule }: UpdateOptions): Kernel {
  const moments = MOMENTS[rule];
  const code = wgsl`
struct Shape { count: u32, l2: f32 }
${stepStruct}
@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
#if ${moments > 0}
@group(0) @binding(2) var<storage, read_write> first_moment: array<f32>;
#endif
#if ${moments > 1}
@group(0) @binding(3) var<storage, read_write> second_moment: array<f32>;
#endif
@group(0) @binding(${moments + 2}) var<storage, read_write> diverged: atomic<u32>;
@group(0) @binding(${moments + 3}) var<uniform> shape: Shape;
@group(0) @binding(${moments + 4}) var<uniform> step: Step;
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let i = linear_index(id, workgroups);
  if (i >= shape.count) { return; }
  let g = gradient[i] + shape.l2 * parameters[i];

#if ${rule === 'sgd'}
  let direction = g;
#elif ${rule === 'momentum'}
  let direction = step.decay_1 * first_moment[i] + g;
  first_moment[i] = direction;
#else
  let first = step.decay_1 * first_moment[i] + step.rest_1 * g;
  let second = step.decay_2 * second_moment[i] + step.rest_2 * g * g;
  first_moment[i] = first;
  second_moment[i] = second;
  let direction = first * step.correction_1 / (sqrt(second * step.correction_2) + step.epsilon);
#endif

  let updated = parameters[i] - step.learning_rate * direction;
  parameters[i] = updated;
  if ((bitcast<u32>(updated) & 0x7f800000u) == 0x7f800000u) { atomicMin(&diverged, step.number); }
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
