import type { Precision } from '../../types.ts';

/** The functions of `index.as.ts`. */
export interface KernelExports {
  /** Does the items `first` to before `end` of the operation that lies in memory, on this thread. */
  run(first: number, end: number, thread: number): void;
  /** Does them with all threads, in parts of `part` items. */
  share(first: number, end: number, part: number): void;
  /** Ends all threads. */
  stop(): void;
  /** Helps the other threads, as long as this one lives. */
  work(thread: number): void;
}

/** Compiled kernels. */
export interface KernelModule {
  /** What computes, for people. */
  name: string;
  module: WebAssembly.Module;
}

const compiled: Record<Precision, Promise<KernelModule> | undefined> = {
  single: undefined,
  double: undefined,
};

/**
 * The compiled kernels of a precision.
 * @throws where there is no WebAssembly with SIMD, and where a page's policy forbids it
 */
export function kernelModule(precision: Precision): Promise<KernelModule> {
  const known = compiled[precision];
  if (known) return known;
  const module = compile(precision);
  compiled[precision] = module;
  // The next trainer tries again: a network may have failed.
  module.catch(() => {
    compiled[precision] = undefined;
  });
  return module;
}

async function compile(precision: Precision): Promise<KernelModule> {
  const { single, relaxed, double } = await binaries();
  if (precision === 'single' && WebAssembly.validate(relaxed)) {
    return { name: 'WebAssembly, relaxed SIMD', module: await WebAssembly.compile(relaxed) };
  }
  const binary = precision === 'single' ? single : double;
  return { name: 'WebAssembly, SIMD', module: await WebAssembly.compile(binary) };
}

/** The compiled variants of the kernels. */
async function binaries(): Promise<Record<'single' | 'relaxed' | 'double', Uint8Array<ArrayBuffer>>> {
  const { PACKED, SIZES } = await import('./binaries.js');
  const packed = Uint8Array.from(atob(PACKED), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = await new Response(stream).arrayBuffer();
  let at = 0;
  const next = (size: number) => {
    at += size;
    return new Uint8Array(bytes, at - size, size);
  };
  const { single, relaxed, double } = SIZES;
  return { single: next(single), relaxed: next(relaxed), double: next(double) };
}
