import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.spec.ts'],
    // All tests share two browsers, and a software adapter has a thread for each core.
    fileParallelism: false,
    retry: Number(process.env.TEST_RETRIES ?? 0),
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
