import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { testGpu } from '../helpers/devices/gpu.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('the example in the README runs as printed, on the GPU', async () => {
  const root = join(import.meta.dirname, '../..');
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, example] = readme.match(/```ts\n([\s\S]*?)```/) ?? [];
  expect(example, 'a TypeScript example').toContain("from 'spiralnet'");

  vi.stubGlobal('navigator', { gpu: testGpu() });
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  // The file is inside the repository, so that it is compiled like every other module.
  const folder = await mkdtemp(join(import.meta.dirname, 'readme-'));
  try {
    const file = join(folder, 'example.ts');
    await writeFile(file, example.replace("'spiralnet'", "'../../../src/index.ts'"));
    await import(file);
  } finally {
    await rm(folder, { recursive: true });
  }
  const lines = log.mock.calls.map(([line]) => line);
  expect(lines.slice(0, 4)).toEqual(
    [0, 250, 500, 750].map((step) => expect.stringMatching(new RegExp(`^step ${step}: loss \\d\\.\\d{3}$`))),
  );
  expect(lines[4]).toMatch(/^accuracy (0\.9\d|1\.00) on webgpu$/);
});
