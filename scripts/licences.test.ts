import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageFolder, readLicence } from './licences.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiralnet-licence-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the package of a module is the innermost, whatever lies between', () => {
  expect(packageFolder('/a/node_modules/preact/hooks/dist/hooks.mjs')).toBe('/a/node_modules/preact');
  expect(packageFolder('/a/node_modules/@preact/signals/dist/x.js')).toBe('/a/node_modules/@preact/signals');
  expect(packageFolder('/a/node_modules/b/node_modules/c/x.js')).toBe('/a/node_modules/b/node_modules/c');
  expect(packageFolder('\0/a/node_modules/b/x.js?commonjs')).toBe('/a/node_modules/b');
  expect(packageFolder('C:\\a\\node_modules\\b\\x.js')).toBe('C:\\a\\node_modules\\b');
  expect(packageFolder('/a/src/index.ts')).toBeUndefined();
  expect(packageFolder('\0rolldown/runtime.js')).toBeUndefined();
});

test.each(['LICENSE', 'LICENSE.md', 'license', 'LICENCE.txt', 'COPYING'])(
  'a licence is read from %s',
  (name) => {
    describe({ license: 'ISC' });
    writeFileSync(join(folder, name), '\nAll may use it.\n');
    expect(readLicence(folder)).toEqual({
      name: 'thing',
      version: '1.2.3',
      licence: 'ISC',
      text: 'All may use it.',
    });
  },
);

test('a package without a licence, or without its text, cannot be bundled', () => {
  describe({ license: 'MIT' });
  expect(() => readLicence(folder)).toThrow(/thing 1\.2\.3 .* got "MIT" and no such file/);
  writeFileSync(join(folder, 'LICENSE'), 'All may use it.');
  describe({});
  expect(() => readLicence(folder)).toThrow(/thing 1\.2\.3 .* got undefined and LICENSE/);
});

function describe(manifest: { license?: string }) {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'thing', version: '1.2.3', ...manifest }),
  );
}
