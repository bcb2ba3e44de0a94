import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('what the README links to is in the package, and no test is', async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: root,
    shell: process.platform === 'win32',
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const links = Array.from(readme.matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, link]) => link);
  expect(links).toContain('docs/page.png');
  const missing = links.filter((link) => !paths.some((path) => path === link || path.startsWith(`${link}/`)));
  expect(missing).toEqual([]);
  expect(paths.filter((path) => /\.test\.|src\/page/.test(path))).toEqual([]);
});
