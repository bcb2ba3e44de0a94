import type { Kernel } from '../../../shaders/lib/kernel.ts';
import { inParts } from '../../../shaders/lib/parts.ts';
import { LimitError } from '../../errors.ts';
import type { KernelBinding } from '../../types.ts';
import { LONG, type Rate } from '../device/rate.ts';
import { type GpuMemory, type GpuTensor, type Slice, sliceOf } from '../memory/memory.ts';
import { compile, type Pipeline, partLayout } from './pipelines.ts';

/** One kernel with its buffers, to run as often as wanted once it is {@link compiled}. */
export interface Dispatch {
  label: string;
  pipeline: Pipeline;
  bindGroup: GPUBindGroup;
  workgroups: readonly [number, number];
  /** Whether it reads what changes from step to step, so that it needs the step's offset. */
  perStep: boolean;
  /** The text that was compiled, and what it is bound to. */
  code: string;
  /** Invocations of a workgroup. */
  workgroup: number;
  bindings: readonly KernelBinding[];
  /** Names of the lines of a step's mathematics that it is for; see `src/step-operations.ts`. */
  computes: readonly string[];
  /** What it does, in multiply-adds or what takes as long: an estimate. Of one step, where it may make many. */
  work: number;
  /** How fast its pipeline is. */
  rate: Rate;
  /** Bound in group 1 where a dispatch may carry out a part of the workgroups: all of them. */
  whole: GPUBindGroup | undefined;
}

/** What a kernel is run on. */
export interface DispatchOptions {
  /** Operation and operand, such as `matmul weights 0`. */
  label: string;
  kernel: Kernel;
  /** In the order of the kernel's bindings, without `uniform` and `step`. */
  buffers: readonly GpuTensor[];
  /** 32-bit words of the kernel's uniform. */
  uniform: readonly number[];
  /** Elements to cover: a count, or columns and rows. */
  extent: { x: number; y?: number };
  /** The buffer that holds the steps' structs, for kernels that have a `step` binding. */
  steps?: GPUBuffer;
  /** Multiply-adds, or what takes as long; by default {@link ELEMENT} for each element. */
  work?: number;
}

/** Work on an element: its loads and stores, and at the most what Adam does with a parameter. */
const ELEMENT = 16;
/** What an operation in double-single arithmetic is made of. */
const DOUBLE = 16;

/** Distance between two steps' structs: dynamic offsets come in multiples of this on every device. */
export const STEP_STRIDE = 256;

/**
 * Binds a kernel to its buffers and begins to compile it. Makes buffers: within {@link allocating}.
 * @throws {LimitError} if it would take more workgroups than the device can dispatch
 */
export function createDispatch(memory: GpuMemory, options: DispatchOptions): Dispatch {
  const { label, kernel, extent } = options;
  const { device } = memory;
  const workgroups = layOut(device, kernel, extent, label);
  const count = workgroups[0] * workgroups[1];
  const { work: own = ELEMENT * extent.x * (extent.y ?? 1) } = options;
  const work = weighted(memory, own);
  const long = work > LONG && count > 1;
  const pipeline = compile(device, long ? inParts(kernel) : kernel, label);
  const { layout, rate } = pipeline;
  const bound = boundBy(memory, options);
  const entries = bound.map((resource, binding) => ({ binding, resource }));
  return {
    label,
    pipeline,
    bindGroup: device.createBindGroup({ label, layout, entries }),
    workgroups,
    perStep: kernel.bindings.includes('step'),
    code: pipeline.kernel.code,
    workgroup: kernel.workgroup,
    bindings: bindingsOf(kernel, bound),
    computes: [],
    work,
    rate,
    whole: long ? bindWhole(memory, label, workgroups) : undefined,
  };
}

/**
 * Waits until dispatches can run.
 * @throws {ShaderError} if the device refuses the text of a kernel, with the line
 * @throws {OutOfMemoryError} if there is no memory left for one
 */
