import { expect } from 'vitest';
import type { Arithmetic } from '../shaders/real.ts';
import { matrix, matmul as multiply, transpose } from '../src/cpu/matmul.ts';
import { addBiases } from '../src/cpu/relu.ts';
import type { FloatArray } from '../src/data/dataset.ts';
import { encode } from '../src/gpu/dispatch.ts';
import { createMatmul, type MatmulCandidate, type MatmulShape } from '../src/gpu/matmul.ts';
import { GpuMemory } from '../src/gpu/memory.ts';
import { Readback } from '../src/gpu/readback.ts';
import type { Precision } from '../src/index.ts';
import { EPSILON } from './compare.ts';
import { TestRandom } from './random.ts';

export interface Operands {
  a: FloatArray;
  b: FloatArray;
  bias?: FloatArray;
}

/** Normals in 32 bits; in double arithmetic with a second word that counts. */
export function operands(
  { m, k, n }: MatmulShape,
  arithmetic: Arithmetic = 'single',
  bias = false,
): Operands {
  const random = new TestRandom(m + k + n);
  const draw = (count: number) => (arithmetic === 'single' ? random.floats(count) : random.doubles(count));
  return { a: draw(m * k), b: draw(k * n), ...(bias && { bias: draw(n) }) };
}

/** The product in float64 from the same operands, and for each entry the sum of the terms' sizes. */
export function oracle({ form, m, k, n }: MatmulShape, { a, b, bias }: Operands, relu = false) {
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
    addBiases(values, Float64Array.from(bias), m, relu);
    addBiases(sizes, Float64Array.from(bias, Math.abs), m, false);
  }
  return { values, sizes };
}

/** The product that a candidate leaves. NaN lies behind the operands, so that reading past them shows. */
export async function runMatmul(
  device: GPUDevice,
  shape: MatmulShape,
  candidate: MatmulCandidate,
  { a, b, bias }: Operands,
  { relu = false, arithmetic = 'single' as Arithmetic } = {},
): Promise<FloatArray> {
  const { m, n } = shape;
  const memory = new GpuMemory(device, arithmetic);
  const upload = (name: string, values: FloatArray) => {
    const padded = new Float64Array(values.length + 1000).fill(Number.NaN);
    padded.set(values);
    return memory.upload(name, padded);
  };
  const behind = 1000;
  const product = memory.upload('product', new Float32Array(m * n + behind).fill(7));
  const finished = [...(bias ? [upload('bias', bias)] : []), product];
  const buffers = { a: upload('a', a), b: upload('b', b), finished };
  const epilogue = { bias: bias !== undefined, relu };
  const dispatches = await createMatmul(memory, 'test', shape, candidate, buffers, epilogue);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(pass, dispatches);
  pass.end();
  const words = (m * n + behind) * memory.format.words;
  const readback = new Readback(memory, words);
  readback.copy(encoder, product, words);
  device.queue.submit([encoder.finish()]);
  const values = memory.format.decode((await readback.read())[0]);
  memory.destroy();
  const written = values.subarray(m * n).findIndex((value) => value !== 7);
  expect(written, `what ${candidate.name} wrote past the product`).toBe(-1);
  return values.subarray(0, m * n);
}

/**
 * How far an entry may be off: k roundings of products and k of sums, each at most half an epsilon of the sizes added so far
 * (Higham 2002, 3.1). In double-single a sum's second word gathers k errors of 2⁻²⁴ and is rounded as often: k²·2⁻⁴⁸, as in
 * Ogita, Rump and Oishi's Dot2, which is k² / 16 epsilons.
 */
export function tolerance(sizes: Float64Array, k: number, precision: Precision = 'single') {
  const epsilons = k + 2 + (precision === 'single' ? 0 : k ** 2 / 16);
  return (i: number) => epsilons * EPSILON[precision] * sizes[i] + 1e-37;
}
