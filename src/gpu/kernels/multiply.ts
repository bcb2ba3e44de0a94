import { STRIP_TERMS } from '../../../shaders/lib/epilogue.ts';
import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import { matmul as matmulKernel, QUAD_WORKGROUP } from '../../../shaders/matmul.wgsl.ts';
import { sharedMatmul } from '../../../shaders/matmul-shared.wgsl.ts';
import { matmulStrips } from '../../../shaders/matmul-strips.wgsl.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { queueOf } from '../device/queue.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { createDispatch, type Dispatch, weighted } from './dispatch.ts';
import { type BoundEpilogue, bindEpilogue, type StoreBuffers, type UpdateBuffers } from './epilogue.ts';
import { chooseMatmul, extent, type Kind, type MatmulChoice, type MatmulShape } from './matmul.ts';

/** The operands of A·B, Aᵀ·B or A·Bᵀ (m×n), which is stored or used as a gradient. */
export function matmul(
  memory: GpuMemory,
  label: string,
  shape: MatmulShape,
  operands: { a: GpuTensor; b: GpuTensor },
  result: StoreBuffers | UpdateBuffers,
): Dispatch[] {
  const choice = chooseMatmul(shape, memory.device, memory.format.precision);
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
