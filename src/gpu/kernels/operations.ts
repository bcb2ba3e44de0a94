import { STRIP_TERMS } from '../../../shaders/lib/epilogue.ts';
import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import { matmul as matmulKernel, QUAD_WORKGROUP } from '../../../shaders/matmul.wgsl.ts';
import { sharedMatmul } from '../../../shaders/matmul-shared.wgsl.ts';
import { matmulStrips } from '../../../shaders/matmul-strips.wgsl.ts';
import { softmax as softmaxKernel } from '../../../shaders/softmax.wgsl.ts';
import { sum as sumKernel } from '../../../shaders/sum.wgsl.ts';
import { checkIterations, isSoftwareAdapter } from '../device/adapter.ts';
import { queueOf } from '../device/queue.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { createDispatch, type Dispatch, weighted } from './dispatch.ts';
import { type BoundEpilogue, bindEpilogue, type StoreBuffers, type UpdateBuffers } from './epilogue.ts';
import { chooseMatmul, extent, type Kind, type MatmulChoice, type MatmulShape } from './matmul.ts';

/*
 * The operations that several passes share: the tensors that each reads and writes, with their
 * shapes. All functions allocate: call them within `allocating`.
 */

/** The operands of A·B, Aᵀ·B or A·Bᵀ (m×n), which is stored or used as a gradient. */
export function matmul(
  memory: GpuMemory,
  label: string,
  shape: MatmulShape,
  operands: { a: GpuTensor; b: GpuTensor },
  result: StoreBuffers | UpdateBuffers,
): Dispatch[] {
  const choice = chooseMatmul(shape, memory.device, memory.format.arithmetic);
  return createMatmul(memory, label, shape, choice, operands, bindEpilogue(result));
}

/**
 * The dispatches that compute a product in a given way: one; two if the product is split; several
 * if its sums are cut because one workgroup would take too long. Allocates: call it within {@link
 * allocating}.
 * @throws {LimitError} if the product is too large for the device
 */
export function createMatmul(
  memory: GpuMemory,
  label: string,
  shape: MatmulShape,
  { kind, tile, vectors, split }: MatmulChoice,
  { a, b }: { a: GpuTensor; b: GpuTensor },
  { epilogue, buffers, uniform, steps, suffix }: BoundEpilogue,
): Dispatch[] {
  const { form, m, k, n } = shape;
  const { arithmetic } = memory.format;
  const strips = Math.ceil(k / STRIP_TERMS);
  const ranges = split ? [k] : termRanges(memory, k, { kind, tile });
  const options = {
    form,
    strips: split
      ? ('separate' as const)
      : ranges.length > 1
        ? ('some' as const)
        : strips > 1
          ? ('all' as const)
          : ('one' as const),
    epilogue: split ? {} : epilogue,
    vectors,
    arithmetic,
  };
  const target = split ? memory.reals(`strips of ${label}`, strips * m * n) : undefined;
  const kept = ranges.length > 1 ? [memory.reals(`sums of ${label}`, m * n)] : [];
  const { rows, columns } = extent({ kind, tile });
  const unroll = Math.min(4, k);
  const tiles = Math.ceil(m / rows) * Math.ceil(n / columns);
  const products = ranges.map((until, i) => {
    const from = i === 0 ? 0 : ranges[i - 1];
    const range = ranges.length > 1 ? [from, until] : [];
    return createDispatch(memory, {
      label: `matmul ${label}${range.length > 0 ? ` terms ${from} to ${until}` : ''}${target || until < k ? '' : suffix}`,
      kernel:
        kind === 'shared'
          ? sharedMatmul({ ...options, block: tile.rows })
          : matmulKernel({ ...options, tile, unroll, tail: k % unroll !== 0, quad: kind === 'quad' }),
      buffers: [a, b, ...(target ? [target] : buffers), ...kept],
      uniform: target ? [m, k, n] : [...uniform, m, k, n, ...range],
      steps,
      extent: split ? { x: tiles, y: strips } : { x: tiles },
      work: m * (until - from) * n,
    });
  });
  if (!target) return products;
  const sum = createDispatch(memory, {
    label: `matmul ${label} strips${suffix}`,
    kernel: matmulStrips(epilogue, arithmetic),
    buffers: [target, ...buffers],
    uniform: [...uniform, m, k, n],
    steps,
    extent: { x: m * n },
    work: strips * m * n,
  });
  return [...products, sum];
}

