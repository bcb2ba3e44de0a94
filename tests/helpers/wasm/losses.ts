import type { CpuKernels } from '../../../src/cpu/kernels.ts';
import { PlainKernels } from '../../../src/cpu/plain-kernels.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import { type Arrays, temporarily } from './arrays.ts';

interface Given {
  weights?: readonly number[];
  /** Whether answers lie outside the kernels' memory. */
  elsewhere?: boolean;
}

/** The gradient of the hinge loss, by class weights where there are any. */
export function hingeFault(
  kernels: CpuKernels,
  logits: ArrayLike<number>,
  labels: Uint32Array,
  classes: number,
  { weights, elsewhere = false }: Given = {},
): Promise<string | undefined> {
  return temporarily(kernels, elsewhere, (arrays) => {
    const z = arrays.held(logits);
    const rows = z.length / classes;
    const [own, out] = [arrays.output(z), arrays.output(z.length)];
    const answers = elsewhere ? labels : arrays.kernels.placed(labels);
    complete(arrays.kernels.lossGradient('hinge', own, out, answers, rows, classes, weights));
    const expected = new Float64Array(z.length);
    const oracle = new PlainKernels(Float64Array);
    complete(oracle.lossGradient('hinge', z, expected, labels, rows, classes, weights));
    // The weight over the total, and its product with the number of classes, are rounded.
    return arrays.fault(out, expected, roundings(arrays, expected, 3), `d hinge of ${classes}`);
  });
}

/** The gradient of the squared error. */
export function squaredErrorFault(
  kernels: CpuKernels,
  values: ArrayLike<number>,
  targets: ArrayLike<number>,
  outputs: number,
  { elsewhere = false }: Given = {},
): Promise<string | undefined> {
  return temporarily(kernels, elsewhere, (arrays) => {
    const [z, t] = [arrays.held(values), arrays.held(targets)];
    const rows = z.length / outputs;
    const [own, out] = [arrays.output(z), arrays.output(z.length)];
    const answers = arrays.input(t);
    complete(arrays.kernels.lossGradient('squared-error', own, out, answers, rows, outputs, undefined));
    const expected = new Float64Array(z.length);
    const oracle = new PlainKernels(Float64Array);
    complete(oracle.lossGradient('squared-error', z, expected, t, rows, outputs, undefined));
    // A difference and a quotient are rounded.
    return arrays.fault(out, expected, roundings(arrays, expected, 2), `d squared error of ${outputs}`);
  });
}

/** So many roundings in the kernel, and as many in an oracle of the same precision. */
function roundings(arrays: Arrays, expected: Float64Array, count: number) {
  const both = arrays.kernels.Float === Float64Array ? 2 : 1;
  return (i: number) => both * count * arrays.unit * Math.abs(expected[i]) + arrays.least;
}
