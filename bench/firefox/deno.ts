import process from 'node:process';
import { serve } from './client.ts';

// Deno ends when a device is asked for its adapter's names after the adapter has been collected.
const adapters: unknown[] = [];
const request = navigator.gpu.requestAdapter.bind(navigator.gpu);
navigator.gpu.requestAdapter = async (options) => {
  const adapter = await request(options);
  adapters.push(adapter);
  return adapter;
};
await serve(process.argv[2], 'Deno');
process.exit(0);
