import type { CpuKernels } from '../../../src/cpu/kernels.ts';
import { PlainKernels } from '../../../src/cpu/plain-kernels.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import type { Activation } from '../../../src/types.ts';
import { type Arrays, temporarily } from './arrays.ts';

/** The largest error of each activation, in units in the last place. */
const ULPS: Record<Activation, number> = {
  identity: 0,
  relu: 0,
  'leaky-relu': 1,
  elu: 2,
  tanh: 3.5,
  sigmoid: 2.5,
  softplus: 3.5,
};

export const ACTIVATIONS = Object.keys(ULPS) as Activation[];

/** The largest error of an activation's output, with one unit for an oracle of the same precision. */
export function activationError(arrays: Arrays, activation: Activation, output: number): number {
  if (ULPS[activation] === 0) return 0;
  const ulps = ULPS[activation] + (arrays.kernels.Float === Float64Array ? 1 : 0);
  return ulps * arrays.ulp(output);
}

/** Numbers of every size, with those that are no ordinary ones. */
export function everySize(single: boolean): number[] {
  const [least, most] = single ? [-149, 127] : [-1074, 1023];
  const sizes = Array.from({ length: most - least + 1 }, (_, i) => 2 ** (least + i));
  const largest = 2 ** most * (single ? 2 - 2 ** -23 : 2 - 2 ** -52);
  const near = Array.from({ length: 1201 }, (_, i) => i / 30 + (i % 7) * 1e-4);
  const tiny = [1e-5, 1e-8, 3e-4, 0.3465, 0.3466, 87.3, 88.7, 103.9, 104.1, 708.4, 745.1, 745.2];
  const positive = [
    ...sizes,
    ...sizes.map((x) => 1.3 * x),
    ...near,
    ...tiny,
    largest,
    Number.POSITIVE_INFINITY,
  ];
  return [...positive, Number.NaN, ...positive.map((x) => -x), 0, -0];
}

/** Outputs of an activation for single numbers, which a layer of one weight hands through. */
export function activationFault(
  kernels: CpuKernels,
  activation: Activation,
  values: ArrayLike<number>,
): Promise<string | undefined> {
  return temporarily(kernels, false, (arrays) => {
    const held = arrays.held(values);
    // x·1 + (−0) is x, also for −0.
    const [weights, biases] = [Float64Array.of(1), Float64Array.of(-0)];
    const out = arrays.output(held.length);
    const own = { weights: arrays.input(weights), biases: arrays.input(biases) };
    complete(arrays.kernels.outputs(arrays.input(held), own, out, held.length, activation));
    const expected = new Float64Array(held.length);
    const oracle = new PlainKernels(Float64Array);
    complete(oracle.outputs(held, { weights, biases }, expected, held.length, activation));
    const tolerance = (i: number) => activationError(arrays, activation, expected[i]);
    const fault = arrays.fault(out, expected, tolerance, activation);
    return fault && `${fault}, from ${held[Number(/\[(\d+)\]/.exec(fault)?.[1])]}`;
  });
}

/** The roundings of each derivative and its product with a gradient, and those of keep·h that it takes on. */
const CHAIN: Record<Activation, [roundings: number, kept: number]> = {
  identity: [0, 0],
  relu: [0, 0],
  'leaky-relu': [2, 0],
  elu: [2, 1],
  tanh: [4, 2],
  sigmoid: [3, 1],
  softplus: [7, 1],
};

/** The largest error of a gradient of some size that comes from its derivative and the product with it. */
export function derivativeError(arrays: Arrays, activation: Activation, gradient: number): number {
  return 2 * arrays.unit * CHAIN[activation][0] * gradient + 2 * arrays.least;
}

/** Gradients on outputs, of which `spare` more have room than are used, times the derivative. */
export function chainFault(
  kernels: CpuKernels,
  activation: Activation,
  gradients: ArrayLike<number>,
  outputs: ArrayLike<number>,
  { keep = 1, spare = 0, elsewhere = false } = {},
): Promise<string | undefined> {
  return temporarily(kernels, elsewhere, (arrays) => {
    const [g, h] = [arrays.held(gradients), arrays.held(outputs)];
    const count = g.length - spare;
    const dY = arrays.output(g);
    complete(arrays.kernels.activationGradient(dY, arrays.input(h), count, activation, keep));
    const expected = g.slice();
    complete(new PlainKernels(Float64Array).activationGradient(expected, h, count, activation, keep));
    const [roundings, kept] = CHAIN[activation];
    const tolerance = (i: number) => {
      const dropout = keep < 1 ? kept * Math.abs(g[i] * h[i]) : 0;
      const underflow = Number.isFinite(g[i]) ? 2 * arrays.least * (1 + Math.abs(g[i])) : 0;
      return 2 * arrays.unit * (roundings * Math.abs(expected[i]) + dropout) + underflow;
    };
    return arrays.fault(dY.subarray(0, count), expected.subarray(0, count), tolerance, `d ${activation}`);
  });
}
