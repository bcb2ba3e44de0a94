import { cpus } from 'node:os';
import { plainLoops } from '../contestants/plain.ts';
import { spiralnet } from '../contestants/spiralnet.ts';
import { publish, readOptions } from '../options.js';
import { runSuite } from '../suite.ts';

/**
 * The benchmark in Node, or in Deno with a WebGPU of its own: the contestants that need no browser.
 */
async function main(): Promise<void> {
  const { json, markdown, ...options } = readOptions(process.argv.slice(2), 'node run.mjs');
  const native = globalThis.navigator?.gpu;
  if (!native) await provideWebGpu();
  const host = {
    date: new Date().toISOString().slice(0, 10),
    runtime: native ? `Deno ${process.versions.deno}` : `Node.js ${process.versions.node} with Dawn`,
    cpu: `${cpus().length} × ${cpus()[0].model}`,
  };
  publish(await runSuite([...spiralnet, plainLoops], options, host, console.log), { json, markdown });
}

/** Puts WebGPU where a browser has it. */
async function provideWebGpu(): Promise<void> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const request = gpu.requestAdapter.bind(gpu);
  // Dawn frees an adapter that JavaScript no longer refers to, even when a device of it is in use.
  const adapters: unknown[] = [];
  gpu.requestAdapter = async (options) => {
    const adapter = await request(options);
    adapters.push(adapter);
    return adapter;
  };
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
}

main().then(
  // Dawn's threads would keep the process alive.
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
