import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, tool } from '../../scripts/process.js';
import { spiral } from '../../src/index.ts';
import { importModel } from '../../src/models/index.ts';
import { digits } from '../../src/tables/index.ts';
import { ALL } from '../helpers/tier.ts';
import { type Packed, packLibrary, readJson } from './packed.ts';
import { copyExample, Sites } from './project.ts';

// The whole way of two more examples and of three recipes, with the package and a browser.
describe.runIf(ALL)('in projects of their own', () => {
  let packed: Packed;
  const sites = new Sites();

  beforeAll(async () => {
    packed = await packLibrary();
  });

  afterAll(async () => {
    await sites.close();
    await packed?.remove();
  });

  test.each(['own-table', 'drawn-digits'])('%s has the tested versions', async (name) => {
    const { dependencies, devDependencies } = await readJson(root, 'examples', name, 'package.json');
    const { spiralnet, ...tools } = { ...dependencies, ...devDependencies };
    expect(spiralnet).toBe('file:../..');
    const { devDependencies: ours } = await readJson(root, 'package.json');
    expect(ours).toMatchObject(tools);
  });

  test('own-table trains on a dropped file and saves ONNX', async () => {
    const project = await copyExample(packed, 'own-table', 'vite');
    await promisify(execFile)(process.execPath, [tool('typescript', 'tsc'), '--project', '.'], {
      cwd: project,
    });
    await build({ root: project, configFile: false, logLevel: 'warn' });
    const { page, faults } = await sites.open(project);
    await drop(page, '#drop', 'cats.csv', tableOf());
    const status = page.locator('#status');
    await expect
      .poll(() => status.textContent(), { timeout: 100_000 })
      .toMatch(/^Test accuracy [\d.]+ % .* on webgpu/);
    expect(await page.locator('#report').textContent()).toMatch(/^cat: \d+ % of 20 recognised\ndog: /);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
    expect(download.suggestedFilename()).toBe('network.onnx');
    const model = await importModel(await readFile(await download.path()));
    expect(model).toMatchObject({ sizes: [2, 32, 2], featureNames: ['a', 'b'], classNames: ['cat', 'dog'] });
    expect(model.scaling?.means[0]).toBeCloseTo(1000, 0);
    await drop(page, '#drop', 'empty.csv', '');
    await expect.poll(() => status.textContent()).toMatch(/empty|no rows/i);
    expect(faults).toEqual([]);
  });

  test('drawn-digits recognises what is drawn, with the exported function alone', async () => {
    const project = await copyExample(packed, 'drawn-digits', 'vite');
    const { stdout } = await promisify(execFile)(process.execPath, ['src/train.js'], { cwd: project });
    expect(Number(/test accuracy ([\d.]+)/.exec(stdout)?.[1])).toBeGreaterThan(0.94);
    const { predict } = await import(join(project, 'src/predict.js'));
    const { inputs, labels, count } = await digits();
    const right = Array.from(labels).filter(
      (label, row) => predict(inputs.subarray(64 * row, 64 * row + 64)).label === label,
    );
    expect(right.length / count).toBeGreaterThan(0.97);
    await build({ root: project, configFile: false, logLevel: 'warn' });
    const { page, faults } = await sites.open(project);
    const answer = page.locator('#answer');
    const box = await page.locator('#drawing').boundingBox();
    if (!box) throw new Error('There is no place to draw.');
    const line = async (...points: [number, number][]) => {
      const [first, ...rest] = points.map(([x, y]): [number, number] => [
        box.x + x * box.width,
        box.y + y * box.height,
      ]);
      await page.mouse.move(...first);
      await page.mouse.down();
      for (const point of rest) await page.mouse.move(...point, { steps: 8 });
      await page.mouse.up();
    };
    const circle = Array.from({ length: 25 }, (_, i): [number, number] => {
      const angle = (2 * Math.PI * i) / 24;
      return [0.5 + 0.22 * Math.sin(angle), 0.5 - 0.36 * Math.cos(angle)];
    });
    await line(...circle);
    await expect.poll(() => answer.textContent()).toBe('It looks like a 0.');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => answer.textContent()).toBe('Nothing drawn yet.');
    await line([0.3, 0.2], [0.7, 0.2], [0.45, 0.85]);
    await expect.poll(() => answer.textContent()).toBe('It looks like a 7.');
    expect(faults).toEqual([]);
  });

  test('the recipes for a worker and for React run as printed, in a page', async () => {
    const project = await projectOf(await recipes(), {
      'index.html': `<!doctype html><html lang="en"><title>Recipes</title><link rel="icon" href="data:,">
        <div id="app"></div><script type="module" src="./main.tsx"></script></html>`,
      'main.tsx': `import { StrictMode } from 'react';
        import { createRoot } from 'react-dom/client';
        import { spiral } from 'spiralnet';
        import './page.ts';
        import { Training } from './training.tsx';
        const data = spiral({ perClass: 30 });
        createRoot(document.querySelector('#app')).render(<StrictMode><Training data={data} steps={200} /></StrictMode>);`,
    });
    const alias = { 'react-dom/client': 'preact/compat/client', react: 'preact/compat' };
    await build({
      root: project,
      configFile: false,
      logLevel: 'warn',
      resolve: { alias },
      oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
      worker: { format: 'es' },
      build: { target: 'es2022' },
    });
    const { page, logs, faults } = await sites.open(project);
    await expect
      .poll(() => page.locator('output').textContent(), { timeout: 100_000 })
      .toMatch(/^200: 0\.\d{3}$/);
    await expect.poll(() => logs.at(-1), { timeout: 100_000 }).toMatch(/Float64Array|0\.\d/);
    expect(logs.filter((line) => /^\d+ \d\.\d+$/.test(line)).length).toBeGreaterThan(2);
    expect(faults).toEqual([]);
  });

  test('the recipe for Node with WebGPU runs as printed', async () => {
    const code = (await recipes()).get('Node with WebGPU')?.code ?? '';
    const project = await projectOf(new Map(), { 'train.mjs': code });
    const { stdout } = await promisify(execFile)(process.execPath, ['train.mjs'], { cwd: project });
    expect(stdout).toMatch(/^webgpu \{\s*step: 1000,\s*loss: 0\.\d+/);
  });

  /** A project with the package, and with the files of recipes. */
  async function projectOf(files: Map<string, { file: string; code: string }>, more: Record<string, string>) {
    const project = await copyExample(packed, 'own-table', 'vite', 'preact', 'webgpu');
    await mkdir(project, { recursive: true });
    for (const { file, code } of files.values()) if (file) await writeFile(join(project, file), code);
    for (const [file, code] of Object.entries(more)) await writeFile(join(project, file), code);
    return project;
  }
});

/** The recipes of the guide by title; of those with several files each file by its name. */
async function recipes(): Promise<Map<string, { file: string; code: string }>> {
  const guide = await readFile(join(root, 'docs/library.md'), 'utf8');
  const [, section] = /## Recipes\n([\s\S]*?)\n## /.exec(guide) ?? [];
  const found = new Map<string, { file: string; code: string }>();
  let title = '';
  for (const [, heading, file = '', code] of section.matchAll(/### (.*)|```tsx? ?(\S*)\n([\s\S]*?)```/g)) {
    if (heading) title = heading;
    else found.set(file || title, { file, code });
  }
  return found;
}

/** A table with two classes that a network tells, and features of different sizes. */
function tableOf(): string {
  const { inputs, labels } = spiral({ perClass: 80, classes: 2 });
  const lines = Array.from(labels, (label, row) =>
    [1000 + inputs[2 * row], inputs[2 * row + 1] * 1e-3, ['cat', 'dog'][label]].join(','),
  );
  return ['a,b,species', ...lines, ''].join('\n');
}

/** Drops a file on an element. */
async function drop(page: Page, selector: string, name: string, text: string): Promise<void> {
  const files = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: 'text/csv' }));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent(selector, 'drop', { dataTransfer: files });
}