/**
 * The least factor by which a graphics card's workgroup is faster than the slowest known adapter.
 */
const GRAPHICS_CARD = 16;

/**
 * The terms at which the dispatches of a product end, so that no workgroup takes too long. Cutting
 * a dispatch into pieces does not shorten a workgroup.
 */
function termRanges(memory: GpuMemory, k: number, { kind, tile: { rows, columns } }: Kind): number[] {
  const workgroup = { register: WORKGROUP, quad: QUAD_WORKGROUP, shared: 1 }[kind];
  const fast = isSoftwareAdapter(memory.device.adapterInfo) ? 1 : GRAPHICS_CARD;
  const { mostUncut } = queueOf(memory.device).speed;
  const most = (fast * mostUncut) / weighted(memory, rows * columns * workgroup);
  const terms = Math.max(1, Math.floor(most / STRIP_TERMS)) * STRIP_TERMS;
  return Array.from({ length: Math.ceil(k / terms) }, (_, i) => Math.min(k, (i + 1) * terms));
}

/** The work on a logit: an exponential and several passes. */
const SOFTMAX = 24;

/**
 * The softmax of logits (rows×classes). With labels (rows) it gives the losses (rows), correct
 * (rows) and the gradient (rows×classes); without labels the probabilities (rows×classes) and the
 * predicted classes (rows).
 */
export function softmax(
  memory: GpuMemory,
  { rows, classes }: { rows: number; classes: number },
  tensors:
    | { logits: GpuTensor; labels: GpuTensor; losses: GpuTensor; correct: GpuTensor; gradient: GpuTensor }
    | { logits: GpuTensor; probabilities: GpuTensor; predicted: GpuTensor },
): Dispatch {
  const { device, format } = memory;
  // The kernel's loops go over the classes of a row three times.
  checkIterations(device.adapterInfo, `A softmax of ${classes} classes`, 3 * classes);
  const output = 'labels' in tensors ? 'loss' : 'probabilities';
  // A workgroup takes at most 64 rows, and no more than fit into the largest work that is not cut.
  const fitting = queueOf(device).speed.mostUncut / weighted(memory, SOFTMAX * classes);
  const workgroup = 2 ** Math.max(0, Math.floor(Math.log2(Math.min(WORKGROUP, fitting))));
  return createDispatch(memory, {
    label: `softmax ${output}`,
    kernel: softmaxKernel({ output, workgroup, arithmetic: format.arithmetic }),
    buffers:
      'labels' in tensors
        ? [tensors.logits, tensors.labels, tensors.losses, tensors.correct, tensors.gradient]
        : [tensors.logits, tensors.probabilities, tensors.predicted],
    uniform: [rows, classes],
    extent: { x: rows },
    work: SOFTMAX * rows * classes,
  });
}

/** Terms that one invocation of the sum kernel adds before more workgroups are used. */
const TERMS_PER_LANE = 64;

/** results[at] = scale·Σ values, or scale·Σ values²: a dispatch, or two for long vectors. */
export function sum(
  memory: GpuMemory,
  label: string,
  count: number,
  values: GpuTensor,
  results: GpuTensor,
  { at, square = false, scale = 1 }: { at: number; square?: boolean; scale?: number },
): Dispatch[] {
  const { format } = memory;
  const stage = (name: string, from: GpuTensor, to: GpuTensor, options: SumStage) =>
    createDispatch(memory, {
      label: `sum ${label}${name}`,
      kernel: sumKernel({ square: options.square, arithmetic: format.arithmetic }),
      buffers: [from, to],
      uniform: [...format.uniform(options.scale), options.count, options.at],
      extent: { x: options.workgroups * WORKGROUP },
      work: options.count,
    });
  const workgroups = Math.min(WORKGROUP, Math.ceil(count / (WORKGROUP * TERMS_PER_LANE)));
  if (workgroups === 1) {
    return [stage('', values, results, { count, workgroups, square, scale, at })];
  }
  const partial = memory.reals(`partial sums ${label}`, workgroups);
  return [
    stage(' first', values, partial, { count, workgroups, square, scale: 1, at: 0 }),
    stage(' second', partial, results, { count: workgroups, workgroups: 1, square: false, scale, at }),
  ];
}

interface SumStage {
  count: number;
  workgroups: number;
  square: boolean;
  scale: number;
  at: number;
}
