import type { CpuKernels } from '../../../src/cpu/kernels.ts';
import { PlainKernels } from '../../../src/cpu/plain-kernels.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import { type Arrays, temporarily } from './arrays.ts';

/** exp of a smaller number is 0 in both precisions. */
const LEAST_EXPONENT = -800;

/** For each row, the largest distance of a logit from the row's maximum whose exponential is not 0. */
function distances(logits: Float64Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const largest = Math.max(...own);
    return Math.max(0, ...own.map((z) => largest - z).filter((d) => d < -LEAST_EXPONENT));
  });
}

/**
 * The rounding of z − max makes an error of |z − max| units in exp, which has 4 of its own; a sum of
 * exponentials has one for each class, and factors and quotients have the rest.
 */
function toleranceOf(arrays: Arrays, logits: Float64Array, classes: number, expected: Float64Array) {
  const far = distances(logits, classes);
  const oracle = arrays.kernels.Float === Float64Array ? 2 : 1;
  return (i: number) => {
    const units = 2 * far[Math.floor(i / classes)] + 2 * classes + 14;
    return oracle * units * arrays.unit * Math.abs(expected[i]) + 2 * classes * arrays.least;
  };
}

/** Probabilities of rows, also in place, with room for `spare` more rows. */
export function softmaxFault(
  kernels: CpuKernels,
  logits: ArrayLike<number>,
  classes: number,
  { spare = 0, inPlace = false } = {},
): Promise<string | undefined> {
  return temporarily(kernels, false, (arrays) => {
    const z = arrays.held(logits);
    const all = arrays.output([...z, ...Array<number>(spare * classes).fill(1)]);
    const out = inPlace ? all : arrays.output(all.length);
    complete(arrays.kernels.softmax(all, out, z.length / classes, classes));
    const expected = new Float64Array(z.length);
    complete(new PlainKernels(Float64Array).softmax(z, expected, z.length / classes, classes));
    const tolerance = toleranceOf(arrays, z, classes, expected);
    return arrays.fault(out.subarray(0, z.length), expected, tolerance, `softmax of ${classes}`);
  });
}

/** The gradient of the cross-entropy, by class weights where there are any. */
export function crossEntropyFault(
  kernels: CpuKernels,
  logits: ArrayLike<number>,
  labels: Uint32Array,
  classes: number,
  weights?: readonly number[],
  elsewhere = false,
): Promise<string | undefined> {
  return temporarily(kernels, elsewhere, (arrays) => {
    const z = arrays.held(logits);
    const rows = z.length / classes;
    const [own, out] = [arrays.output(z), arrays.output(z.length)];
    const answers = elsewhere ? labels : arrays.kernels.placed(labels);
    complete(arrays.kernels.lossGradient('cross-entropy', own, out, answers, rows, classes, weights));
    const expected = new Float64Array(z.length);
    const oracle = new PlainKernels(Float64Array);
    complete(oracle.lossGradient('cross-entropy', z, expected, labels, rows, classes, weights));
    const tolerance = toleranceOf(arrays, z, classes, expected);
    return arrays.fault(out, expected, tolerance, `d cross-entropy of ${classes}`);
  });
}
