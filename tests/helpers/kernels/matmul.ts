import { expect } from 'vitest';
import type { MatmulCandidate } from '../../../bench/kernels/candidates.ts';
import { relu } from '../../../shaders/lib/activation.ts';
import { ACTIVATIONS as OTHERS } from '../../../shaders/lib/activations.ts';
import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { ACTIVATIONS, addBiases } from '../../../src/cpu/activations.ts';
import { matrix, matmul as multiply, transpose } from '../../../src/cpu/matmul.ts';
import { compiled } from '../../../src/gpu/kernels/dispatch.ts';
import { bindEpilogue, type StoreBuffers, type UpdateBuffers } from '../../../src/gpu/kernels/epilogue.ts';
import type { MatmulShape } from '../../../src/gpu/kernels/matmul.ts';
import { createMatmul } from '../../../src/gpu/kernels/multiply.ts';
import { GpuMemory, type GpuTensor } from '../../../src/gpu/memory/memory.ts';
import type { RealFormat } from '../../../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../../../src/gpu/network/parameters.ts';
import { arithmeticOf } from '../../../src/gpu/profile/arithmetic.ts';
import { Commands } from '../../../src/gpu/submission/commands.ts';
import { Readback } from '../../../src/gpu/submission/readback.ts';
import type { Precision } from '../../../src/index.ts';
import type { Activation, FloatArray } from '../../../src/types.ts';
import { EPSILON } from '../oracle/compare.ts';
import { TestRandom } from '../random.ts';
import { stepWords, type Updatable, type UpdateSettings, updateOf } from './updates.ts';

export interface Operands {
  a: FloatArray;
  b: FloatArray;
  bias?: FloatArray;
  /** Outputs of the hidden layer (m×n); the product is the gradient with respect to them. */
  outputs?: FloatArray;
}

/** Standard normals in 32 bits; in double precision with a second word that is not 0. */
export function operands({ m, k, n }: MatmulShape, precision: Precision = 'single', bias = false): Operands {
  const random = new TestRandom(m + k + n);
  const draw = (count: number) => (precision === 'single' ? random.floats(count) : random.doubles(count));
  return { a: draw(m * k), b: draw(k * n), ...(bias && { bias: draw(n) }) };
}

/**
 * The product in float64 from the same operands, and for each entry the sum of the terms'
 * magnitudes.
 * @param activation is applied to the product, or is that of the outputs
 */
export function oracle(
  { form, m, k, n }: MatmulShape,
  { a, b, bias, outputs }: Operands,
  activation: Activation = 'identity',
) {
  const product = (x: Float64Array, y: Float64Array) => {
    const out = new Float64Array(m * n);
    const left = form === 'tn' ? transpose(x, m) : matrix(x, k);
    const right = form === 'nt' ? transpose(y, k) : matrix(y, n);
    multiply(left, right, matrix(out, n), m, k, n);
    return out;
  };
  const values = product(Float64Array.from(a), Float64Array.from(b));
  const sizes = product(Float64Array.from(a, Math.abs), Float64Array.from(b, Math.abs));
  if (bias) {
    addBiases(values, Float64Array.from(bias), m);
    addBiases(sizes, Float64Array.from(bias, Math.abs), m);
  }
  const { apply, chain } = ACTIVATIONS[activation];
  if (outputs) for (const numbers of [values, sizes]) chain(numbers, outputs, m * n);
  else apply(values, m * n);
  return { values, sizes };
}

/** The count of guard numbers behind each tensor: a read spoils a result, and a write is found. */
const BEHIND = 1000;

interface CandidateRun {
  precision: Precision;
  /** The candidate's output before the run. */
  written: Record<string, FloatArray>;
  result: (
    tensors: Record<string, GpuTensor>,
    step: Pick<UpdateBuffers, 'diverged' | 'steps'>,
  ) => StoreBuffers | UpdateBuffers;
  step?: (format: RealFormat) => number[];
}

