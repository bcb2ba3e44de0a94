import { bind } from './lib/bindings.ts';
import type { Kernel } from './lib/kernel.ts';
import { type LossOptions, type LossText, largestLogit, rowKernel } from './lib/loss.ts';

/**
 * The cross-entropy of each row, whether its largest logit is the label's, and the gradient of the mean
 * loss on the logits (the notes' dscores), (p − 1{k = y}) / rows, with p the softmax over the classes.
 * One invocation takes a row. The row's maximum is subtracted first, so that logits of any size do not
 * overflow. A row that the network is sure of keeps its digits: −ln p = (max − z_y) + ln(1 + r), where r
 * is the sum of all exponentials but that of the maximum, and p_y − 1 is minus the sum of the other
 * probabilities. A logit that is not finite takes the place of the row's results, so that no −∞ passes
 * as a probability of 0. With class weights, the loss of a row is times w_y, and w_y / Σw takes the
 * place of 1 / rows in its gradient.
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
 * | `labels` | the right classes | rows |
 * | `losses` | cross-entropy | rows |
 * | `correct` | 1 where the largest logit is the label's, else 0 | rows |
 * | `gradient` | the notes' dscores | rows×classes |
 * | `class_weights` | only with class weights | classes |
 * | `shape` | `{ rows, classes }`, and `total_weight` with the weights of all rows | struct |
 * | `step` | only with the weights of a batch: {@link stepStruct} | struct |
 */
export const crossEntropy: LossText = {
  name: 'cross-entropy',
  answers: 'labels',
  lines(share) {
    const probability = 'divide(gradient[start + k], sum)';
    const quotient = share
      ? `multiply(${probability}, share)`
      : `divide(${probability}, to_real(f32(shape.rows)))`;
    return `
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
  losses[row] = select(overflow, ${share ? 'multiply(class_weights[label], loss)' : 'loss'}, is_finite(overflow));
  correct[row] = to_real(select(0.0, 1.0, largest == label));
  gradient[start + label] = select(overflow, -others, is_finite(overflow));${share ? `\n  let share = ${share};` : ''}
  for (var k = 0u; k < classes; k++) {
    gradient[start + k] = ${quotient};
  }`;
  },
  narrow(classes, share) {
    const [divisor, quotient] = share
      ? [`share = ${share}`, 'multiply(divide(dscores[i], sum), share)']
      : ['count = to_real(f32(rows))', 'divide(divide(dscores[i], sum), count)'];
    return {
      call: 'softmax(row, labels[source_row(row)], rows);',
      text: `
// Turns logits into (p - 1{k = y}) / rows. The maximum is subtracted first, so that logits of any
// size do not overflow. p - 1 is minus the sum of the other probabilities, so that no digit is lost.
// A logit that is not finite takes the place of the label's gradient.
fn softmax(row: u32, label: u32, rows: u32) {
  let start = row * ${classes}u;
  let end = start + ${classes}u;
  var maximum = dscores[start];
  for (var i = start + 1u; i < end; i++) {
    if (greater(dscores[i], maximum)) { maximum = dscores[i]; }
  }
  let own = start + label;
  var sum = real();
  var others = real();
  var overflow = real();
  for (var i = start; i < end; i++) {
    if (!is_finite(dscores[i])) { overflow = dscores[i]; }
    let e = exponential(subtract(dscores[i], maximum));
    dscores[i] = e;
    sum = add(sum, e);
    if (i != own) { others = add(others, e); }
  }
  dscores[own] = select(overflow, -others, is_finite(overflow));
  let ${divisor};
  for (var i = start; i < end; i++) { dscores[i] = ${quotient}; }
}
`,
    };
  },
};

/**
 * The class probabilities of each row, and the class of its largest logit.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `logits` | the notes' scores | rows×classes |
 * | `probabilities` | the softmax over the classes | rows×classes |
 * | `predicted` | the classes of the largest logits | rows |
 * | `shape` | `{ rows, classes }` | struct |
 */
export function softmaxProbabilities(options: Omit<LossOptions, 'weighted'>): Kernel {
  const { declarations, bindings } = bind([
    ['logits', 'read', 'array<real>'],
    ['probabilities', 'read_write', 'array<real>'],
    ['predicted', 'read_write', 'array<u32>'],
    ['shape', 'uniform', 'Shape'],
  ]);
  const body = `
${largestLogit}

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
  }`;
  const structs = `struct Shape { rows: u32, classes: u32 }\n\n${declarations}`;
  return rowKernel({ declarations: structs, bindings }, options, body);
}
