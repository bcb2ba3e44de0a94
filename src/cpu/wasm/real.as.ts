/*
 * `real` is f32 or f64: the build compiles these files for each (scripts/wasm.js).
 */

/** Bytes of a number. */
export const SIZE: usize = sizeof<real>();
/** Numbers in a vector of 16 bytes. */
export const LANES: i32 = 16 / <i32>sizeof<real>();

/** a·b + c. In single precision it is rounded once, where the build allows that. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD && sizeof<real>() == 4
    ? f32x4.relaxed_madd(a, b, c)
    : v128.add<real>(v128.mul<real>(a, b), c);
}

/** A vector of one number. */
@inline
export function vectorOf(x: f64): v128 {
  return v128.splat<real>(<real>x);
}

/** A vector of the number at an address. */
@inline
export function splat(at: usize): v128 {
  return sizeof<real>() == 4 ? v128.load32_splat(at) : v128.load64_splat(at);
}
