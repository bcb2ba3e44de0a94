import { expect } from 'vitest';
import { type Kernel, STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import type { Arithmetic } from '../../../shaders/lib/real.ts';
import { compiled, createDispatch, type Dispatch } from '../../../src/gpu/kernels/dispatch.ts';
import { GpuMemory } from '../../../src/gpu/memory/memory.ts';
import { arithmeticOf } from '../../../src/gpu/profile/arithmetic.ts';
import { Commands } from '../../../src/gpu/submission/commands.ts';
import { Readback } from '../../../src/gpu/submission/readback.ts';
import type { Precision } from '../../../src/index.ts';

type Values = Float32Array | Float64Array | Uint32Array;

/** Storage buffers by name. */
export type Tensors = Record<string, Values>;

/** The inputs of a kernel besides its buffers. */
interface Launch {
  /**
   * The kernel, or a function that makes the kernel for the device's arithmetic in the precision.
   */
  kernel: Kernel | ((arithmetic: Arithmetic) => Kernel);
  /** 32-bit words of the uniform. */
  uniform: number[];
  extent: { x: number; y?: number };
  /** The step struct, in 32-bit words. */
  step?: number[];
}

interface KernelRun extends Omit<Launch, 'kernel'> {
  /** Tensors in the order of the kernel's bindings. */
  tensors: Tensors;
  /** Default single. In double precision float tensors are Float64Array. */
  precision?: Precision;
}

/**
 * The count of guard numbers behind each tensor: more than a vector, so that an access past the end
 * meets one.
 */
const GUARDS = 9;
/** A guard is so large that it spoils every result, and exact in every precision. */
const GUARD = 2 ** 100;
const WORD_GUARD = 0xfffffffe;

function guarded(values: Values): Values {
  const guard = values instanceof Uint32Array ? WORD_GUARD : GUARD;
  const Values = values.constructor as new (length: number) => Values;
  const longer = new Values(values.length + GUARDS).fill(guard);
  longer.set(values);
  return longer;
}

/** The tensor without its guards, after a check that no guard was overwritten. */
function unguarded(name: string, values: Values): Values {
  const end = values.length - GUARDS;
  const guard = values instanceof Uint32Array ? WORD_GUARD : GUARD;
  expect(Array.from(values.subarray(end)), `behind ${name}`).toEqual(new Array(GUARDS).fill(guard));
  return values.slice(0, end);
}

/**
 * Runs a kernel once and returns all its tensors afterwards. A read past the end of a tensor spoils
 * the results; a write there fails.
 */
export async function runKernel<T extends Tensors>(
  device: GPUDevice,
  kernel: Launch['kernel'],
  { tensors, precision = 'single', ...launch }: KernelRun & { tensors: T },
): Promise<T> {
  return runKernels(device, precision, tensors, [{ kernel, ...launch, buffers: Object.keys(tensors) }]);
}

/**
 * Runs kernels one after the other, each with the tensors that `buffers` names, in the order of its
 * bindings. Intermediate tensors stay on the device, because two words may hold more bits than a
 * Float64Array.
 */
export async function runKernels<T extends Tensors>(
  device: GPUDevice,
  precision: Precision,
  tensors: T,
  launches: (Launch & { buffers: (keyof T & string)[] })[],
): Promise<T> {
  const arithmetic = await arithmeticOf(device, precision);
  const memory = new GpuMemory(device, arithmetic);
  const names = Object.keys(tensors);
  const uploads = names.map((name) => guarded(tensors[name]));
  const sizes = uploads.map(
    (values) => values.length * (values instanceof Uint32Array ? 1 : memory.format.words),
  );
  const buffers = uploads.map((values, i) => memory.upload(names[i], values));
  const dispatches = launches.map(({ kernel, uniform, extent, step, buffers: bound }) => {
    const steps = memory.uniforms('steps', STEP_STRIDE);
    if (step) device.queue.writeBuffer(steps, 0, Uint32Array.from(step));
    return createDispatch(memory, {
      label: 'test',
      kernel: typeof kernel === 'function' ? kernel(arithmetic) : kernel,
      buffers: bound.map((name) => buffers[names.indexOf(name)]),
      uniform,
      extent,
      steps,
    });
  });
  await compiled(dispatches);
  const commands = new Commands(memory, 'test');
  commands.dispatch(dispatches);
  const readback = await Readback.create(
    memory,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  buffers.forEach((buffer, i) => void readback.copy(commands, buffer, sizes[i]));
  await commands.submit();
  const bytes = await readback.read();
  memory.destroy();
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      unguarded(
        name,
        uploads[i] instanceof Uint32Array ? new Uint32Array(bytes[i]) : memory.format.decode(bytes[i]),
      ),
    ]),
  ) as T;
}

/**
 * Runs an operation on `values` and returns the first `length` numbers that it leaves in its
 * output. NaN lies behind the values, so that reading past them shows.
 */
export async function runOperation(
  device: GPUDevice,
  values: Float32Array,
  length: number,
  create: (memory: GpuMemory, from: GPUBuffer, to: GPUBuffer) => Dispatch[],
): Promise<Float32Array> {
  const memory = new GpuMemory(device, 'single');
  const padded = new Float32Array(values.length + 1000).fill(Number.NaN);
  padded.set(values);
  const from = memory.upload('values', padded);
  const to = memory.upload('output', new Float32Array(length).fill(Number.NaN));
  const dispatches = create(memory, from, to);
  await compiled(dispatches);
  const commands = new Commands(memory, 'test');
  commands.dispatch(dispatches);
  const readback = await Readback.create(memory, length);
  readback.copy(commands, to, length);
  await commands.submit();
  const [bytes] = await readback.read();
  memory.destroy();
  return new Float32Array(bytes);
}
