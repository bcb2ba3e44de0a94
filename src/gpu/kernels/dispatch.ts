import { type Kernel, PIECE_BINDING, STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { LimitError } from '../../errors.ts';
import type { KernelBinding } from '../../types.ts';
import { type GpuMemory, type GpuTensor, type Slice, sliceOf } from '../memory/memory.ts';
import { compile, type Pipeline } from './pipelines.ts';

/** One kernel with its buffers, to run as often as wanted once it is {@link compiled}. */
export interface Dispatch {
  label: string;
  pipeline: Pipeline;
  bindGroup: GPUBindGroup;
  workgroups: readonly [number, number];
  /** All its workgroups. */
  count: number;
  /** The kernel's uniform, with the piece that it runs behind it. */
  shape: GPUBuffer;
  /** Whether it reads what changes from step to step, so that it needs the step's offset. */
  perStep: boolean;
  /** The text that was compiled, and what it is bound to. */
  code: string;
  /** Invocations of a workgroup. */
  workgroup: number;
  bindings: readonly KernelBinding[];
  /** Names of the lines of a step's mathematics that it is for; see `src/step-operations.ts`. */
  computes: readonly string[];
  /** An estimate in multiply-adds, or what takes as long; of one step, where it may make many. */
  work: number;
}

/** What a kernel is run on. */
interface DispatchOptions {
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
const DOUBLE_COST = 16;

/** Where the piece begins behind a uniform, in bytes: every device allows such offsets. */
const PIECE_OFFSET = 256;

/**
 * Binds a kernel to its buffers and begins to compile it. Makes buffers: within {@link allocating}.
 * @throws {LimitError} if it would take more workgroups than the device can dispatch
 */
export function createDispatch(memory: GpuMemory, options: DispatchOptions): Dispatch {
  const { label, kernel, extent, uniform } = options;
  const { device } = memory;
  const workgroups = layOut(device, kernel, extent, label);
  const count = workgroups[0] * workgroups[1];
  const { work: own = ELEMENT * extent.x * (extent.y ?? 1) } = options;
  const work = weighted(memory, own);
  const pipeline = compile(device, kernel, label);
  const { layout } = pipeline;
  const padding = new Array<number>(PIECE_OFFSET / 4 - uniform.length).fill(0);
  const shape = memory.uniform(`${label} shape`, [...uniform, ...padding, 0, workgroups[0], count]);
  const piece = { buffer: shape, offset: PIECE_OFFSET };
  const bound = boundBy(options, shape);
  const entries = [
    ...bound.map((resource, binding) => ({ binding, resource })),
    { binding: PIECE_BINDING, resource: piece },
  ];
  return {
    label,
    pipeline,
    bindGroup: device.createBindGroup({ label, layout, entries }),
    workgroups,
    count,
    shape,
    perStep: kernel.bindings.includes('step'),
    code: kernel.code,
    workgroup: kernel.workgroup,
    bindings: bindingsOf(kernel, bound),
    computes: [],
    work,
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
function boundBy({ label, kernel, buffers, steps }: DispatchOptions, shape: GPUBuffer): Slice[] {
  const storage = buffers[Symbol.iterator]();
  return kernel.bindings.map((binding, index) => {
    if (binding === 'uniform') return { buffer: shape, offset: 0, size: PIECE_OFFSET };
    const tensor = binding === 'step' ? steps : storage.next().value;
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
  return format.words === 1 ? work : DOUBLE_COST * work;
}

/** The same dispatches, for these lines of a step's mathematics. */
export function computing(names: readonly string[], dispatches: readonly Dispatch[]): Dispatch[] {
  return dispatches.map((dispatch) => ({ ...dispatch, computes: names }));
}

/**
 * Records a dispatch.
 * @param stepOffset where the step's struct is, for those that read one
 * @param workgroups those of one piece, where it is not the whole; {@link setFirst} tells the first
 */
export function encode(
  pass: GPUComputePassEncoder,
  { label, pipeline, bindGroup, perStep, workgroups: whole }: Dispatch,
  stepOffset: number,
  workgroups: readonly [number, number] = whole,
): void {
  if (!pipeline.compiled) throw new Error(`${label} is not compiled yet.`);
  pass.setPipeline(pipeline.compiled);
  pass.setBindGroup(0, bindGroup, perStep ? [stepOffset] : []);
  pass.dispatchWorkgroups(workgroups[0], workgroups[1]);
}

/** Tells a dispatch with which workgroup it begins in what is submitted from now on. */
export function setFirst({ queue }: GPUDevice, { shape }: Dispatch, workgroup: number): void {
  queue.writeBuffer(shape, PIECE_OFFSET, Uint32Array.of(workgroup));
}

/** Workgroups that cover the extent. A long row is folded into two dimensions: `linearIndex`. */
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
