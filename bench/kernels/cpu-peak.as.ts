import { multiplyAdd, SIZE, vectorOf } from '../../src/cpu/wasm/real.as';

/**
 * `times` rounds of twelve independent vectors, each multiplied and added once: more than the latency
 * of an operation hides, and few enough for the registers.
 * @returns a number that depends on all of them
 */
export function multiplyAndAdd(times: i32, factor: f64, term: f64): f64 {
  const a = vectorOf(factor);
  const b = vectorOf(term);
  let c0 = vectorOf(0);
  let c1 = vectorOf(1);
  let c2 = vectorOf(2);
  let c3 = vectorOf(3);
  let c4 = vectorOf(4);
  let c5 = vectorOf(5);
  let c6 = vectorOf(6);
  let c7 = vectorOf(7);
  let c8 = vectorOf(8);
  let c9 = vectorOf(9);
  let c10 = vectorOf(10);
  let c11 = vectorOf(11);
  for (let i = 0; i < times; i++) {
    c0 = multiplyAdd(c0, a, b);
    c1 = multiplyAdd(c1, a, b);
    c2 = multiplyAdd(c2, a, b);
    c3 = multiplyAdd(c3, a, b);
    c4 = multiplyAdd(c4, a, b);
    c5 = multiplyAdd(c5, a, b);
    c6 = multiplyAdd(c6, a, b);
    c7 = multiplyAdd(c7, a, b);
    c8 = multiplyAdd(c8, a, b);
    c9 = multiplyAdd(c9, a, b);
    c10 = multiplyAdd(c10, a, b);
    c11 = multiplyAdd(c11, a, b);
  }
  c0 = v128.add<real>(v128.add<real>(c0, c1), v128.add<real>(c2, c3));
  c4 = v128.add<real>(v128.add<real>(c4, c5), v128.add<real>(c6, c7));
  c8 = v128.add<real>(v128.add<real>(c8, c9), v128.add<real>(c10, c11));
  return <f64>v128.extract_lane<real>(v128.add<real>(v128.add<real>(c0, c4), c8), 0);
}

/** Operations of a round. */
export const OPERATIONS: i32 = 2 * 12 * (16 / <i32>SIZE);
