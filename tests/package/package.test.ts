import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reachable } from '../../scripts/declarations.js';
import { packageFolder, readLicence } from '../../scripts/licences.js';
import { root } from '../../scripts/process.js';
import { install, type Packed, packLibrary, readJson } from './packed.ts';

/** All that may be in the package. */
const ALLOWED = [
  /^(CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|README\.md|package\.json)$/,
  /^docs\/[a-z-]+\.(md|png)$/,
  /^dist\/library\/(licences\.txt|spiralnet\.js|spiralnet\.js\.map)$/,
  /^dist\/library\/(shaders|src)\/([a-z]+\/)*[a-z-]+(\.wgsl)?\.d\.ts$/,
  /^shaders\/([a-z-]+\.wgsl|lib\/[a-z-]+|lib\/wgsl-preprocessor\.d)\.ts$/,
  /^src\/((checks|cpu|data|gpu|options|trainer)\/([a-z]+\/)?)?[a-z-]+\.ts$/,
];

let packed: Packed;
/** The package as it is installed in a project that has nothing else. */
let folder: string;
let paths: string[];

beforeAll(async () => {
  packed = await packLibrary();
  paths = packed.files.map(({ path }) => path);
  const project = join(packed.folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await install(packed.tarball, project);
  folder = join(project, 'node_modules', 'spiralnet');
});

afterAll(() => packed?.remove());

test('the package has what it should and nothing else', async () => {
  expect(paths.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)))).toEqual([]);
  expect((await filesOf(folder)).sort()).toEqual([...paths].sort());

  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const links = Array.from(readme.matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, link]) => link);
  expect(links).toContain('docs/page.png');
  const missing = links.filter((link) => !paths.some((path) => path === link || path.startsWith(`${link}/`)));
  expect(missing, 'what the README links to').toEqual([]);
});

test('the package is no larger than it should be', async () => {
  const { size, unpackedSize, files } = packed;
  expect(size).toBeLessThan(1_200_000);
  expect(unpackedSize).toBeLessThan(2_400_000);
  const module = files.find(({ path }) => path === 'dist/library/spiralnet.js');
  expect(module?.size).toBeLessThan(400_000);
});

test('nothing in the package tells of the machine that made it', async () => {
  const traces = /file:\/\/\/|(?<![\w.~/])\/(home|Users|root|tmp|var|work|opt|mnt)\/|\b[A-Z]:\\\\?[A-Za-z]/;
  for (const path of paths.filter((name) => !name.endsWith('.png'))) {
    const text = await readFile(join(folder, path), 'utf8');
    expect(traces.exec(text)?.[0], path).toBeUndefined();
    expect(text, path).not.toContain(root);
  }
});

test('the source map has every source, as it is in the package', async () => {
  const map = await readJson(folder, 'dist/library/spiralnet.js.map');
  const sources: string[] = map.sources;
  expect(sources).toContain('../../src/index.ts');
  expect(map.sourcesContent).toHaveLength(sources.length);
  for (const [index, source] of sources.entries()) {
    const bundled = /^npm:(.*)$/.exec(source)?.[1];
    const file = bundled ? join(root, 'node_modules', bundled) : join(folder, 'dist/library', source);
    expect(map.sourcesContent[index], source).toBe(await readFile(file, 'utf8'));
  }
  const code = await readFile(join(folder, 'dist/library/spiralnet.js'), 'utf8');
  expect(code).toMatch(/\n\/\/# sourceMappingURL=spiralnet\.js\.map\n?$/);
});

test('only the declarations of what is exported are in the package', async () => {
  const declarations = paths.filter((path) => path.startsWith('dist/') && path.endsWith('.d.ts'));
  const needed = reachable(join(folder, 'dist/library/src/index.d.ts'));
  expect(declarations.map((path) => join(folder, path)).sort()).toEqual([...needed].sort());
});

test('package.json says what the package is', async () => {
  const manifest = await readJson(folder, 'package.json');
  expect(manifest).toMatchObject({
    name: 'spiralnet',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: (await readJson(root, 'package.json')).engines,
  });
  for (const field of ['dependencies', 'optionalDependencies', 'bundleDependencies']) {
    expect(manifest, 'at run time it needs nothing').not.toHaveProperty(field);
  }
  // npm runs these at whoever installs the package.
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    expect(manifest.scripts).not.toHaveProperty(script);
  }
  expect(Object.keys(manifest.exports)).toEqual(['.', './package.json']);
  // The first condition that holds is taken.
  expect(Object.keys(manifest.exports['.'])).toEqual(['types', 'default']);
  for (const target of [
    ...Object.values<string>(manifest.exports['.']),
    manifest.exports['./package.json'],
  ]) {
    expect(existsSync(join(folder, target)), target).toBe(true);
  }
});

