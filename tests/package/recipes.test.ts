import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import { spiral } from '../../src/index.ts';
import { writeNpz } from '../../src/tables/index.ts';

/*
 * The recipes of docs/library.md, as printed, on the sources. examples.test.ts has those that need a
 * page, on the package.
 */

const root = join(import.meta.dirname, '../..');
let recipes: Map<string, string>;

beforeAll(async () => {
  const guide = await readFile(join(root, 'docs/library.md'), 'utf8');
  const [, section] = /## Recipes\n([\s\S]*?)\n## /.exec(guide) ?? [];
  const blocks = section.matchAll(/### (.*)\n[^#]*?```tsx?(?: \S+)?\n([\s\S]*?)```/g);
  recipes = new Map(Array.from(blocks, ([, title, code]) => [title, code]));
});

test('every recipe is shorter than 20 lines', () => {
  expect([...recipes.keys()]).toEqual([
    'A table',
    'Arrays and images',
    'Save and load',
    'In a worker',
    'React',
    'Node with WebGPU',
    'Many networks',
  ]);
  for (const [title, code] of recipes) expect(code.split('\n').length - 1, title).toBeLessThan(20);
});

test('a table is trained on, saved and loaded', async () => {
  const { inputs, labels } = spiral({ perClass: 40, classes: 2 });
  const lines = Array.from(labels, (label, row) =>
    [1000 + inputs[2 * row], inputs[2 * row + 1] * 1e-3, row, 7, ['cat', 'dog'][label]].join(','),
  );
  vi.stubGlobal('file', new Blob([['a,b,c,d,species', ...lines, ''].join('\r\n')]));
  const four = recipes.get('Save and load')?.replace(/\[\[.*?\]\]/, '[[1000.1, 0.0007, 5, 7]]');
  const { tables, logs } = await run(`${recipes.get('A table')}\n${four}`);
  expect(tables).toEqual([
    ['cat', 'dog'].map((name) => expect.objectContaining({ name, count: 10, recall: expect.any(Number) })),
  ]);
  expect(logs).toEqual([[expect.stringMatching(/^(cat|dog)$/)]]);
});

test('files of arrays are trained on and written', async () => {
  const pixels = Uint8Array.from({ length: 40 * 9 }, (_, i) =>
    i % 9 < 4 + (Math.floor(i / 9) % 2) ? 200 : i % 7,
  );
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
  vi.stubGlobal(
    'imageFile',
    gzipSync(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 3, 0, 0, 0, 3, ...pixels)),
  );
  vi.stubGlobal('labelFile', new Blob([Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 40, ...labels)]));
  const y = { data: Array.from(labels, (label) => ['cat', 'dog'][label]) };
  vi.stubGlobal('npzFile', writeNpz({ X: { data: pixels, shape: [40, 9] }, y }));
  const { logs } = await run(recipes.get('Arrays and images') ?? '');
  expect(logs).toEqual([40, 40, 1797]);
});

test('many networks train on one device', async () => {
  const { tables } = await run(recipes.get('Many networks') ?? '');
  expect(tables).toHaveLength(1);
  expect(tables[0].map(({ learningRate }: { learningRate: number }) => learningRate)).toEqual([
    0.03, 0.1, 0.3, 1,
  ]);
});

/** Runs code on the sources, in a file of the repository, which is compiled like every other module. */
async function run(code: string) {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const table = vi.spyOn(console, 'table').mockImplementation(() => {});
  const folder = await mkdtemp(join(import.meta.dirname, 'recipe-'));
  const sources = {
    spiralnet: 'index',
    'spiralnet/data': 'tables/index',
    'spiralnet/models': 'models/index',
  };
  try {
    const file = join(folder, 'recipe.ts');
    let own = code;
    for (const [name, path] of Object.entries(sources))
      own = own.replaceAll(`'${name}'`, `'../../../src/${path}.ts'`);
    await writeFile(file, own);
    await import(file);
  } finally {
    await rm(folder, { recursive: true });
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  }
  return {
    logs: log.mock.calls.map(([line]) => line),
    tables: table.mock.calls.map(([rows]) => rows),
  };
}
