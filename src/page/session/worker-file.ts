import type { Runner } from '../run/runner.ts';
import { RUNNER_LOADED } from '../run/runner-loaded.ts';
import address from '../run/worker.ts?worker&url';

/** The address of the worker's script, a bundle of its own with the whole library. */
export const WORKER: string = address;

/** Imports the worker's script into the page itself. */
export function importRunner(): Promise<typeof Runner> {
  return new Promise((resolve, reject) => {
    const loaded = (event: Event) => resolve((event as CustomEvent<typeof Runner>).detail);
    addEventListener(RUNNER_LOADED, loaded, { once: true });
    import(/* @vite-ignore */ new URL(WORKER, import.meta.url).href).catch(reject);
  });
}
