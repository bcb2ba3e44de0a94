import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, tool } from '../../scripts/process.js';
import { type Packed, packLibrary, readJson } from './packed.ts';
import { copyExample, Sites } from './project.ts';

/**
 * The tsconfig.json of create-vite 9.3.0, template vanilla-ts, with `strict`, the default of
 * TypeScript 7.
 */
const TEMPLATE = {
  target: 'es2023',
  module: 'esnext',
  lib: ['ES2023', 'DOM'],
  types: ['vite/client'],
  allowArbitraryExtensions: true,
  skipLibCheck: true,
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  moduleDetection: 'force',
  noEmit: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true,
  strict: true,
};

const example = join(root, 'examples', 'text-colour');
const run = promisify(execFile);
let packed: Packed;
let project: string;
const sites = new Sites();

beforeAll(async () => {
  packed = await packLibrary();
  project = await copyExample(packed, 'text-colour', '@types/node', '@webgpu/types', 'vite', 'webgpu');
  await writeFile(
    join(project, 'strict.ts'),
    `import { type Checkpoint, createTrainer, deviceDescriptor, spiral, type TrainerOptions } from 'spiralnet';
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter?.requestDevice(deviceDescriptor(adapter));
    const options: TrainerOptions = { data: spiral(), learningRate: 1, device };
    const checkpoint: Checkpoint = await (await createTrainer(options)).save();
    export const step: number = checkpoint.step;
    // @ts-expect-error a device is no number
    export const wrong: TrainerOptions = { data: spiral(), learningRate: 1, device: 1 };`,
  );
});

afterAll(async () => {
  await sites.close();
  await packed?.remove();
});

test('the example has the tested versions', async () => {
  const { dependencies, devDependencies } = await readJson(example, 'package.json');
  expect(dependencies).toEqual({ spiralnet: 'file:../..' });
  const { devDependencies: ours } = await readJson(root, 'package.json');
  expect(Object.keys(devDependencies)).not.toEqual([]);
  expect(ours).toMatchObject(devDependencies);
});

test.each([
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
])('types check with moduleResolution $moduleResolution, declarations included', async (resolution) => {
  const options = { ...resolution, lib: ['ES2022', 'DOM'], types: [], skipLibCheck: false };
  expect(await compile('strict.ts', 'src/train.ts', 'src/page.ts', options)).toBe('');
});

test('types check in a worker, which has no DOM', async () => {
  const options = { lib: ['ES2022', 'WebWorker'], types: [], skipLibCheck: false };
  expect(await compile('strict.ts', options)).toBe('');
});

test('types check with @webgpu/types where the DOM library has no WebGPU', async () => {
  await writeFile(
    join(project, 'older.ts'),
    `import { createTrainer, spiral, type TrainerOptions } from 'spiralnet';
    export const train = (device: GPUDevice) => createTrainer({ data: spiral(), learningRate: 1, device });
    // @ts-expect-error a device is no number
    export const wrong: TrainerOptions = { data: spiral(), learningRate: 1, device: 1 };`,
  );
  // The DOM library of TypeScript 7 already has WebGPU, so this case has none.
  const options = { lib: ['ES2022'], types: ['@webgpu/types', 'node'], skipLibCheck: true };
  expect(await compile('older.ts', options)).toBe('');
  const without = await compile('older.ts', { lib: ['ES2022'], types: ['node'], skipLibCheck: true });
  expect(without).toContain("Cannot find name 'GPUDevice'");
});

test("README's example compiles in Vite's own TypeScript template", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(example).toContain("from 'spiralnet'");
  await writeFile(join(project, 'readme.ts'), example);
  expect(await compile('readme.ts', TEMPLATE)).toBe('');
  await writeFile(join(project, 'readme.ts'), `${example}const unused = 1;`);
  expect(await compile('readme.ts', TEMPLATE)).toContain("'unused' is declared");
});

test('the example trains, predicts and restores in Node, on the CPU and on WebGPU alike', async () => {
  expect(await tsc('--project', '.')).toBe('');
  const cpu = await runInNode('cpu');
  const gpu = await runInNode('webgpu');
  for (const { losses, accuracy, answers } of [cpu, gpu]) {
    expect(losses.map(({ step }) => step)).toEqual([0, 150, 300, 450]);
    for (const [index, { loss }] of losses.slice(1).entries()) expect(loss).toBeLessThan(losses[index].loss);
    expect(losses[3].loss).toBeLessThan(0.1);
    expect(accuracy).toBeGreaterThan(0.95);
    expect(Object.fromEntries(answers.map(({ hex, text }) => [hex, text]))).toEqual({
      '#000000': 'white',
      '#ffffff': 'black',
      '#ffee00': 'black',
      '#000099': 'white',
      '#006600': 'white',
      '#99ddff': 'black',
    });
    for (const { probability } of answers) expect(probability).toBeGreaterThan(0.9);
  }
  // Both round to 32 bits at different places: after 600 steps of Adam the printed figures differ
  // by a few units.
  for (const [index, { loss }] of gpu.losses.entries()) {
    expect(Math.abs(loss - cpu.losses[index].loss)).toBeLessThan(1e-3);
  }
  for (const [index, { probability }] of gpu.answers.entries()) {
    expect(Math.abs(probability - cpu.answers[index].probability)).toBeLessThan(1e-2);
  }
});

