import { multiplyAdd, vectorOf } from './real.as';

/** ln 2 in two parts, the first with few bits, so that its multiples are exact. */
const LN2_HIGH: f64 = sizeof<real>() == 4 ? 0.693359375 : 6.93147180369123816490e-1;
const LN2_LOW: f64 = sizeof<real>() == 4 ? -2.12194440054690583e-4 : 1.90821492927058770002e-10;
const INVERSE_LN2: f64 = 1.44269504088896338700;
/** exp of a smaller number is 0. */
const LEAST: f64 = sizeof<real>() == 4 ? -104 : -746;
const BIAS: i32 = sizeof<real>() == 4 ? 127 : 1023;

/** exp(x) for x ≤ 0, to about one unit in the last place; NaN for NaN. */
@inline
export function exponential(x: v128): v128 {
  return sizeof<real>() == 4 ? shortExponential(x) : longExponential(x);
}

@inline
function shortExponential(x: v128): v128 {
  x = v128.max<real>(x, vectorOf(LEAST));
  const n = v128.nearest<real>(v128.mul<real>(x, vectorOf(INVERSE_LN2)));
  const r = remainder(x, n);
  return twoTo(multiplyAdd(series(r), r, vectorOf(1)), n);
}

/**
 * In double precision: the algorithm of fdlibm (Sun Microsystems 1993, e_exp.c), for the same bits everywhere.
 * Node 20 has it as `Math.exp`.
 */
@inline
function longExponential(x: v128): v128 {
  x = v128.max<real>(x, vectorOf(LEAST));
  const n = v128.trunc<real>(v128.sub<real>(v128.mul<real>(x, vectorOf(INVERSE_LN2)), vectorOf(0.5)));
  const high = v128.sub<real>(x, v128.mul<real>(n, vectorOf(LN2_HIGH)));
  const low = v128.mul<real>(n, vectorOf(LN2_LOW));
  const r = v128.sub<real>(high, low);
  const square = v128.mul<real>(r, r);
  let sum = vectorOf(4.13813679705723846039e-8);
  sum = v128.add<real>(v128.mul<real>(sum, square), vectorOf(-1.65339022054652515390e-6));
  sum = v128.add<real>(v128.mul<real>(sum, square), vectorOf(6.61375632143793436117e-5));
  sum = v128.add<real>(v128.mul<real>(sum, square), vectorOf(-2.77777777770155933842e-3));
  sum = v128.add<real>(v128.mul<real>(sum, square), vectorOf(1.66666666666666019037e-1));
  const c = v128.sub<real>(r, v128.mul<real>(square, sum));
  const share = v128.div<real>(v128.mul<real>(r, c), v128.sub<real>(vectorOf(2), c));
  const y = v128.sub<real>(vectorOf(1), v128.sub<real>(v128.sub<real>(low, share), high));
  return twoTo(y, n);
}

/** exp(x) − 1 for x ≤ 0, with all digits near 0; NaN for NaN. */
@inline
export function exponentialLessOne(x: v128): v128 {
  // exp(−40) is below the last digit of 1.
  x = v128.max<real>(x, vectorOf(-40));
  const n = v128.nearest<real>(v128.mul<real>(x, vectorOf(INVERSE_LN2)));
  const r = remainder(x, n);
  const power = twoTo(vectorOf(1), n);
  // 2ⁿ·exp(r) − 1 = 2ⁿ·(exp(r) − 1) + (2ⁿ − 1)
  return v128.add<real>(v128.mul<real>(power, v128.mul<real>(series(r), r)), v128.sub<real>(power, vectorOf(1)));
}

/** x − n·ln 2. */
@inline
function remainder(x: v128, n: v128): v128 {
  return v128.sub<real>(v128.sub<real>(x, v128.mul<real>(n, vectorOf(LN2_HIGH))), v128.mul<real>(n, vectorOf(LN2_LOW)));
}

/** (exp(r) − 1) / r for |r| ≤ ½·ln 2: the Taylor series Σ rᵏ / (k + 1)!. */
@inline
function series(r: v128): v128 {
  let sum = vectorOf(sizeof<real>() == 4 ? 1.0 / 5040 : 1.0 / 6227020800);
  if (sizeof<real>() == 8) {
    sum = multiplyAdd(sum, r, vectorOf(1.0 / 479001600));
    sum = multiplyAdd(sum, r, vectorOf(1.0 / 39916800));
    sum = multiplyAdd(sum, r, vectorOf(1.0 / 3628800));
    sum = multiplyAdd(sum, r, vectorOf(1.0 / 362880));
    sum = multiplyAdd(sum, r, vectorOf(1.0 / 40320));
    sum = multiplyAdd(sum, r, vectorOf(1.0 / 5040));
  }
  sum = multiplyAdd(sum, r, vectorOf(1.0 / 720));
  sum = multiplyAdd(sum, r, vectorOf(1.0 / 120));
  sum = multiplyAdd(sum, r, vectorOf(1.0 / 24));
  sum = multiplyAdd(sum, r, vectorOf(1.0 / 6));
  sum = multiplyAdd(sum, r, vectorOf(0.5));
  return multiplyAdd(sum, r, vectorOf(1));
}

/** x·2ⁿ for an n down to twice the least exponent: 2ⁿ itself may be too small for a number. */
@inline
function twoTo(x: v128, n: v128): v128 {
  const whole = sizeof<real>() == 4 ? i32x4.trunc_sat_f32x4_s(n) : i32x4.trunc_sat_f64x2_s_zero(n);
  const half = i32x4.shr_s(whole, 1);
  const rest = i32x4.sub(whole, half);
  return v128.mul<real>(v128.mul<real>(x, power(half)), power(rest));
}

/** 2ⁿ for the exponent n of a normal number, from its bits. */
@inline
function power(n: v128): v128 {
  const biased = i32x4.add(n, i32x4.splat(BIAS));
  return sizeof<real>() == 4 ? i32x4.shl(biased, 23) : i64x2.shl(i64x2.extend_low_i32x4_s(biased), 52);
}

/** ln(1 + u) for 0 ≤ u ≤ 1, with all digits near 0: 2·artanh(s), s = u / (2 + u), as a series. */
@inline
export function logarithmOfOnePlus(u: v128): v128 {
  const s = v128.div<real>(u, v128.add<real>(u, vectorOf(2)));
  const square = v128.mul<real>(s, s);
  let sum = vectorOf(sizeof<real>() == 4 ? 1.0 / 17 : 1.0 / 33);
  if (sizeof<real>() == 8) {
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 31));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 29));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 27));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 25));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 23));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 21));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 19));
    sum = multiplyAdd(sum, square, vectorOf(1.0 / 17));
  }
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 15));
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 13));
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 11));
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 9));
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 7));
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 5));
  sum = multiplyAdd(sum, square, vectorOf(1.0 / 3));
  sum = multiplyAdd(sum, square, vectorOf(1));
  return v128.mul<real>(v128.add<real>(s, s), sum);
}
