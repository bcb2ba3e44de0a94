import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { webgpuEnvironment } from './scripts/webgpu-environment.js';

// The workers inherit it; a process that is running cannot change where its own libraries are looked for.
Object.assign(process.env, await webgpuEnvironment());

// The workers inherit these, too. Printed, so that every failure can be repeated.
process.env.PROPERTY_RUNS ??= '200';
process.env.PROPERTY_SEED ??= '1971';
console.log(
  `Property tests: ${process.env.PROPERTY_RUNS} random cases each, from seed ${process.env.PROPERTY_SEED}` +
    ' (PROPERTY_RUNS, PROPERTY_SEED)',
);

export default defineConfig({
  test: {
    environment: 'node',
    include: ['{src,shaders,scripts,tests,bench}/**/*.test.ts'],
    pool: 'forks',
    // SwiftShader has a thread for each core in every worker. Two keep the cores busy while one of them compiles;
    // more than four only compete.
    maxWorkers: Math.min(4, Math.max(2, Math.floor(availableParallelism() / 2))),
    // A busy machine takes ten times as long for small work on a software adapter.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
