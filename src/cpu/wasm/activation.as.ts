import { exponential, exponentialLessOne, logarithmOfOnePlus } from './exponential.as';
import { LANES, vectorOf } from './real.as';

/** The activations, as src/cpu/wasm/operations.ts numbers them. */
const RELU = 0;
const LEAKY_RELU = 1;
const ELU = 2;
const TANH = 3;
const SIGMOID = 4;
const SOFTPLUS = 5;

@inline
function activated(x: v128, activation: i32): v128 {
  const zero = vectorOf(0);
  // Comparisons are false for NaN, which every activation keeps.
  if (activation == RELU) return v128.andnot(x, v128.le<real>(x, zero));
  if (activation == LEAKY_RELU) return v128.bitselect(v128.mul<real>(x, vectorOf(0.01)), x, v128.le<real>(x, zero));
  if (activation == ELU) {
    return v128.bitselect(exponentialLessOne(v128.min<real>(x, zero)), x, v128.le<real>(x, zero));
  }
  const below = v128.neg<real>(v128.abs<real>(x));
  if (activation == TANH) {
    // tanh |x| = −e / (2 + e), e = exp(−2·|x|) − 1
    const e = exponentialLessOne(v128.add<real>(below, below));
    const size = v128.neg<real>(v128.div<real>(e, v128.add<real>(e, vectorOf(2))));
    return v128.or(size, v128.and(x, vectorOf(-0.0)));
  }
  if (activation == SIGMOID) {
    const e = exponential(below);
    const above = v128.ge<real>(x, zero);
    return v128.div<real>(v128.bitselect(vectorOf(1), e, above), v128.add<real>(e, vectorOf(1)));
  }
  if (activation == SOFTPLUS) {
    return v128.add<real>(v128.max<real>(x, zero), logarithmOfOnePlus(exponential(below)));
  }
  return x;
}

/** The derivative from the output h, times a gradient. */
@inline
function chained(gradient: v128, h: v128, activation: i32): v128 {
  if (activation == RELU) return v128.andnot(gradient, v128.le<real>(h, vectorOf(0)));
  const on = v128.gt<real>(h, vectorOf(0));
  if (activation == LEAKY_RELU) return v128.bitselect(gradient, v128.mul<real>(gradient, vectorOf(0.01)), on);
  if (activation == ELU) {
    return v128.bitselect(gradient, v128.mul<real>(gradient, v128.add<real>(h, vectorOf(1))), on);
  }
  const rest = v128.sub<real>(vectorOf(1), h);
  if (activation == TANH) return v128.mul<real>(gradient, v128.mul<real>(rest, v128.add<real>(vectorOf(1), h)));
  if (activation == SIGMOID) return v128.mul<real>(gradient, v128.mul<real>(h, rest));
  if (activation == SOFTPLUS) {
    return v128.mul<real>(gradient, v128.neg<real>(exponentialLessOne(v128.neg<real>(h))));
  }
  return gradient;
}

/** Applies an activation to the numbers of an array, in place. */
export function activate(values: usize, count: i32, activation: i32): void {
  // One loop for each activation, so that none asks for every number which it is.
  if (activation == RELU) activateAll(values, count, RELU);
  else if (activation == LEAKY_RELU) activateAll(values, count, LEAKY_RELU);
  else if (activation == ELU) activateAll(values, count, ELU);
  else if (activation == TANH) activateAll(values, count, TANH);
  else if (activation == SIGMOID) activateAll(values, count, SIGMOID);
  else activateAll(values, count, SOFTPLUS);
}

@inline
function activateAll(values: usize, count: i32, activation: i32): void {
  for (let i = 0; i < count; i += LANES, values += 16) {
    v128.store(values, activated(v128.load(values), activation));
  }
}

/**
 * Multiplies gradients on outputs by the activation's derivative, in place.
 * @param keep the outputs before dropout are the outputs times this factor
 */
export function chain(gradients: usize, outputs: usize, keep: f64, count: i32, activation: i32): void {
  if (activation == RELU) chainAll(gradients, outputs, keep, count, RELU);
  else if (activation == LEAKY_RELU) chainAll(gradients, outputs, keep, count, LEAKY_RELU);
  else if (activation == ELU) chainAll(gradients, outputs, keep, count, ELU);
  else if (activation == TANH) chainAll(gradients, outputs, keep, count, TANH);
  else if (activation == SIGMOID) chainAll(gradients, outputs, keep, count, SIGMOID);
  else chainAll(gradients, outputs, keep, count, SOFTPLUS);
}

@inline
function chainAll(gradients: usize, outputs: usize, keep: f64, count: i32, activation: i32): void {
  for (let i = 0; i < count; i += LANES, gradients += 16, outputs += 16) {
    v128.store(gradients, chained(v128.load(gradients), v128.mul<real>(v128.load(outputs), vectorOf(keep)), activation));
  }
}
