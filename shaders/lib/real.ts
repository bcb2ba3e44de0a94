import { polynomial } from './series.ts';

/**
 * The arithmetic of a kernel: f32, or double-single, in which each number is the unevaluated sum of two
 * f32, about 48 bits. The text of double-single, in {@link file://./real-double.ts}, loads when it is
 * first needed.
 */
export type Arithmetic = 'single' | DoubleArithmetic;

/** A form of double-single arithmetic. */
export interface DoubleArithmetic {
  name: 'double' | 'guarded double';
  /** The text of {@link real}. */
  real: string;
  /** The text of the functions of {@link file://./activations.ts}. */
  functions: string;
  /** A number as WGSL. */
  constant: (value: number) => string;
}

/**
 * The type `real` and its operations, so that one kernel source serves every arithmetic. A kernel
 * first calls `begin(id)` with its global invocation id. `real()` is zero. A sum made by
 * `accumulate` has to be settled by `settle`. The sign of a double is the sign of its first word,
 * `high(x)`.
 */
export function real(arithmetic: Arithmetic): string {
  return arithmetic === 'single' ? single : arithmetic.real;
}

const single = `
alias real = f32;
fn begin(id: vec3u) {}
fn to_real(x: f32) -> real { return x; }
fn high(x: real) -> f32 { return x; }
fn add(a: real, b: real) -> real { return a + b; }
fn subtract(a: real, b: real) -> real { return a - b; }
fn multiply(a: real, b: real) -> real { return a * b; }
fn add_product(sum: real, a: real, b: real) -> real { return fma(a, b, sum); }
fn accumulate(sum: real, a: real, b: real) -> real { return fma(a, b, sum); }
fn settle(sum: real) -> real { return sum; }
fn storable(a: real) -> real { return a; }
fn divide(a: real, b: real) -> real { return a / b; }
fn square_root(a: real) -> real { return sqrt(a); }
fn exponential(a: real) -> real { return exp(a); }
fn logarithm(a: real) -> real { return log(a); }
// log(1 + a) for a >= 0. Up to 1 it is 2 artanh(s), s = a / (2 + a), so that no digit of a is lost.
fn log_of_one_plus(a: real) -> real {
  if (a > 1.0) { return log(1.0 + a); }
  let s = a / (2.0 + a);
  let t = s * s;
  return 2.0 * (s + s * (t * (${polynomial(
    't',
    [3, 5, 7, 9, 11, 13, 15].map((n) => 1 / n),
  )})));
}
fn greater(a: real, b: real) -> bool { return a > b; }
// Tests the bits, because compilers may assume that x != x never holds.
fn is_finite(a: real) -> bool { return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u; }
`;
