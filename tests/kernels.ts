import type { Kernel } from '../shaders/kernel.ts';
import type { Arithmetic } from '../shaders/real.ts';
import { createDispatch, encode, STEP_STRIDE } from '../src/gpu/dispatch.ts';
import { GpuMemory } from '../src/gpu/memory.ts';
import { Readback } from '../src/gpu/readback.ts';

type Values = Float32Array | Float64Array | Uint32Array;

/** A kernel's storage buffers by name, in the order of its bindings. */
export type Tensors = Record<string, Values>;

export interface KernelRun {
  tensors: Tensors;
  /** 32-bit words of the uniform. */
  uniform: number[];
  extent: { x: number; y?: number };
  /** The step struct, in 32-bit words. */
  step?: number[];
  /** What the kernel was made for; real tensors are Float64Array in double precision. */
  arithmetic?: Arithmetic;
}

/** Runs a kernel once and returns all its tensors as they are afterwards. */
export async function runKernel<T extends Tensors>(
  device: GPUDevice,
  kernel: Kernel,
  run: KernelRun & { tensors: T },
): Promise<T> {
  const memory = new GpuMemory(device, run.arithmetic ?? 'single');
  const wordsOf = (values: Values) =>
    values.length * (values instanceof Uint32Array ? 1 : memory.format.words);
  const names = Object.keys(run.tensors);
  const buffers = names.map((name) => memory.upload(name, run.tensors[name]));
  const steps = memory.uniforms('steps', STEP_STRIDE);
  if (run.step) device.queue.writeBuffer(steps, 0, Uint32Array.from(run.step));
  const dispatch = await createDispatch(memory, {
    label: 'test',
    kernel,
    buffers,
    uniform: run.uniform,
    extent: run.extent,
    steps,
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(pass, [dispatch]);
  pass.end();
  const readback = new Readback(
    memory,
    names.reduce((sum, name) => sum + wordsOf(run.tensors[name]), 0),
  );
  names.forEach((name, i) => void readback.copy(encoder, buffers[i], wordsOf(run.tensors[name])));
  device.queue.submit([encoder.finish()]);
  const bytes = await readback.read();
  memory.destroy();
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      run.tensors[name] instanceof Uint32Array ? new Uint32Array(bytes[i]) : memory.format.decode(bytes[i]),
    ]),
  ) as T;
}