test("README's WebGPU for Node trains while garbage is collected", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, snippet] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(snippet).toContain("from 'webgpu'");
  await writeFile(
    join(project, 'collected.mjs'),
    `${snippet}
    const { createTrainer, spiral } = await import('spiralnet');
    for (let round = 0; round < 3; round++) {
      const trainer = await createTrainer({ data: spiral(), hidden: [20], learningRate: 0.5, backend: 'webgpu' });
      for (let i = 0; i < 10; i++) {
        gc();
        await trainer.train(20);
      }
      console.log(trainer.backend, trainer.step);
      trainer.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
      gc();
    }`,
  );
  const { stdout } = await run(process.execPath, ['--expose-gc', 'collected.mjs'], { cwd: project });
  expect(stdout.trim().split('\n')).toEqual(Array(3).fill('webgpu 200'));
});

test('the example, bundled, trains on WebGPU in a page', async () => {
  await build({ root: project, configFile: false, logLevel: 'warn' });
  const { page, faults } = await sites.open(project);
  const result = page.locator('#result');
  await expect.poll(() => result.textContent(), { timeout: 50_000 }).toMatch(/^accuracy .* on webgpu$/);
  expect(Number(/[\d.]+/.exec((await result.textContent()) ?? '')?.[0])).toBeGreaterThan(0.95);
  const sample = page.locator('#sample');
  await expect.poll(() => sample.textContent()).toMatch(/^white, \d+ %$/);
  await page.locator('#colour').fill('#ffee00');
  await expect.poll(() => sample.textContent()).toMatch(/^black, \d+ %$/);
  expect(faults).toEqual([]);
});

test('a page takes the package without a bundler', async () => {
  const site = join(project, 'dist');
  await mkdir(site, { recursive: true });
  await copyFile(
    join(project, 'node_modules/spiralnet/dist/library/spiralnet.js'),
    join(site, 'spiralnet.js'),
  );
  await writeFile(
    join(site, 'plain.html'),
    `<!doctype html><html lang="en"><title>Plain</title><link rel="icon" href="data:,"><output></output>
    <script type="importmap">{ "imports": { "spiralnet": "./spiralnet.js" } }</script>
    <script type="module">
      import { createTrainer, spiral } from 'spiralnet';
      const trainer = await createTrainer({ data: spiral(), hidden: [100], learningRate: 0.5, l2: 1e-3 });
      await trainer.train(300);
      const { accuracy } = await trainer.measure();
      document.querySelector('output').textContent = trainer.backend + ' ' + accuracy.toFixed(3);
    </script></html>`,
  );
  const { page, faults } = await sites.open(project, 'plain.html');
  const output = page.locator('output');
  await expect.poll(() => output.textContent(), { timeout: 50_000 }).toMatch(/^webgpu (0\.[6-9]\d+|1\.000)$/);
  expect(faults).toEqual([]);
});

/** @returns the compiler's messages about files of the project; empty if there are none */
async function compile(...filesAndOptions: [...files: string[], options: object]): Promise<string> {
  const files = filesAndOptions.slice(0, -1);
  const compilerOptions = {
    target: 'ES2022',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    ...(filesAndOptions.at(-1) as object),
  };
  await writeFile(join(project, 'tsconfig.test.json'), JSON.stringify({ compilerOptions, files }));
  return tsc('--project', 'tsconfig.test.json');
}

async function tsc(...args: string[]): Promise<string> {
  try {
    return (await run(process.execPath, [tool('typescript', 'tsc'), ...args], { cwd: project })).stdout;
  } catch (error) {
    return (error as { stdout?: string }).stdout || String(error);
  }
}

async function runInNode(backend: 'cpu' | 'webgpu') {
  const { stdout } = await run(process.execPath, ['build/node.js', backend], { cwd: project });
  const [, accuracy] = new RegExp(`^accuracy ([\\d.]+) on ${backend}, step 600$`, 'm').exec(stdout) ?? [];
  const losses = Array.from(stdout.matchAll(/^step (\d+): loss ([\d.]+)$/gm), ([, step, loss]) => ({
    step: Number(step),
    loss: Number(loss),
  }));
  const answers = Array.from(
    stdout.matchAll(/^(#\w{6}): (\w+) ([\d.]+), the same after a restore$/gm),
    ([, hex, text, probability]) => ({ hex, text, probability: Number(probability) }),
  );
  expect(losses, stdout).toHaveLength(4);
  expect(answers, stdout).toHaveLength(6);
  return { accuracy: Number(accuracy), losses, answers };
}
