import type { KernelExports } from './module.ts';

/*
 * A thread of the kernels in a browser, in a module of its own: a page's policy may allow no other.
 */

/** What a thread gets to begin. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  thread: number;
}

addEventListener('message', async ({ data }: MessageEvent<ThreadStart>) => {
  const { module, memory, thread } = data;
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  postMessage('ready');
  (exports as unknown as KernelExports).work(thread);
});
