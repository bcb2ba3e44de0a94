import { WasmKernels } from '../../../src/cpu/wasm/kernels.ts';
import { Machine } from '../../../src/cpu/wasm/machine.ts';
import type { Precision } from '../../../src/index.ts';

/** Kernels in WebAssembly, with threads beside the caller's where there are to be more than one. */
export async function wasmKernels(precision: Precision, threads = 1): Promise<WasmKernels> {
  return new WasmKernels(await Machine.create(precision, threads));
}
