import process from 'node:process';

// In one line, what the tests run on.
const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) throw new Error('requestAdapter() gave none');
const { description, vendor } = adapter.info;
console.log(`Deno ${process.versions.deno} (wgpu, Naga) on ${description || vendor}`);
