import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/process.js';
import { readJson } from './packed.ts';

interface Locked {
  version: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  deprecated?: string;
}

/** Folders with a package.json and a lock file of their own. */
const PROJECTS = ['.', 'bench', 'tests/bundlers', 'tests/onnx'];
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
/** The library's bundles have the first two packages, the page's bundle has all packages. */
const BUNDLED = ['papaparse', 'wgsl-preprocessor', 'preact', '@preact/signals', '@preact/signals-core'];
/**
 * Every licence allows use, change and distribution. MPL-2.0 (requires the sources), CC-BY-4.0
 * (requires a name; data about browsers) and BlueOak-1.0.0 are for tools only.
 */
const LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT OR Apache-2.0'];
const LICENCES_OF_TOOLS = [...LICENCES, 'BlueOak-1.0.0', 'CC-BY-4.0', 'MPL-2.0'];
/**
 * Only these packages may run an installation script: two scripts act on macOS only, esbuild's checks
 * its binary, and protobufjs's prints which versions fit together.
 */
const WITH_INSTALL_SCRIPT = ['esbuild', 'fsevents', 'protobufjs', 'webgpu'];

test.each(PROJECTS)('every version is exact, and the lock file has it: %s', async (project) => {
  const manifest = await readJson(root, project, 'package.json');
  const lock = await readJson(root, project, 'package-lock.json');
  expect(lock.lockfileVersion).toBe(3);
  const own = lock.packages[''];
  for (const field of ['dependencies', 'devDependencies', 'peerDependencies', 'engines']) {
    expect(own[field], `npm install brings ${field} of the lock in line`).toEqual(manifest[field]);
  }
  const wanted = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
  for (const [name, version] of wanted) {
    expect(version, name).toMatch(EXACT);
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
});

test.each(PROJECTS)('every package is fixed by its hash, from the public registry: %s', async (project) => {
  for (const [path, locked] of await lockedPackages(project)) {
    expect(locked.link, path).toBeUndefined();
    expect(locked.version, path).toMatch(EXACT);
    expect(locked.integrity, path).toMatch(/^sha512-[\w+/]{86}==$/);
    expect(locked.resolved ?? 'https://registry.npmjs.org/', path).toMatch(
      /^https:\/\/registry\.npmjs\.org\//,
    );
    expect(locked.deprecated, path).toBeUndefined();
  }
});

test.each(PROJECTS)('no package but those known runs a script when it is installed: %s', async (project) => {
  const packages = await lockedPackages(project);
  const names = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect(names.filter((name) => !WITH_INSTALL_SCRIPT.includes(name))).toEqual([]);
});

test.each(PROJECTS)('every package has a licence that allows its use: %s', async (project) => {
  for (const [path, { license = 'none' }] of await lockedPackages(project)) {
    expect(BUNDLED.includes(nameOf(path)) ? LICENCES : LICENCES_OF_TOOLS, `${path}: ${license}`).toContain(
      license,
    );
  }
});

test('installed packages have the licences in the lock file', async () => {
  let found = 0;
  for (const [path, locked] of await lockedPackages('.')) {
    if (!existsSync(join(root, path))) continue;
    const { name, version, license } = await readJson(root, path, 'package.json');
    expect({ name, version, license }).toEqual({
      name: nameOf(path),
      version: locked.version,
      license: locked.license,
    });
    found++;
  }
  expect(found).toBeGreaterThan(40);
  // node_modules holds no package that is not in the lock file.
  const known = new Set((await lockedPackages('.')).map(([path]) => nameOf(path)));
  expect(installedNames().filter((name) => !known.has(name))).toEqual([]);
});

test('docs/licences.md lists every dependency; npx vitest run tests/package/dependencies -u writes it anew', async () => {
  const { devDependencies } = await readJson(root, 'package.json');
  const packages = await lockedPackages('.');
  const direct = packages.filter(([path]) => Object.hasOwn(devDependencies, nameOf(path)));
  const bundled = packages.filter(([path]) => BUNDLED.includes(nameOf(path)));
  const tools = direct.filter((entry) => !bundled.includes(entry));
  const others = packages.filter((entry) => !bundled.includes(entry) && !tools.includes(entry));
  const text = [
    '# Licences of the dependencies',
    'spiralnet is under the MIT licence. The library needs nothing at run time: what it uses is bundled with it, and so is what the' +
      ' page uses. The texts of their licences are in `licences.txt` beside each bundle.',
    table('Bundled', bundled),
    'The library has papaparse (in `spiralnet/data`) and wgsl-preprocessor; the page has all of them.',
    'The digits of `spiralnet/data`, also in the page, are "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, 1998), UCI' +
      ' Machine Learning Repository, https://doi.org/10.24432/C50P49, the test part as scikit-learn ships it, under CC BY 4.0' +
      ' (https://creativecommons.org/licenses/by/4.0/), packed as text.',
    table('Tool', tools),
    'What these need, the benchmark, and the bundlers and the runtime of the tests have, is no part of the package or of the page:',
    byLicence('Needed by tools', others),
    byLicence('Benchmark', await lockedPackages('bench')),
    byLicence('Bundlers of the tests', await lockedPackages('tests/bundlers')),
    byLicence('Runtime of ONNX of the tests', await lockedPackages('tests/onnx')),
    'A test compares this with the lock files.',
  ];
  await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot('../../docs/licences.md');
});

function table(title: string, packages: [string, Locked][]): string {
  const rows = packages.map(([path, { version, license }]) => `| ${nameOf(path)} ${version} | ${license} |`);
  return [`| ${title} | Licence |`, '| --- | --- |', ...rows.sort()].join('\n');
}

function byLicence(title: string, packages: [string, Locked][]): string {
  const names = new Map<string, Set<string>>();
  for (const [path, { license = '' }] of packages) {
    names.set(license, (names.get(license) ?? new Set()).add(nameOf(path)));
  }
  const rows = Array.from(names, ([licence, list]) => `| ${licence} | ${[...list].sort().join(', ')} |`);
  return [`| Licence | ${title} |`, '| --- | --- |', ...rows.sort()].join('\n');
}

async function lockedPackages(project: string): Promise<[path: string, Locked][]> {
  const { packages } = await readJson(root, project, 'package-lock.json');
  return Object.entries<Locked>(packages).filter(([path]) => path !== '');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function installedNames(): string[] {
  const folder = join(root, 'node_modules');
  const visible = (path: string) => readdirSync(path).filter((name) => !name.startsWith('.'));
  return visible(folder).flatMap((name) =>
    name.startsWith('@') ? visible(join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}
