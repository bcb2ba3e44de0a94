import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDependencies } from '../../scripts/dependencies.js';
import { root } from '../../scripts/process.js';
import { caseStudy } from '../../src/index.ts';
import { exportCode } from '../../src/models/index.ts';
import { ALL } from '../helpers/tier.ts';
import { install, type Packed, packLibrary, readJson } from './packed.ts';

/** The files that the package may have. */
const ALLOWED = [
  /^(CHANGELOG\.md|LICENSE|README\.md|package\.json)$/,
  /^dist\/library\/(licences\.txt|spiralnet\.js)$/,
  /^dist\/library\/bundled\/(papaparse\/papaparse|wgsl-preprocessor\/wgsl-preprocessor)\.js(\.map)?$/,
  /^dist\/library\/(shaders|src)\/([a-z-]+\/)*[a-z-]+(\.wgsl)?\.(d\.ts|js|js\.map)$/,
];
/** The packages that are bundled with the library. */
const BUNDLED = ['papaparse', 'wgsl-preprocessor'];
const ADDRESS = 'https://github.com/spiralnet/spiralnet';

let packed: Packed;
/** The package, installed in an empty project. */
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

test('the package has its files and no others', async () => {
  expect(paths.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)))).toEqual([]);
  expect((await filesOf(folder)).sort()).toEqual([...paths].sort());
  expect(paths).toContain('dist/library/src/index.js');
});

test('the links of README point to files in the repository, where the registry looks for them', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const links = Array.from(readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, link]) => link);
  expect(links).toContain('docs/page.png');
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the package is not too large', async () => {
  const { size, unpackedSize, files } = packed;
  // Most of it are the source maps, with the sources. Readers of files take 200 kB, 72 of them the digits
  // and their map, files of models 115 kB, and the kernels of the CPU 40 kB.
  expect(size).toBeLessThan(1_220_000);
  expect(unpackedSize).toBeLessThan(3_800_000);
  const module = files.find(({ path }) => path === 'dist/library/spiralnet.js');
  expect(module?.size).toBeLessThan(245_000);
});

test('the package has no trace of the machine that built it', async () => {
  const traces = /file:\/\/\/|(?<![\w.~/])\/(home|Users|root|tmp|var|work|opt|mnt)\/|\b[A-Z]:\\\\?[A-Za-z]/;
  for (const path of paths.filter((name) => !name.endsWith('.png'))) {
    const text = await readFile(join(folder, path), 'utf8');
    expect(traces.exec(text)?.[0], path).toBeUndefined();
    expect(text, path).not.toContain(root);
  }
});

test('every module has a source map with the source in the repository', async () => {
  const all = paths.filter((path) => /^dist\/library\/.+\/.+\.js$/.test(path));
  const modules = all.filter((path) => paths.includes(`${path}.map`));
  expect(modules.length).toBeGreaterThan(50);
  // A module of re-exports only has no code.
  expect(all.filter((path) => !modules.includes(path))).toEqual(
    ['', 'models/', 'tables/'].map((folder) => `dist/library/src/${folder}index.js`),
  );
  for (const path of modules) {
    const code = await readFile(join(folder, path), 'utf8');
    expect(code, path).toMatch(/\n\/\/# sourceMappingURL=[\w.-]+\.js\.map\n?$/);
    const { sources, sourcesContent } = await readJson(folder, `${path}.map`);
    expect(sourcesContent, path).toHaveLength(sources.length);
    for (const [index, source] of sources.entries()) {
      const bundled = /^npm:(.*)$/.exec(source)?.[1];
      const file = bundled ? join('node_modules', bundled) : join(dirname(path), source);
      expect(sourcesContent[index], path).toBe(await readFile(join(root, file), 'utf8'));
    }
  }
});

test('package.json describes the package', async () => {
  const manifest = await readJson(folder, 'package.json');
  expect(manifest).toMatchObject({
    name: 'spiralnet',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    homepage: `${ADDRESS}#readme`,
    bugs: `${ADDRESS}/issues`,
    repository: { type: 'git', url: `git+${ADDRESS}.git` },
    engines: (await readJson(root, 'package.json')).engines,
  });
  for (const field of ['dependencies', 'optionalDependencies', 'bundleDependencies']) {
    expect(manifest, 'at run time it needs nothing').not.toHaveProperty(field);
  }
  // npm runs these scripts when a program installs the package.
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    expect(manifest.scripts).not.toHaveProperty(script);
  }
  expect(Object.keys(manifest.exports)).toEqual([
    '.',
    './data',
    './models',
    './cpu-worker',
    './package.json',
  ]);
  // The first matching condition counts.
  const { './package.json': own, ...entries } = manifest.exports;
  for (const entry of Object.values<Record<string, string>>(entries))
    expect(Object.keys(entry)).toEqual(['types', 'default']);
  for (const target of [own, ...Object.values<object>(entries).flatMap((entry) => Object.values(entry))])
    expect(existsSync(join(folder, target)), target).toBe(true);
});