export async function compiled(dispatches: readonly Dispatch[]): Promise<void> {
  await Promise.all(dispatches.map(({ pipeline }) => pipeline.compilation));
}

/** What goes to each of a kernel's bindings. */
function boundBy(memory: GpuMemory, { label, kernel, buffers, uniform, steps }: DispatchOptions): Slice[] {
  const storage = buffers[Symbol.iterator]();
  return kernel.bindings.map((binding, index) => {
    const tensor =
      binding === 'uniform'
        ? memory.uniform(`${label} shape`, uniform)
        : binding === 'step'
          ? steps
          : storage.next().value;
    if (!tensor) throw new Error(`${label}: no buffer for binding ${index} (${binding})`);
    const slice = sliceOf(tensor);
    return binding === 'step' ? { ...slice, size: STEP_STRIDE } : slice;
  });
}

function bindingsOf({ bindings }: Kernel, bound: readonly Slice[]): KernelBinding[] {
  return bindings.map((binding, index) => ({
    buffer: bound[index].buffer.label,
    access: binding === 'step' ? 'uniform' : binding,
  }));
}

/** Work in a memory's arithmetic, in operations of single precision. */
export function weighted({ format }: GpuMemory, work: number): number {
  return format.words === 1 ? work : DOUBLE * work;
}

/** The same dispatches, for these lines of a step's mathematics. */
export function computing(names: readonly string[], dispatches: readonly Dispatch[]): Dispatch[] {
  return dispatches.map((dispatch) => ({ ...dispatch, computes: names }));
}

/** Records a dispatch. @param stepOffset where the step's struct is, for those that read one */
export function encode(
  pass: GPUComputePassEncoder,
  { label, pipeline, bindGroup, workgroups, perStep, whole }: Dispatch,
  stepOffset: number,
): void {
  if (!pipeline.compiled) throw new Error(`${label} is not compiled yet.`);
  pass.setPipeline(pipeline.compiled);
  pass.setBindGroup(0, bindGroup, perStep ? [stepOffset] : []);
  if (whole) pass.setBindGroup(1, whole, [0]);
  pass.dispatchWorkgroups(workgroups[0], workgroups[1]);
}

/** The same for a part of it, bound in group 1 at an offset. */
export function encodePart(
  pass: GPUComputePassEncoder,
  { label, pipeline, bindGroup, perStep }: Dispatch,
  stepOffset: number,
  part: { bindGroup: GPUBindGroup; offset: number; workgroups: readonly [number, number] },
): void {
  if (!pipeline.compiled) throw new Error(`${label} is not compiled yet.`);
  pass.setPipeline(pipeline.compiled);
  pass.setBindGroup(0, bindGroup, perStep ? [stepOffset] : []);
  pass.setBindGroup(1, part.bindGroup, [part.offset]);
  pass.dispatchWorkgroups(part.workgroups[0], part.workgroups[1]);
}

/** What tells a kernel in parts that it is to do everything. */
function bindWhole(
  memory: GpuMemory,
  label: string,
  [across, down]: readonly [number, number],
): GPUBindGroup {
  const { device } = memory;
  const buffer = memory.uniform(`${label} whole`, [0, across, down]);
  const entries = [{ binding: 0, resource: { buffer } }];
  return device.createBindGroup({ label, layout: partLayout(device), entries });
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
  checkWorkgroups(device, label, Math.max(x, y));
  return [x, y];
}

/** @throws {LimitError} if a device cannot dispatch so many workgroups in a row */
export function checkWorkgroups({ limits }: GPUDevice, label: string, needed: number): void {
  const limit = 'maxComputeWorkgroupsPerDimension';
  const advice = 'Use a smaller batchSize, fewer rows or smaller layers.';
  if (needed > limits[limit])
    throw new LimitError(`The kernel '${label}'`, limit, needed, limits[limit], advice);
}
