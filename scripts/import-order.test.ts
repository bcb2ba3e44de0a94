import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root, tool } from './process.js';

/** Files with an import that goes against the order of the parts. */
const WRONG: Record<string, string> = {
  'src/gpu/device/static.ts': `export { x } from '../memory/memory.ts';`,
  'src/gpu/device/type.ts': `import type { X } from '../memory/memory.ts';\nexport type Y = X;`,
  'src/gpu/device/import-type.ts': `export type X = import('../memory/memory.ts').GpuMemory;`,
  'src/gpu/device/dynamic.ts': `export const x = async () => await import('../memory/memory.ts');`,
  'src/gpu/device/two-lines.ts': `export const x = import(\n  /* chunk */ '../memory/memory.ts'\n);`,
  'src/trainer/page.ts': `export const x = () => import('../page/main.tsx');`,
  'src/page/run/worker-of-view.ts': `export const x = new URL('../train/curves.tsx', import.meta.url);`,
  'src/page/run/checks/view.ts': `export { x } from '../../train/curves.tsx';`,
  'src/page/train/library.ts': `export { x } from '../../step-operations.ts';`,
  'src/recent.ts': `export { x } from './limits.ts';`,
  'src/data/bench.ts': `export { x } from '../../bench/suite.ts';`,
  'shaders/source.wgsl.ts': `export { x } from '../src/limits.ts';`,
  'bench/tests.ts': `export { x } from '../tests/helpers/devices/gpu.ts';`,
  'bench/contestants/page.ts': `export const x = import('../../src/page/run/runner.ts');`,
};

const RIGHT: Record<string, string> = {
  'src/gpu/memory/below.ts': `export const x = import('../device/loss.ts');`,
  'src/gpu/device/above.test.ts': `export { x } from '../memory/memory.ts';`,
  'src/trainer/lazy.ts': `export const x = () => import('../cpu/engine.ts');`,
  'src/page/run/checks/own.ts': `export { x } from '../../../index.ts';`,
  'src/page/inside/indent.ts': `export { x } from '../../indent.ts';`,
  'bench/kernels/library.ts': `export { x } from '../../src/gpu/kernels/matmul.ts';`,
  'bench/contestants/measure.ts': `export { x } from '../../src/page/measure/contestant.ts';`,
  'tests/helpers/bench.ts': `export { x } from '../../bench/suite.ts';`,
};

/** The files of `folder` in which the linter finds a wrong import. */
async function wrongImports(folder: string): Promise<string[]> {
  const biome = tool('@biomejs/biome', 'biome');
  const options = ['lint', '--reporter=json', `--config-path=${root}`, '--vcs-enabled=false', folder];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [biome, ...options], { cwd: root }, (_, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  return diagnostics
    .filter(({ category }) => category === 'plugin')
    .map(({ location }) => location.path.slice(location.path.indexOf(folder) + folder.length + 1));
}

test('an import against the order of the parts is an error, static or dynamic, in the library and in bench', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spiralnet-imports-'));
  try {
    for (const [name, text] of Object.entries({ ...WRONG, ...RIGHT })) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    expect((await wrongImports(folder)).sort()).toEqual(Object.keys(WRONG).sort());
  } finally {
    await rm(folder, { recursive: true });
  }
});
