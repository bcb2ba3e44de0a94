import type { CpuKernels } from '../../../src/cpu/kernels.ts';
import type { FloatArray } from '../../../src/types.ts';
import { excess } from '../oracle/difference.ts';

/*
 * The checks of this folder run in Node and, with relaxed SIMD, in a page. Each gives the fault that it
 * finds as a text. The oracle is src/cpu/plain-kernels.ts in float64.
 */

const GUARD = 7;

/** The arrays of one operation, and what is found around those that it writes. */
export class Arrays {
  readonly kernels: CpuKernels;
  /** The unit of rounding: the largest relative error of one sum or product. */
  readonly unit: number;
  /** The least number above 0. */
  readonly least: number;
  /** Whether the inputs lie outside the kernels' memory. */
  readonly #elsewhere: boolean;
  readonly #guards: FloatArray[] = [];

  constructor(kernels: CpuKernels, elsewhere = false) {
    this.kernels = kernels;
    this.#elsewhere = elsewhere;
    const single = kernels.Float === Float32Array;
    this.unit = single ? 2 ** -24 : 2 ** -53;
    this.least = single ? 2 ** -149 : Number.MIN_VALUE;
  }

  /** The numbers that an oracle starts from, those of the precision. */
  held(values: ArrayLike<number>): Float64Array<ArrayBuffer> {
    return Float64Array.from(new this.kernels.Float(values));
  }

  /** An array that is only read. */
  input(values: ArrayLike<number>): FloatArray {
    const own = new this.kernels.Float(values);
    return this.#elsewhere ? own : this.kernels.placed(own);
  }

  /** An array that is written, full of NaN or with numbers. A guard stands behind it. */
  output(values: number | ArrayLike<number>): FloatArray {
    const length = typeof values === 'number' ? values : values.length;
    const out = this.kernels.floats(length).fill(Number.NaN);
    if (typeof values !== 'number') out.set(values);
    this.#guards.push(this.kernels.floats(1).fill(GUARD));
    return out;
  }

  /** The unit in the last place of a number. */
  ulp(value: number): number {
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    return Math.max(this.least, 2 ** (exponent + 1 + Math.log2(this.unit)));
  }

  /**
   * The fault of a result, if it has one: a number that the precision cannot hold must be the same
   * non-finite one, all others lie within a tolerance.
   */
  fault(
    actual: FloatArray,
    expected: Float64Array,
    tolerance: (index: number) => number,
    what: string,
  ): string | undefined {
    for (const [i, guard] of this.#guards.entries()) {
      if (guard[0] !== GUARD) return `${what}: the number behind output ${i} is ${guard[0]}`;
    }
    const finite = new this.kernels.Float(expected).map((x) => (Number.isFinite(x) ? 0 : x));
    for (const [i, limit] of finite.entries()) {
      if (limit !== 0 && !Object.is(actual[i], limit))
        return `${what}[${i}] is ${actual[i]}, expected ${limit}`;
    }
    const rest = (values: ArrayLike<number>) =>
      Float64Array.from(finite, (limit, i) => (limit === 0 ? values[i] : 0));
    return excess(rest(actual), rest(expected), (i) => (finite[i] === 0 ? tolerance(i) : 0), what);
  }
}

/** Does an operation on arrays that it alone has, in all its parts. */
export function temporarily<T>(
  kernels: CpuKernels,
  elsewhere: boolean | undefined,
  work: (arrays: Arrays) => T,
): Promise<T> {
  return kernels.temporarily(async (own) => work(new Arrays(own, elsewhere)));
}
