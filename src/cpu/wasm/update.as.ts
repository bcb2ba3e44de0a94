import { LANES, multiplyAdd, SIZE, vectorOf } from './real.as';

/** The rules of shaders/lib/moments.ts, as src/cpu/wasm/operations.ts numbers them. */
const SGD = 0;
const MOMENTUM = 1;
const NESTEROV = 2;
const ADAM = 3;
const RMSPROP = 4;
const ADAGRAD = 5;

/**
 * One update of the parameters `first` to before `end` with their gradients, in place: g ← g + l2·w + l1·sign(w), then
 * w ← share·w less the step of the rule.
 *
 * @param kept1 the first moment, or anything
 * @param kept2 the second moment, or anything
 * @param decay1 the factor of the first moment: the momentum, β₁, or the decay of squares
 * @param decay2 β₂
 * @param correction the factor of the squares' root: 1 / √(1 − β₂ᵗ), or 1
 * @returns whether every parameter and square is finite
 */
export function update(
  w: usize, gradient: usize, kept1: usize, kept2: usize, rule: i32, first: i32, end: i32,
  rate: f64, l2: f64, l1: f64, share: f64, decay1: f64, decay2: f64, correction: f64, epsilon: f64,
): bool {
  const from = <usize>first * SIZE;
  const count = end - first;
  w += from;
  gradient += from;
  kept1 += from;
  kept2 += from;
  if (rule == SGD) numbers(w, gradient, kept1, kept2, count, SGD, rate, l2, l1, share, decay1, decay2, correction, epsilon);
  else if (rule == MOMENTUM) numbers(w, gradient, kept1, kept2, count, MOMENTUM, rate, l2, l1, share, decay1, decay2, correction, epsilon);
  else if (rule == NESTEROV) numbers(w, gradient, kept1, kept2, count, NESTEROV, rate, l2, l1, share, decay1, decay2, correction, epsilon);
  else if (rule == ADAM) numbers(w, gradient, kept1, kept2, count, ADAM, rate, l2, l1, share, decay1, decay2, correction, epsilon);
  else if (rule == RMSPROP) numbers(w, gradient, kept1, kept2, count, RMSPROP, rate, l2, l1, share, decay1, decay2, correction, epsilon);
  else numbers(w, gradient, kept1, kept2, count, ADAGRAD, rate, l2, l1, share, decay1, decay2, correction, epsilon);
  // A velocity that overflows makes its parameter non-finite. Infinite squares leave their parameter
  // finite, but stop it for ever.
  if (rule == ADAM && !allFinite(kept2, count)) return false;
  if ((rule == RMSPROP || rule == ADAGRAD) && !allFinite(kept1, count)) return false;
  return allFinite(w, count);
}

@inline
function numbers(
  w: usize, gradient: usize, kept1: usize, kept2: usize, count: i32, rule: i32,
  rate: f64, l2: f64, l1: f64, share: f64, decay1: f64, decay2: f64, correction: f64, epsilon: f64,
): void {
  for (let i = 0; i < count; i += LANES, w += 16, gradient += 16, kept1 += 16, kept2 += 16) {
    const own = v128.load(w);
    const terms = penalty(own, l2, l1);
    const g = v128.add<real>(v128.load(gradient), terms);
    let step: v128;
    if (rule == SGD) {
      step = g;
    } else if (rule == MOMENTUM || rule == NESTEROV) {
      const kept = multiplyAdd(vectorOf(decay1), v128.load(kept1), v128.load(gradient));
      const velocity = v128.add<real>(kept, terms);
      v128.store(kept1, velocity);
      step = rule == NESTEROV ? multiplyAdd(vectorOf(decay1), velocity, g) : velocity;
    } else if (rule == ADAM) {
      const mean = multiplyAdd(vectorOf(decay1), v128.load(kept1), v128.mul<real>(vectorOf(1 - decay1), g));
      const square = v128.mul<real>(v128.mul<real>(vectorOf(1 - decay2), g), g);
      const squares = multiplyAdd(vectorOf(decay2), v128.load(kept2), square);
      v128.store(kept1, mean);
      v128.store(kept2, squares);
      step = v128.div<real>(mean, root(squares, correction, epsilon));
    } else {
      const square = v128.mul<real>(v128.mul<real>(vectorOf(rule == RMSPROP ? 1 - decay1 : 1), g), g);
      const before = v128.load(kept1);
      const squares = rule == RMSPROP ? multiplyAdd(vectorOf(decay1), before, square) : v128.add<real>(before, square);
      v128.store(kept1, squares);
      step = v128.div<real>(g, root(squares, correction, epsilon));
    }
    v128.store(w, v128.sub<real>(v128.mul<real>(vectorOf(share), own), v128.mul<real>(vectorOf(rate), step)));
  }
}

/** l2·w + l1·sign(w). */
@inline
function penalty(w: v128, l2: f64, l1: f64): v128 {
  const square = v128.mul<real>(vectorOf(l2), w);
  if (l1 == 0) return square;
  // The sign of w on l1, and 0 where w is 0.
  const sign = v128.or(vectorOf(l1), v128.and(w, vectorOf(-0.0)));
  return v128.add<real>(square, v128.and(sign, v128.ne<real>(w, vectorOf(0))));
}

/** √squares · correction + ε: the root comes first, as the squares may be next to the largest number. */
@inline
function root(squares: v128, correction: f64, epsilon: f64): v128 {
  return multiplyAdd(v128.sqrt<real>(squares), vectorOf(correction), vectorOf(epsilon));
}

/** Whether all numbers are finite. */
function allFinite(values: usize, count: i32): bool {
  // 0·x is NaN for an x that is not finite.
  let zeros = vectorOf(0);
  let i = 0;
  for (; i + LANES <= count; i += LANES, values += 16) {
    zeros = multiplyAdd(vectorOf(0), v128.load(values), zeros);
  }
  for (; i < count; i++, values += SIZE) {
    if (load<real>(values) * 0 != 0) return false;
  }
  return v128.all_true<i32>(v128.eq<real>(zeros, vectorOf(0)));
}
