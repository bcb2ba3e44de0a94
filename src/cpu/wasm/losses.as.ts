import { SIZE, vectorOf } from './real.as';

/**
 * The gradient of the hinge loss of the rows `first` to before `end`: the row's weight for each class
 * but the label whose margin z − z_y + 1 is above 0, and minus their sum for the label. Margins are
 * computed in double precision, so that rounding moves no kink.
 * @param shares the weight of each class over the total; 0: all weights are 1
 */
export function hingeGradient(
  logits: usize, gradient: usize, labels: usize, shares: usize, total: f64, classes: i32, first: i32, end: i32,
): void {
  let from = logits + <usize>first * classes * SIZE;
  let to = gradient + <usize>first * classes * SIZE;
  const even = <real>(1 / total);
  for (let row = first; row < end; row++) {
    const label = load<i32>(labels + (<usize>row << 2));
    const own = <f64>load<real>(from + <usize>label * SIZE);
    const weight = shares ? load<real>(shares + <usize>label * SIZE) : even;
    const answer = to + <usize>label * SIZE;
    let above: real = 0;
    let spoilt: real = 0;
    for (let k = 0; k < classes; k++, from += SIZE, to += SIZE) {
      const z = load<real>(from);
      // NaN for a number that is not finite, and 0 else.
      spoilt += 0 * z;
      const counts = k != label && <f64>z - own + 1 > 0;
      store<real>(to, counts ? weight : 0);
      if (counts) above += 1;
    }
    store<real>(answer, -above * weight + spoilt);
  }
}

/** The gradient of the squared error of the numbers `first` to before `end`: (z − t) / rows. */
export function squaredErrorGradient(
  values: usize, gradient: usize, targets: usize, rows: f64, first: i32, end: i32,
): void {
  const divisor = vectorOf(rows);
  const last = <usize>end * SIZE;
  for (let at = <usize>first * SIZE; at < last; at += 16) {
    const difference = v128.sub<real>(v128.load(values + at), v128.load(targets + at));
    v128.store(gradient + at, v128.div<real>(difference, divisor));
  }
}
