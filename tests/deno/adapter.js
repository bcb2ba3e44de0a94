import process from 'node:process';

// One line of output names the adapter of the tests.
const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) throw new Error('requestAdapter() gave none');
const { description, vendor } = adapter.info;
console.log(`Deno ${process.versions.deno} (wgpu, Naga) on ${description || vendor}`);
