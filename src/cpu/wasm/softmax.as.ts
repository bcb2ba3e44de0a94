import { exponential } from './exponential.as';
import { SIZE } from './real.as';

/** exp(z − max z) of the rows `first` to before `end`. */
function exponentials(logits: usize, out: usize, classes: i32, first: i32, end: i32): void {
  let from = logits + <usize>first * classes * SIZE;
  let to = out + <usize>first * classes * SIZE;
  const start = to;
  for (let row = first; row < end; row++) {
    let largest = load<real>(from);
    for (let k = 1; k < classes; k++) {
      const z = load<real>(from + <usize>k * SIZE);
      if (z > largest) largest = z;
    }
    for (let k = 0; k < classes; k++, from += SIZE, to += SIZE) {
      const z = load<real>(from);
      // 0·z is NaN for a number that is not finite, and 0 else: no −∞ passes as a probability of 0.
      store<real>(to, z - largest + 0 * z);
    }
  }
  // Rows lie one after the other: vectors do not end where rows do.
  for (let at = start; at < to; at += 16) v128.store(at, exponential(v128.load(at)));
}

/** The probabilities of rows. Both arrays may be the same. */
export function softmax(logits: usize, out: usize, classes: i32, first: i32, end: i32): void {
  exponentials(logits, out, classes, first, end);
  let at = out + <usize>first * classes * SIZE;
  for (let row = first; row < end; row++) {
    let sum: real = 0;
    for (let k = 0; k < classes; k++) sum += load<real>(at + <usize>k * SIZE);
    for (let k = 0; k < classes; k++, at += SIZE) store<real>(at, load<real>(at) / sum);
  }
}

/**
 * (p − 1{k = y}) / total, times the weight of the row's class: the gradient of the cross-entropy. p[y] − 1
 * is minus the sum of the other probabilities, because a subtraction of 1 would lose the digits of a row
 * that the network is sure of.
 * @param shares the weight of each class over the total; 0: all weights are 1
 */
export function crossEntropyGradient(
  logits: usize, gradient: usize, labels: usize, shares: usize, total: f64, classes: i32, first: i32, end: i32,
): void {
  exponentials(logits, gradient, classes, first, end);
  let at = gradient + <usize>first * classes * SIZE;
  for (let row = first; row < end; row++) {
    const label = load<i32>(labels + (<usize>row << 2));
    let sum: real = 0;
    let others: real = 0;
    for (let k = 0; k < classes; k++) {
      const exponential = load<real>(at + <usize>k * SIZE);
      sum += exponential;
      if (k != label) others += exponential;
    }
    store<real>(at + <usize>label * SIZE, 0 - others);
    const share = shares ? load<real>(shares + <usize>label * SIZE) : 0;
    for (let k = 0; k < classes; k++, at += SIZE) {
      const p = load<real>(at) / sum;
      store<real>(at, shares ? p * share : p / <real>total);
    }
  }
}