test('the package imports nothing, and exports in Node what the sources do', async () => {
  const code = await readFile(join(folder, 'dist/library/spiralnet.js'), 'utf8');
  expect(code).not.toMatch(/^\s*(import|export)\b.*\bfrom\b|\brequire\(|\bimport\(/m);
  const names = Object.keys(await import('../../src/index.ts'));
  const script = 'console.log(JSON.stringify([Object.keys(X), X.VERSION]))';
  const ways = [
    ['--input-type=module', `import * as X from 'spiralnet'; ${script}`],
    ['--input-type=commonjs', `const X = require('spiralnet'); ${script}`],
  ];
  for (const [type, text] of ways) {
    const options = { cwd: dirname(dirname(folder)) };
    const { stdout } = await promisify(execFile)(process.execPath, [type, '--eval', text], options);
    const [found, version] = JSON.parse(stdout);
    expect(found.filter((name: string) => name !== '__esModule').sort(), type).toEqual(names.sort());
    expect(version).toBe((await readJson(root, 'package.json')).version);
  }
});

test('a bundler leaves out what is not used', async () => {
  const project = dirname(dirname(folder));
  const bundled = async (code: string) => {
    const entry = join(project, 'entry.js');
    await writeFile(entry, code);
    const result = await build({
      configFile: false,
      root: project,
      logLevel: 'error',
      build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'out' } },
    });
    const [{ output }] = result as { output: { code: string }[] }[];
    return output[0].code;
  };
  expect(await bundled("import 'spiralnet';")).not.toMatch(/\w/);
  const spiral = await bundled("import { spiral } from 'spiralnet'; console.log(spiral());");
  expect(spiral).toContain('RandomState');
  expect(spiral).not.toMatch(/createTrainer|createShaderModule|@compute/);
});

test('the package has the licence of all that is bundled with it', async () => {
  const text = await readFile(join(folder, 'dist/library/licences.txt'), 'utf8');
  expect(text).toContain(await readFile(join(root, 'LICENSE'), 'utf8'));
  const map = await readJson(folder, 'dist/library/spiralnet.js.map');
  const bundled = map.sources.filter((source: string) => source.startsWith('npm:'));
  expect(bundled).toEqual(['npm:wgsl-preprocessor/wgsl-preprocessor.js']);
  const licence = readLicence(join(root, 'node_modules/wgsl-preprocessor'));
  expect(text).toContain(`${licence.name} ${licence.version} (MIT)\n\n${licence.text}`);
});

test('the page has the licence of all that is bundled with it, in its worker too', async () => {
  const result = await build({ root, logLevel: 'error', build: { write: false } });
  const { output } = result as { output: { fileName: string; source?: string; moduleIds?: string[] }[] };
  const text = String(output.find(({ fileName }) => fileName === 'licences.txt')?.source);
  const bundled = new Set(['wgsl-preprocessor', 'preact', '@preact/signals', '@preact/signals-core']);
  for (const name of bundled) {
    const licence = readLicence(join(root, 'node_modules', name));
    expect(text).toContain(`\n${name} ${licence.version} (${licence.licence})\n\n${licence.text}\n`);
  }
  const folders = output.flatMap(({ moduleIds = [] }) => moduleIds.map(packageFolder));
  const known = [undefined, ...[...bundled].map((name) => join(root, 'node_modules', name))];
  expect(folders.filter((found) => !known.includes(found))).toEqual([]);
});

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(path.length + 1)
        .replaceAll('\\', '/'),
    );
}
