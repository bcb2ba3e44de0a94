import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/*
 * An hour of moving sliders makes tens of thousands of networks, each with kernels, tuning and a
 * check of the driver of its own. What a module keeps for later networks therefore has a bound.
 */

/** The first line of a top-level declaration of a collection or list that can grow. */
const GROWING =
  /^(?:export )?(?:const|let) (\w+)[^=]*= (?:new (?:Map|Set|Array)\b|\[\];|\{\};|Object\.create\(null\))/gm;
/** A collection in a collection, whose entries can grow. */
const NESTED = /\b(?:WeakMap|Map)<\w+, (?:Map|Set|Array)<|\b(?:WeakMap|Map)<\w+, \w+\[\]>/g;

/** Collections that a call makes and drops. */
const LOCAL = /^ {2,}(?:const|let) /;

const root = join(import.meta.dirname, '../../..');
const sources = ['src', 'shaders'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|spec)\.tsx?$/.test(file))
    .map((file) => join(folder, file)),
);

function growing(text: string): string[] {
  const nested = text.split('\n').filter((line) => !LOCAL.test(line) && NESTED.test(line));
  return [...Array.from(text.matchAll(GROWING), ([, name]) => name), ...nested];
}

test.each([
  'const found = new Map<string, string>();',
  'export const found: Record<string, string> = {};',
  'let found: string[] = [];',
  'const caches = new WeakMap<GPUDevice, Map<string, number>>();',
])('the test sees %s', (text) => {
  expect(growing(`import {};\n${text}\n`)).not.toEqual([]);
});

test('no module keeps a collection that grows without a bound', () => {
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.flatMap((file) =>
    growing(readFileSync(join(root, file), 'utf8')).map((name) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});
