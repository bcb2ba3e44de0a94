import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('the guide’s tables have every call and property of a trainer', async () => {
  const types = await readFile(join(root, 'src/types/trainer.ts'), 'utf8');
  // All three interfaces have members, which only differ in their types.
  const members = Array.from(types.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm), ([, name]) => name);
  expect(members).toContain('train');
  expect(members).toContain('step');

  const guide = await readFile(join(root, 'docs/library.md'), 'utf8');
  // The first cells of a table's rows: `step`, or `save()`, `restore(checkpoint)`.
  const cells = Array.from(guide.matchAll(/^\| (`.*?`) \|/gm), ([, cell]) => cell).join(' ');
  const named = new Set(Array.from(cells.matchAll(/`(\w+)/g), ([, name]) => name));
  expect(members.filter((name) => !named.has(name))).toEqual([]);
});