/** Runs a candidate and reads its output, after a check that no guard was overwritten. */
async function runCandidate(
  device: GPUDevice,
  shape: MatmulShape,
  candidate: MatmulCandidate,
  operands: Operands,
  { precision, written, result, step }: CandidateRun,
): Promise<{ values: Record<string, FloatArray>; diverged: Uint32Array }> {
  const memory = new GpuMemory(device, await arithmeticOf(device, precision));
  const upload = (name: string, values: FloatArray, behind: number) => {
    const padded = new Float64Array(values.length + BEHIND).fill(behind);
    padded.set(values);
    return memory.upload(name, padded);
  };
  const tensors = Object.fromEntries([
    ...Object.entries(operands).map(([name, values]) => [name, upload(name, values, Number.NaN)]),
    ...Object.entries(written).map(([name, values]) => [name, upload(name, values, 7)]),
  ]);
  const diverged = memory.upload('diverged', Uint32Array.of(NOT_DIVERGED));
  const steps = memory.uniforms('steps', STEP_STRIDE);
  if (step) device.queue.writeBuffer(steps, 0, Uint32Array.from(step(memory.format)));
  const dispatches = createMatmul(
    memory,
    'test',
    shape,
    candidate,
    { a: tensors.a, b: tensors.b },
    bindEpilogue(result(tensors, { diverged, steps })),
  );
  await compiled(dispatches);
  const commands = new Commands(memory, 'test');
  commands.dispatch(dispatches);
  const names = Object.keys(written);
  const words = names.map((name) => (written[name].length + BEHIND) * memory.format.words);
  const readback = await Readback.create(
    memory,
    words.reduce((sum, count) => sum + count, 1),
  );
  readback.copy(commands, diverged, 1);
  names.forEach((name, i) => void readback.copy(commands, tensors[name], words[i]));
  await commands.submit();
  const [flag, ...bytes] = await readback.read();
  memory.destroy();
  const values = names.map((name, i) => {
    const all = memory.format.decode(bytes[i]);
    const { length } = written[name];
    const behind = all.subarray(length).findIndex((value) => value !== 7);
    expect(behind, `what ${candidate.name} wrote past ${name}`).toBe(-1);
    return [name, all.subarray(0, length)];
  });
  return { values: Object.fromEntries(values), diverged: new Uint32Array(flag) };
}

/** The product of a candidate. */
export async function runMatmul(
  device: GPUDevice,
  shape: MatmulShape,
  candidate: MatmulCandidate,
  tensors: Operands,
  { activation = 'identity', precision = 'single' }: { activation?: Activation; precision?: Precision } = {},
): Promise<FloatArray> {
  const text = { relu, ...OTHERS }[activation];
  const { values } = await runCandidate(device, shape, candidate, tensors, {
    precision,
    written: { product: new Float32Array(shape.m * shape.n).fill(7) },
    result: ({ bias, outputs, product }) => ({
      target: product,
      bias,
      ...(outputs ? { derivative: { activation: text, outputs } } : { activation: text }),
    }),
  });
  return values.product;
}

/** The state after a candidate's update, with the product as its gradient. */
export async function runUpdatingMatmul(
  device: GPUDevice,
  shape: MatmulShape,
  candidate: MatmulCandidate,
  tensors: Operands,
  { parameters, moments }: Updatable,
  { settings, precision }: { settings: UpdateSettings; precision: Precision },
): Promise<Updatable & { diverged: Uint32Array }> {
  const names = moments.map((_, m) => `moment ${m}`);
  const { values, diverged } = await runCandidate(device, shape, candidate, tensors, {
    precision,
    written: { parameters, ...Object.fromEntries(names.map((name, m) => [name, moments[m]])) },
    result: (buffers, step) => ({
      update: updateOf(settings),
      parameters: buffers.parameters,
      moments: names.map((name) => buffers[name]),
      ...step,
      penalized: true,
    }),
    step: (format) => stepWords(format, settings),
  });
  return { parameters: values.parameters, moments: names.map((name) => values[name]), diverged };
}

/**
 * The error bound of an entry: k roundings of products and k of sums, each at most half an epsilon
 * of the magnitudes added so far (Higham 2002, 3.1). In double-single a sum's second word gathers k
 * errors of 2⁻²⁴ and is rounded k times: k²·2⁻⁴⁸, as in Ogita, Rump and Oishi's Dot2, which is k² /
 * 16 epsilons.
 */
export function tolerance(sizes: Float64Array, k: number, precision: Precision = 'single') {
  const epsilons = k + 2 + (precision === 'single' ? 0 : k ** 2 / 16);
  return (i: number) => epsilons * EPSILON[precision] * sizes[i] + 1e-37;
}
