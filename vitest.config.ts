import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { compileKernels } from './scripts/wasm.js';
import { webgpuEnvironment } from './scripts/webgpu-environment.js';

await compileKernels();

// Workers inherit the environment. A running process cannot change where its own libraries are
// looked for.
Object.assign(process.env, await webgpuEnvironment());

// Workers inherit these, too. They are printed, so that a failure can be repeated.
process.env.TEST_TIER ??= 'default';
const all = process.env.TEST_TIER === 'all';
process.env.PROPERTY_RUNS ??= all ? '200' : '25';
process.env.PROPERTY_SEED ??= '1971';
console.log(
  `The tests of the tier ${process.env.TEST_TIER} (TEST_TIER: default or all). Property tests: ` +
    `${process.env.PROPERTY_RUNS} random cases each, from seed ${process.env.PROPERTY_SEED} (PROPERTY_RUNS, PROPERTY_SEED)`,
);

/** Tests that compile kernels. */
const GPU = '{shaders,src/gpu,src/trainer,tests/integration}/**/*.test.ts';
const EXCLUDED = '**/node_modules/**';
/**
 * In Deno a process keeps the memory of each finished step (docs/implementations.md), so that each
 * file of tests has its own process there.
 */
const isolate = 'Deno' in globalThis;

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['tests/helpers/setup.ts'],
    pool: 'forks',
    // SwiftShader has a thread for each core in every worker. Two workers keep the cores busy while
    // one compiles; more than four only compete.
    maxWorkers: Math.min(4, Math.max(2, Math.floor(availableParallelism() / 2))),
    // A busy machine takes ten times as long for small work on a software adapter.
    retry: Number(process.env.TEST_RETRIES ?? 0),
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 100_000 } },
    // The projects run one after the other. The files of a worker share its modules, its device and
    // compiled kernels, as no test replaces modules.
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['{src,scripts,tests,bench}/**/*.test.ts'],
          exclude: [EXCLUDED, GPU],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: [GPU],
          exclude: [EXCLUDED],
          isolate,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
