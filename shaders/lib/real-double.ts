import type { DoubleArithmetic } from './real.ts';
import { polynomial } from './series.ts';

/**
 * A number as the WGSL text of a double-single constant, hidden from the compiler in both forms:
 * compilers that simplify nothing else still fold (1 + x) - 1.
 */
function constant(value: number): string {
  const high = Math.fround(value);
  return `hide(vec2f(${high}f, ${Math.fround(value - high)}f))`;
}

const LN_2 = Math.LN2;
/** The part of ln 2 beyond 48 bits. The float64 `Math.LN2` lacks -2.3190468138462996e-17. */
const REST_OF_LN_2 =
  LN_2 - Math.fround(LN_2) - Math.fround(LN_2 - Math.fround(LN_2)) + 2.3190468138462996e-17;

/** a = n·ln 2 + 16·r with |r| ≤ ln 2 / 32, and x = exp(16·r) − 1. */
const EXPONENTIAL_SERIES = `  let n = round(a.x * ${1 / LN_2}f);
  let reduced = add(add(a, multiply_f32(${constant(-LN_2)}, n)), to_real(${-REST_OF_LN_2}f * n));
  let r = reduced * 0.0625;
  let rest = ${polynomial('r.x', [1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320])};
  var x = add(${constant(1 / 6)}, two_product(rest, r.x));
  x = add(${constant(0.5)}, multiply(x, r));
  x = add(r, multiply(x, multiply(r, r)));
  for (var i = 0; i < 4; i++) { x = add(2.0 * x, multiply(x, x)); }`;

/**
 * Sums and products of two f32 without error are Knuth's and Dekker's. The operations on pairs are
 * those of Hida, Li and Bailey's QD library ("Algorithms for quad-double precision floating point
 * arithmetic", 2001), but a bit mask splits factors instead of a multiplication: a mask neither
 * overflows nor can be simplified.
 *
 * - `hidden_zero` is 0, because no dispatch has a third dimension; no compiler can know that.
 * - `two_sum`: a + b and its rounding error; `fast_two_sum`: the same if |a| ≥ |b| or a is 0.
 * - `two_product`: a·b and its rounding error. Halves of at most 12 bits have exact products.
 * - `accumulate`: `add_product` for long sums, at two thirds of its cost. The second word gathers
 * the errors of the first, and `settle` adds them at the end (Ogita, Rump, Oishi: Accurate sum
 * and dot product, 2005).
 * - `storable`: the number rounded to a float64, so that it is the same after it has been read and
 * written back. The second word may be so small that its last bits are beyond the 53rd: its last
 * bit counts 2^(exponent − 150), and that of a float64 as large as the first word
 * 2^(exponent − 179).
 * - `multiply_f32`: the product with a number that is exact in f32.
 * - `exponential`: exp(a) = 2ⁿ·exp(16·r / 16) with |r| ≤ ln 2 / 32. After the series of exp(r) − 1,
 * four rounds of x ← 2x + x² square 1 + x without ever adding the 1, so that the small part keeps
 * its digits. 2ⁿ comes in two factors, because 2ⁿ alone may be out of range while the result is
 * not.
 * - `logarithm`: log(2ⁿ·m) = n·ln 2 + 2·artanh(s), s = (m − 1) / (m + 1), with m between 1/√2 and
 * √2, so that nothing cancels near 1.
 * - `log_of_one_plus`: log(1 + a) for a ≥ 0; up to √2 − 1 it is 2·artanh(s), s = a / (2 + a), so that
 * no digit of a is lost.
 */
