import type { LossText } from './lib/loss.ts';

/**
 * The squared error of each row, ½·‖z − t‖², and the gradient of its mean on the outputs, (z − t) /
 * rows. One invocation takes a row.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `logits` | the network's outputs | rows×outputs |
 * | `targets` | the right outputs | rows×outputs |
 * | `losses` | the squared errors | rows |
 * | `correct` | 0: no class is right or wrong | rows |
 * | `gradient` | gradient on the outputs | rows×outputs |
 * | `shape` | `{ rows, outputs }` | struct |
 */
export const squaredError: LossText = {
  name: 'squared-error',
  answers: 'targets',
  lines: () => `
  let count = to_real(f32(shape.rows));
  var squares = real();
  for (var i = start; i < start + classes; i++) {
    let difference = subtract(logits[i], targets[i]);
    squares = add_product(squares, difference, difference);
    gradient[i] = divide(difference, count);
  }
  losses[row] = multiply(squares, to_real(0.5));
  correct[row] = real();`,
  narrow: (classes) => ({
    call: 'squared_error(row, source_row(row), rows);',
    text: `
// Turns outputs into (z - t) / rows.
fn squared_error(row: u32, source: u32, rows: u32) {
  let count = to_real(f32(rows));
  for (var k = 0u; k < ${classes}u; k++) {
    let i = row * ${classes}u + k;
    dscores[i] = divide(subtract(dscores[i], targets[source * ${classes}u + k]), count);
  }
}
`,
  }),
};
