import { OutOfMemoryError } from '../errors.ts';
import type { BackendChoice, TrainingSetup } from '../options/setup.ts';
import { CpuEngine } from './engine.ts';
import { PlainKernels } from './plain-kernels.ts';
import { SHARED_TERMS, WasmKernels } from './wasm/kernels.ts';
import { Machine } from './wasm/machine.ts';

/**
 * An engine on the CPU: in WebAssembly, or in plain loops where that is not to be had or not wanted.
 * @param fallback why the engine replaces one on the GPU
 * @throws {LimitError} {OutOfMemoryError} if the network does not fit
 */
export async function createCpuEngine(
  setup: TrainingSetup,
  { threads, webAssembly }: Pick<BackendChoice, 'threads' | 'webAssembly'>,
  fallback?: string,
): Promise<CpuEngine> {
  const { precision } = setup;
  const plain = (reason: string) => {
    const Float = precision === 'single' ? Float32Array : Float64Array;
    return new CpuEngine(setup, new PlainKernels(Float), reason, fallback);
  };
  if (!webAssembly) return plain('WebAssembly was not wanted');
  let machine: Machine | undefined;
  try {
    machine = await Machine.create(precision, threadsFor(setup, threads));
    return new CpuEngine(setup, new WasmKernels(machine), machine.reason ?? 'the only candidate', fallback);
  } catch (error) {
    machine?.end();
    // Without a machine the error is WebAssembly's, whatever a browser makes of a policy.
    if (machine && !(error instanceof OutOfMemoryError)) throw error;
    return plain(reasonOf(error as Error));
  }
}

/** Why there is no WebAssembly for a network. */
function reasonOf(error: Error): string {
  if (error instanceof OutOfMemoryError || error instanceof RangeError) {
    return `WebAssembly has no memory for the network (${error.message})`;
  }
  if (typeof WebAssembly === 'undefined') return 'there is no WebAssembly here';
  return `WebAssembly is not allowed here (${error.message})`;
}

/** One core is for the page, or for what else the program does. */
const defaultThreads = () => Math.min(64, Math.max(1, (globalThis.navigator?.hardwareConcurrency ?? 1) - 1));

/** The threads that a network is worth. */
function threadsFor({ sizes, batchSize }: TrainingSetup, threads = defaultThreads()): number {
  const largest = Math.max(...sizes.slice(1).map((width, layer) => batchSize * sizes[layer] * width));
  return largest < SHARED_TERMS ? 1 : threads;
}
