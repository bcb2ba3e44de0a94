import type { Kernel } from '../../shaders/kernel.ts';
import { LimitError } from '../errors.ts';
import { type GpuMemory, sliceOf, type Tensor } from './memory.ts';
import { compile } from './pipelines.ts';

/** One kernel with its buffers, ready to run as often as wanted. */
export interface Dispatch {
  label: string;
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  workgroups: readonly [number, number];
  /** Whether it reads what changes from step to step, so that it needs the step's offset. */
  perStep: boolean;
  /** The text that was compiled. */
  code: string;
  /** Names of the lines of a step's mathematics that it is for; see `src/step-operations.ts`. */
  computes: readonly string[];
}

/** What a kernel is run on. */
export interface DispatchOptions {
  /** Operation and operand, such as `matmul weights 0`. */
  label: string;
  kernel: Kernel;
  /** In the order of the kernel's bindings, without `uniform` and `step`. */
  buffers: readonly Tensor[];
  /** 32-bit words of the kernel's uniform. */
  uniform: readonly number[];
  /** Elements to cover: a count, or columns and rows. */
  extent: { x: number; y?: number };
  /** The buffer that holds the steps' structs, for kernels that have a `step` binding. */
  steps?: GPUBuffer;
}

/** Distance between two steps' structs: dynamic offsets come in multiples of this on every device. */
export const STEP_STRIDE = 256;

/**
 * Compiles a kernel and binds it to its buffers.
 * @throws {ShaderError} if it does not compile
 * @throws {LimitError} if it would take more workgroups than the device can dispatch
 */
export async function createDispatch(memory: GpuMemory, options: DispatchOptions): Promise<Dispatch> {
  const { label, kernel, extent } = options;
  const { device } = memory;
  const workgroups = layOut(device, kernel, extent, label);
  const { pipeline, layout } = await compile(device, kernel, label);
  const storage = options.buffers[Symbol.iterator]();
  const entries = kernel.bindings.map((binding, index) => {
    const tensor =
      binding === 'uniform'
        ? memory.uniform(`${label} shape`, options.uniform)
        : binding === 'step'
          ? options.steps
          : storage.next().value;
    if (!tensor) throw new Error(`${label}: no buffer for binding ${index} (${binding})`);
    const slice = sliceOf(tensor);
    return { binding: index, resource: binding === 'step' ? { ...slice, size: STEP_STRIDE } : slice };
  });
  const bindGroup = device.createBindGroup({ label, layout, entries });
  const perStep = kernel.bindings.includes('step');
  return { label, pipeline, bindGroup, workgroups, perStep, code: kernel.code, computes: [] };
}

/** The same dispatches, for these lines of a step's mathematics. */
export function computing(names: readonly string[], dispatches: readonly Dispatch[]): Dispatch[] {
  return dispatches.map((dispatch) => ({ ...dispatch, computes: names }));
}

/** Records dispatches in order; each sees what the ones before it wrote. */
export function encode(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[], stepOffset = 0): void {
  for (const { pipeline, bindGroup, workgroups, perStep } of dispatches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup, perStep ? [stepOffset] : []);
    pass.dispatchWorkgroups(workgroups[0], workgroups[1]);
  }
}

/** Workgroups that cover the extent. A long row of them is folded into two dimensions; see `linearIndex`. */
function layOut(
  device: GPUDevice,
  { covers }: Kernel,
  extent: DispatchOptions['extent'],
  label: string,
): [number, number] {
  const available = device.limits.maxComputeWorkgroupsPerDimension;
  let x = Math.ceil(extent.x / covers.x);
  let y = Math.ceil((extent.y ?? 1) / covers.y);
  if (extent.y === undefined && x > available) {
    y = Math.ceil(x / available);
    x = available;
  }
  const needed = Math.max(x, y);
  if (needed > available) {
    const advice = 'Use a smaller batchSize, fewer rows or smaller layers.';
    throw new LimitError(
      `The kernel '${label}'`,
      'maxComputeWorkgroupsPerDimension',
      needed,
      available,
      advice,
    );
  }
  return [x, y];
}
