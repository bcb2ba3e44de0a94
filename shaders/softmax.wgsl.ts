import { bind } from './lib/bindings.ts';
import { type Kernel, linearIndexIn, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

interface SoftmaxOptions {
  /**
   * `loss`: takes labels and gives each row's cross-entropy, whether its largest logit is the
   * label's, and the gradient of the mean loss on the logits (the notes' dscores), (p − 1{k = y}) /
   * rows.
   * `probabilities`: takes no labels and gives each row's class probabilities and the class of its
   * largest logit.
   */
  output: 'loss' | 'probabilities';
  /** Rows of a workgroup: fewer rows if many classes make each row take long. */
  workgroup?: number;
  arithmetic?: Arithmetic;
}

/**
 * Softmax over the classes of each row, with one invocation for each row. The row's maximum is
 * subtracted first, so that logits of any size do not overflow. A row that the network is sure of
 * keeps its digits: −ln p = (max − z_y) + ln(1 + r), where r is the sum of all exponentials but
 * that of the maximum, and p_y − 1 is minus the sum of the other probabilities. A logit that is not
 * finite takes the place of the row's results, so that no −∞ passes as a probability of 0.
 *
 * In the notes: `probs = exp_scores / np.sum(exp_scores)`, `correct_logprobs =
 * -np.log(probs[range(N), y])`, `dscores = (probs - 1{k = y}) / N`. This kernel computes the losses
 * in steps of the plan `layered`, and in steps of `fused` for networks that are not narrow. Steps
 * of `fused` and `resident` for narrow networks compute dscores alone ({@link
 * file://./fused.wgsl.ts}), and an evaluation computes their losses.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `logits` | the notes' scores | rows×classes |
 * | `labels` | for `loss`: the right classes | rows |
 * | `losses` | for `loss`: cross-entropy | rows |
 * | `correct` | for `loss`: 1 where the largest logit is the label's, else 0 | rows |
 * | `gradient` | for `loss`: the notes' dscores | rows×classes |
 * | `probabilities` | for `probabilities`: the probabilities | rows×classes |
 * | `predicted` | for `probabilities`: the classes of the largest logits | rows |
 * | `shape` | `{ rows, classes }` | struct |
 */
export function softmax({ output, workgroup = WORKGROUP, arithmetic = 'single' }: SoftmaxOptions): Kernel {
  const loss = output === 'loss';
  const { declarations, bindings } = bind([
    ['logits', 'read', 'array<real>'],
    loss && ['labels', 'read', 'array<u32>'],
    loss && ['losses', 'read_write', 'array<real>'],
    loss && ['correct', 'read_write', 'array<real>'],
    loss && ['gradient', 'read_write', 'array<real>'],
    !loss && ['probabilities', 'read_write', 'array<real>'],
    !loss && ['predicted', 'read_write', 'array<u32>'],
    ['shape', 'uniform', 'Shape'],
  ]);
  const code = wgsl`
${real(arithmetic)}
struct Shape { rows: u32, classes: u32 }

${declarations}
${linearIndexIn(workgroup)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let row = linear_index(id, workgroups);
  if (row >= shape.rows) { return; }
  let classes = shape.classes;
  let start = row * classes;

  var largest = 0u;
  var maximum = logits[start];
  for (var k = 1u; k < classes; k++) {
    let logit = logits[start + k];
    if (greater(logit, maximum)) {
      largest = k;
      maximum = logit;
    }
  }

#if ${loss}
  let label = labels[row];
  var sum = real();
  var rest = real();
  var others = real();
  var overflow = real();
  for (var k = 0u; k < classes; k++) {
    let logit = logits[start + k];
    if (!is_finite(logit)) { overflow = logit; }
    let e = exponential(subtract(logit, maximum));
    gradient[start + k] = e;
    sum = add(sum, e);
    if (k != largest) { rest = add(rest, e); }
    if (k != label) { others = add(others, e); }
  }
  let loss = add(subtract(maximum, logits[start + label]), log_of_one_plus(rest));
  losses[row] = select(overflow, loss, is_finite(overflow));
  correct[row] = to_real(select(0.0, 1.0, largest == label));
  gradient[start + label] = select(overflow, -others, is_finite(overflow));
  for (var k = 0u; k < classes; k++) {
    gradient[start + k] = divide(divide(gradient[start + k], sum), to_real(f32(shape.rows)));
  }
#else
  predicted[row] = largest;
  var sum = real();
  var overflow = real();
  for (var k = 0u; k < classes; k++) {
    let logit = logits[start + k];
    if (!is_finite(logit)) { overflow = logit; }
    sum = add(sum, exponential(subtract(logit, maximum)));
  }
  for (var k = 0u; k < classes; k++) {
    let probability = divide(exponential(subtract(logits[start + k], maximum)), sum);
    probabilities[start + k] = select(overflow, probability, is_finite(overflow));
  }
#endif
}
`;
  return { code, bindings, workgroup, covers: { x: workgroup, y: 1 } };
}