const doubleSingle = `
alias real = vec2f;

var<private> hidden_zero: u32;
fn begin(id: vec3u) { hidden_zero = id.z; }
fn hide(x: vec2f) -> vec2f { return bitcast<vec2f>(bitcast<vec2u>(x) ^ vec2u(hidden_zero)); }

fn to_real(x: f32) -> real { return vec2f(x, 0.0); }
fn high(x: real) -> f32 { return x.x; }

fn two_sum(a: f32, b: f32) -> vec2f {
  let sum = keep(a + b);
  let b_part = keep(sum - a);
  let a_part = keep(sum - b_part);
  return vec2f(sum, keep(a - a_part) + keep(b - b_part));
}

fn fast_two_sum(a: f32, b: f32) -> vec2f {
  let sum = keep(a + b);
  return vec2f(sum, b - keep(sum - a));
}

fn two_product(a: f32, b: f32) -> vec2f {
  let product = keep(a * b);
  let a_high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b_high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a_low = a - a_high;
  let b_low = b - b_high;
  let rest = keep(keep(a_high * b_high - product) + a_high * b_low) + a_low * b_high;
  return vec2f(product, keep(rest) + a_low * b_low);
}

fn add(a: real, b: real) -> real {
  let highs = two_sum(a.x, b.x);
  let lows = two_sum(a.y, b.y);
  let sum = fast_two_sum(highs.x, highs.y + lows.x);
  return fast_two_sum(sum.x, sum.y + lows.y);
}

fn subtract(a: real, b: real) -> real { return add(a, -b); }

fn multiply(a: real, b: real) -> real {
  let product = two_product(a.x, b.x);
  return fast_two_sum(product.x, product.y + (a.x * b.y + a.y * b.x));
}

fn add_product(sum: real, a: real, b: real) -> real { return add(sum, multiply(a, b)); }

fn accumulate(sum: real, a: real, b: real) -> real {
  let product = two_product(a.x, b.x);
  let total = two_sum(sum.x, product.x);
  return vec2f(total.x, sum.y + (total.y + (product.y + (a.x * b.y + a.y * b.x))));
}

fn settle(sum: real) -> real { return fast_two_sum(sum.x, sum.y); }

fn storable(a: real) -> real {
  let bits = bitcast<vec2u>(a);
  let exponents = (bits >> vec2u(23u)) & vec2u(0xffu);
  let beyond = i32(exponents.x) - i32(max(exponents.y, 1u)) - 29;
  let kept = select(0xffffffffu << u32(clamp(beyond, 0, 31)), 0u, beyond > 23);
  return bitcast<vec2f>(vec2u(bits.x, bits.y & kept));
}

fn multiply_f32(a: real, b: f32) -> real {
  let product = two_product(a.x, b);
  return fast_two_sum(product.x, product.y + a.y * b);
}

fn divide(a: real, b: real) -> real {
  let first = a.x / b.x;
  var rest = subtract(a, multiply_f32(b, first));
  let second = rest.x / b.x;
  rest = subtract(rest, multiply_f32(b, second));
  let quotient = fast_two_sum(first, second);
  return add(quotient, to_real(rest.x / b.x));
}

fn square_root(a: real) -> real {
  let first = sqrt(a.x);
  if (!(first > 0.0)) { return to_real(first); }
  let rest = subtract(a, two_product(first, first));
  return fast_two_sum(first, rest.x / (2.0 * first));
}

fn exponential(a: real) -> real {
  if (!(a.x > -150.0)) { return select(real(), a, !(a.x <= -150.0)); }
${EXPONENTIAL_SERIES}
  x = add(${constant(1)}, x);
  let half = i32(n) / 2;
  return x * power_of_two(half) * power_of_two(i32(n) - half);
}

fn power_of_two(n: i32) -> f32 { return bitcast<f32>(u32(clamp(n, -126, 127) + 127) << 23u); }

fn logarithm(a: real) -> real {
  if (!(a.x > 0.0) || !is_finite(a)) { return to_real(log(a.x)); }
  let bits = bitcast<u32>(a.x);
  let n = i32(bits >> 23u) - 127 + select(0, 1, (bits & 0x7fffffu) > ${0x3504f3}u);
  let half = n / 2;
  let m = a * power_of_two(-half) * power_of_two(half - n);
  let s = divide(add(m, ${constant(-1)}), add(m, ${constant(1)}));
  return add(multiply_f32(${constant(LN_2)}, f32(n)), twice_artanh(s));
}

fn log_of_one_plus(a: real) -> real {
  if (!(a.x <= 0.414f)) { return logarithm(add(a, ${constant(1)})); }
  return twice_artanh(divide(a, add(a, ${constant(2)})));
}

fn twice_artanh(s: real) -> real {
  let t = multiply(s, s);
  let rest = ${polynomial(
    't.x',
    [9, 11, 13, 15, 17, 19, 21].map((n) => 1 / n),
  )};
  var x = add(${constant(1 / 7)}, two_product(rest, t.x));
  x = add(${constant(1 / 5)}, multiply(x, t));
  x = add(${constant(1 / 3)}, multiply(x, t));
  return 2.0 * add(s, multiply(multiply(x, t), s));
}

fn greater(a: real, b: real) -> bool { return a.x > b.x || (a.x == b.x && a.y > b.y); }

fn is_finite(a: real) -> bool {
  return (bitcast<u32>(a.x) & 0x7f800000u) != 0x7f800000u && (bitcast<u32>(a.y) & 0x7f800000u) != 0x7f800000u;
}
`;

/**
 * `exponential_minus_one`: exp(a) − 1 = 2ⁿ·x + (2ⁿ − 1), so that nothing cancels where n is 0. A 2ⁿ
 * that is too small for 32 bits is nothing beside −1.
 */
const doubleFunctions = `
fn one() -> real { return ${constant(1)}; }

fn magnitude(a: real) -> real { return select(a, -a, a.x < 0.0); }

fn exponential_minus_one(a: real) -> real {
  if (a.x <= -150.0) { return -one(); }
${EXPONENTIAL_SERIES}
  let scale = power_of_two(i32(n));
  return add(x * scale, add(to_real(scale), -one()));
}
`;

/** Double-single arithmetic in which compilers see every operation. */
export const double: DoubleArithmetic = {
  name: 'double',
  real: `
fn keep(x: f32) -> f32 { return x; }
${doubleSingle}`,
  functions: doubleFunctions,
  constant,
};

/** {@link double} with every intermediate sum hidden from compilers that would simplify it away. */
export const guardedDouble: DoubleArithmetic = {
  ...double,
  name: 'guarded double',
  real: `
fn keep(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ hidden_zero); }
${doubleSingle}`,
};