test('Node runs the script of a run', async () => {
  const { options, steps, every } = caseStudy.linear;
  const run = { options: { ...options, precision: 'double', backend: 'cpu' }, steps, every } as const;
  const args = ['--input-type=module', '--eval', exportCode(run, 'spiralnet')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: dirname(dirname(folder)) });
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    'iteration 0: loss 1.096956',
    'iteration 10: loss 0.917265',
  ]);
  expect(stdout).toContain('training accuracy: 0.49\n');
});

test('the package imports no other package, and exports in Node what the sources export', async () => {
  for (const path of paths.filter((name) => name.endsWith('.js'))) {
    const code = await readFile(join(folder, path), 'utf8');
    const imports = Array.from(
      code.matchAll(/\b(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g),
      ([, name]) => name,
    );
    if (path.endsWith('spiralnet.js')) expect(imports).toEqual([]);
    for (const name of imports) expect(paths, `${path}: ${name}`).toContain(join(dirname(path), name));
  }
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

test('the package has the licences of its bundled packages', async () => {
  const bundled = paths.filter((path) => path.startsWith('dist/library/bundled/'));
  expect(new Set(bundled.map((path) => path.split('/')[3]))).toEqual(new Set(BUNDLED));
  await expectLicences(await readFile(join(folder, 'dist/library/licences.txt'), 'utf8'), BUNDLED);
});

test('the page has the licences of its bundled packages, also in its worker', async () => {
  const result = await build({ root, logLevel: 'error', build: { write: false } });
  const { output } = result as {
    output: { fileName: string; source?: string | Uint8Array; map?: { sources: string[] } }[];
  };
  // The bundle of a worker and its map are assets.
  const maps = output
    .filter(({ fileName }) => fileName.endsWith('.js.map'))
    .map(({ source }) => JSON.parse(String(source)));
  const sources = [...output.map(({ map }) => map), ...maps].flatMap((map) => map?.sources ?? []);
  const names = sources.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  const bundled = ['@preact/signals', '@preact/signals-core', 'papaparse', 'preact', 'wgsl-preprocessor'];
  expect([...new Set(names)].sort()).toEqual(bundled);
  const licences = output.find(({ fileName }) => fileName === 'licences.txt');
  await expectLicences(String(licences?.source), bundled);
});

/**
 * The most bytes of bundles, compressed: of a program with `createTrainer` and of one with everything, in
 * all files (`whole`) and in those that load at the start. Of the 84 kB that rollup makes of
 * `createTrainer`, 48 load at the start: a trainer, its options, and the kernels of a narrow network with
 * ReLU and cross-entropy in 32 bits. The others load when they are first needed: the CPU (18 kB, with its kernels), the check
 * of drivers against it (2), kernels of other networks (7), double precision (3), a look at a step and its
 * gradients (3), other activations, losses and dropout (2). `all` adds 11: the check of gradients, `fit`,
 * the search of a learning rate, principal components, and data. As esbuild is used here, it makes one file of all.
 */
const MOST = {
  esbuild: { trainer: { whole: 81_500, start: 81_500 }, all: { whole: 92_200, start: 92_200 } },
  rollup: { trainer: { whole: 85_300, start: 48_300 }, all: { whole: 96_300, start: 56_500 } },
  webpack: { trainer: { whole: 92_300, start: 51_500 }, all: { whole: 104_400, start: 59_500 } },
};

/**
 * The same of a program that predicts from JSON, and of one that writes and reads models in all formats, of
 * which ONNX (3 kB) loads when it is used. With webpack, modules that two files share keep their names.
 * Texts, of errors and of the module that is written, are 3.5 kB of all formats.
 */
const MOST_OF_MODELS = {
  esbuild: { predictor: { whole: 4000, start: 4000 }, formats: { whole: 12_700, start: 12_700 } },
  rollup: { predictor: { whole: 4000, start: 4000 }, formats: { whole: 13_400, start: 9800 } },
  webpack: { predictor: { whole: 4000, start: 4000 }, formats: { whole: 16_400, start: 11_000 } },
};

test.runIf(ALL)(
  'bundlers take only the used modules: none, 7 kB, a trainer or all, of which most load later',
  async () => {
    await ensureDependencies('tests/bundlers');
    const programs = [
      "import 'spiralnet';",
      "import { VERSION } from 'spiralnet'; console.log(VERSION);",
      "import { spiral } from 'spiralnet'; console.log(spiral());",
      "import { createTrainer } from 'spiralnet'; console.log(createTrainer);",
      "import * as all from 'spiralnet'; console.log(all);",
      "import { readModel } from 'spiralnet/models'; console.log(readModel);",
      "import { exportModel, importModel } from 'spiralnet/models'; console.log(exportModel, importModel);",
    ];
    const script = join(root, 'tests/bundlers/bundle.js');
    const project = dirname(dirname(folder));
    const { stdout } = await promisify(execFile)(process.execPath, [script, project, ...programs]);
    type Size = Record<'files' | 'minified' | 'compressed' | 'start', number>;
    const sizes: { [bundler: string]: Size }[] = JSON.parse(stdout);
    expect(sizes).toHaveLength(programs.length);
    const [nothing, version, spiral, trainer, all, predictor, formats] = sizes;
    expect(Object.keys(all)).toEqual(Object.keys(MOST));
    for (const [bundler, most] of Object.entries(MOST)) {
      const bytes = (from: number, to: number) => (size: number) => size >= from && size <= to;
      expect(nothing[bundler].minified, bundler).toSatisfy(bytes(0, 10));
      expect(version[bundler].minified, bundler).toSatisfy(bytes(10, 5000));
      expect(spiral[bundler].minified, bundler).toSatisfy(bytes(3000, 6600));
      const ones = [version, spiral, predictor].map((size) => size[bundler].files);
      expect(ones, bundler).toEqual([1, 1, 1]);
      const models = MOST_OF_MODELS[bundler as keyof typeof MOST_OF_MODELS];
      for (const [size, least, limits] of [
        [predictor[bundler], 3000, models.predictor],
        [formats[bundler], 8000, models.formats],
        [trainer[bundler], 30_000, most.trainer],
        [all[bundler], 30_000, most.all],
      ] as const) {
        expect(size.compressed, bundler).toSatisfy(bytes(least, limits.whole));
        expect(size.start, bundler).toSatisfy(bytes(least, limits.start));
      }
    }
  },
);

/** Expects the library's licence and those of the packages, with their texts. */
async function expectLicences(text: string, packages: string[]) {
  expect(text).toContain(await readFile(join(root, 'LICENSE'), 'utf8'));
  expect(text, 'the digits').toContain('https://doi.org/10.24432/C50P49');
  for (const name of packages) {
    const { version, license } = await readJson(root, 'node_modules', name, 'package.json');
    const own = await readFile(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
    expect(text).toContain(`\n${name} ${version} (${license})\n\n${own.trim()}\n`);
  }
}

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
