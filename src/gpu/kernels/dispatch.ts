import { type Kernel, PIECE_BINDING, STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { LimitError } from '../../errors.ts';
import type { KernelBinding } from '../../types.ts';
import { type GpuMemory, type GpuTensor, type Slice, sliceOf } from '../memory/memory.ts';
import { compile, type Pipeline } from './pipelines.ts';

/** A kernel with its buffers, which can run any number of times after {@link compiled}. */
export interface Dispatch {
  label: string;
  pipeline: Pipeline;
  bindGroup: GPUBindGroup;
  workgroups: readonly [number, number];
  /** The number of workgroups in total. */
  count: number;
  /** The kernel's uniform, followed by the piece of the kernel to run. */
  shape: GPUBuffer;
  /** Whether the kernel reads the step's struct and needs the struct's offset. */
  perStep: boolean;
  /** The text as compiled. */
  code: string;
  /** Invocations of a workgroup. */
  workgroup: number;
  bindings: readonly KernelBinding[];
  /** Names of the lines of a step that the kernel computes; see `src/step-operations.ts`. */
  computes: readonly string[];
  /**
   * The estimated work, in multiply-adds or equally long work; of one step if a dispatch makes
   * many.
   */
  work: number;
}

/** The kernel and the tensors of a dispatch. */
interface DispatchOptions {
  /** Operation and operand, such as `matmul weights 0`. */
  label: string;
  kernel: Kernel;
  /** The tensors, in the order of the kernel's bindings, without `uniform` and `step`. */
  buffers: readonly GpuTensor[];
  /** 32-bit words of the kernel's uniform. */
  uniform: readonly number[];
  /** The elements to cover: a count, or columns and rows. */
  extent: { x: number; y?: number };
  /** The buffer of step structs, for kernels with a `step` binding. */
  steps?: GPUBuffer;
  /** Multiply-adds, or equally long work; by default {@link ELEMENT} for each element. */
  work?: number;
}

/** The work on an element: its loads and stores, and at most Adam's update of a parameter. */
const ELEMENT = 16;
/** Operations of single precision in an operation of double-single arithmetic. */
const DOUBLE_COST = 16;

/** Bytes from the start of a uniform to its piece: every device allows multiples of 256. */
const PIECE_OFFSET = 256;

/**
 * Binds a kernel to its buffers and begins to compile it. Allocates: call it within {@link
 * allocating}.
 * @throws {LimitError} if the kernel needs more workgroups than the device can dispatch
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
 * @throws {ShaderError} with the line, if the device refuses the text of a kernel
 * @throws {OutOfMemoryError} if there is no memory left for a kernel
 */
export async function compiled(dispatches: readonly Dispatch[]): Promise<void> {
  await Promise.all(dispatches.map(({ pipeline }) => pipeline.compilation));
}

/** The part of a buffer for each of a kernel's bindings. */
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

/** Work in operations of single precision, from operations in the memory's arithmetic. */
export function weighted({ format }: GpuMemory, work: number): number {
  return format.words === 1 ? work : DOUBLE_COST * work;
}

/** The same dispatches, marked with the lines of a step that they compute. */
export function computing(names: readonly string[], dispatches: readonly Dispatch[]): Dispatch[] {
  return dispatches.map((dispatch) => ({ ...dispatch, computes: names }));
}

/**
 * Records a dispatch.
 * @param stepOffset bytes to the step's struct, for a kernel that reads it
 * @param workgroups columns and rows of a piece; default: all workgroups. {@link setFirst} sets the
 * first workgroup of a piece.
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

/** Sets the first workgroup of a dispatch in all later submissions. */
export function setFirst({ queue }: GPUDevice, { shape }: Dispatch, workgroup: number): void {
  queue.writeBuffer(shape, PIECE_OFFSET, Uint32Array.of(workgroup));
}

/**
 * The workgroups that cover the extent. A long row is folded into two dimensions, see
 * `linearIndex`.
 */
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
