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
 * subtracted first, so that logits of any size neither overflow nor lose the loss:
 * −ln p = ln Σ exp(z − max) − (z_y − max).
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

  var sum = real();
  for (var k = 0u; k < classes; k++) {
    sum = add(sum, exponential(subtract(logits[start + k], maximum)));
  }

#if ${loss}
  let label = labels[row];
  losses[row] = subtract(logarithm(sum), subtract(logits[start + label], maximum));
  correct[row] = to_real(select(0.0, 1.0, largest == label));
  for (var k = 0u; k < classes; k++) {
    let probability = divide(exponential(subtract(logits[start + k], maximum)), sum);
    let indicator = to_real(select(0.0, 1.0, k == label));
    gradient[start + k] = divide(subtract(probability, indicator), to_real(f32(shape.rows)));
  }
#else
  predicted[row] = largest;
  for (var k = 0u; k < classes; k++) {
    probabilities[start + k] = divide(exponential(subtract(logits[start + k], maximum)), sum);
  }
#endif
}
`;
  return { code, bindings, workgroup, covers: { x: workgroup, y: 1 } };
}
