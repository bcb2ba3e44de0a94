import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDependencies } from '../../scripts/dependencies.js';
import { root } from '../../scripts/process.js';
import { install, type Packed, packLibrary } from './packed.ts';

/** Of all files of a bundle together, in bytes. */
interface Size {
  files: number;
  minified: number;
  compressed: number;
}

let packed: Packed;
let project: string;

beforeAll(async () => {
  await ensureDependencies('tests/bundlers');
  packed = await packLibrary();
  project = join(packed.folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await install(packed.tarball, project);
});

afterAll(() => packed?.remove());

/** What esbuild, rollup and webpack make of a program. */
async function bundled(code: string): Promise<[bundler: string, Size][]> {
  const script = join(root, 'tests/bundlers/bundle.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, project, code]);
  const sizes: Record<string, Size> = JSON.parse(stdout);
  expect(Object.keys(sizes)).toEqual(['esbuild', 'rollup', 'webpack']);
  return Object.entries(sizes);
}

test('an import that nothing is taken from costs nothing', async () => {
  for (const [bundler, { minified }] of await bundled("import 'spiralnet';")) {
    expect(minified, bundler).toBeLessThan(10);
  }
});

test.each(['spiral()', 'VERSION'])('a program that takes only %s is below 5 kB', async (use) => {
  const name = use.replace('()', '');
  const sizes = await bundled(`import { ${name} } from 'spiralnet'; console.log(${use});`);
  for (const [bundler, { files, minified }] of sizes) {
    expect(minified, bundler).toBeGreaterThan(20);
    expect(minified, bundler).toBeLessThanOrEqual(5000);
    expect(files, bundler).toBe(1);
  }
});

test('the whole library is below 77 kB, compressed', async () => {
  for (const [bundler, { compressed }] of await bundled(
    "import * as all from 'spiralnet'; console.log(all);",
  )) {
    expect(compressed, bundler).toBeGreaterThan(30_000);
    expect(compressed, bundler).toBeLessThanOrEqual(77_000);
  }
});
