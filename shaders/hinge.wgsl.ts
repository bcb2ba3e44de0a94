import type { LossText } from './lib/loss.ts';

/**
 * The hinge loss of each row, Σ max(0, z_k − z_y + 1) over all classes k but the label y, and the
 * gradient of its mean on the logits: 1 / rows for each class whose margin z_k − z_y + 1 is above 0,
 * and minus their sum for the label. At the kink, a margin of 0, the gradient is 0. With class weights,
 * the loss of a row is times w_y, and w_y / Σw takes the place of 1 / rows. A logit or a margin that is
 * not finite takes the place of the row's results.
 *
 * The notes write this loss for one row (their support vector machine): `margins = np.maximum(0, scores
 * - scores[y] + 1)`. One invocation takes a row.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `logits` | the notes' scores | rows×classes |
 * | `labels` | the right classes | rows |
 * | `losses` | the hinge losses | rows |
 * | `correct` | 1 where the largest logit is the label's, else 0 | rows |
 * | `gradient` | the notes' dscores | rows×classes |
 * | `class_weights` | only with class weights | classes |
 * | `shape` | `{ rows, classes }`, and `total_weight` with the weights of all rows | struct |
 * | `step` | only with the weights of a batch: {@link stepStruct} | struct |
 */
export const hinge: LossText = {
  name: 'hinge',
  answers: 'labels',
  lines: (share) => `${margins('logits', 'gradient', share ?? inverseOf('shape.rows'))}
  losses[row] = select(overflow, ${share ? 'multiply(class_weights[label], loss)' : 'loss'}, is_finite(overflow));
  correct[row] = to_real(select(0.0, 1.0, largest == label));`,
  narrow: (classes, share) => ({
    call: 'hinge(row, labels[source_row(row)], rows);',
    text: `
fn hinge(row: u32, label: u32, rows: u32) {
  let classes = ${classes}u;
  let start = row * classes;
${margins('dscores', 'dscores', share ?? inverseOf('rows'))}
}
`,
  }),
};

/**
 * The lines that compute a row's `loss` without its weight, `overflow`, and its gradient, from the
 * logits, which the gradient may replace.
 * @param share the weight of the row in the mean
 */
function margins(logits: string, gradient: string, share: string): string {
  return `
  let own = start + label;
  let correct_logit = ${logits}[own];
  let share = ${share};
  var above = 0u;
  var loss = real();
  var overflow = real();
  for (var i = start; i < start + classes; i++) {
    let logit = ${logits}[i];
    if (!is_finite(logit)) { overflow = logit; }
    if (i == own) { continue; }
    let margin = add(subtract(logit, correct_logit), to_real(1.0));
    if (!is_finite(margin)) { overflow = margin; }
    let counts = high(margin) > 0.0;
    ${gradient}[i] = select(real(), share, counts);
    if (counts) {
      above++;
      loss = add(loss, margin);
    }
  }
  ${gradient}[own] = select(overflow, -multiply(to_real(f32(above)), share), is_finite(overflow));`;
}

/**
 * 1 / count as WGSL, for a count of at least 1. Of a constant 1, compilers simplify the corrections of a
 * double-single quotient away.
 */
function inverseOf(count: string): string {
  return `divide(to_real(f32(min(${count}, 1u))), to_real(f32(${count})))`;
}
