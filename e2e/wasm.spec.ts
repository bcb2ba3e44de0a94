import { test as base, type Page } from 'playwright/test';
import { build } from 'vite';
import type { Precision, TrainerOptions } from '../src/index.ts';
import { expect, test } from './fixture.ts';
import { StaticSite } from './static-site.ts';
import { TrainingPage } from './training-page.ts';

type Library = typeof import('../tests/helpers/wasm/page.ts');

const LIBRARY = '/library.js';

/** The library's training on the CPU, and the checks of its kernels, as a module; and the script of its threads. */
async function bundle(): Promise<Record<string, string>> {
  const lib = { entry: 'tests/helpers/wasm/page.ts', formats: ['es' as const] };
  const output = { codeSplitting: false, entryFileNames: LIBRARY.slice(1) };
  const options = { write: false, lib, rolldownOptions: { output } };
  const found = await build({ configFile: false, logLevel: 'error', build: options });
  const [{ output: files }] = found as { output: { fileName: string; code?: string; source?: string }[] }[];
  return Object.fromEntries(
    files.map(({ fileName, code, source }) => [`/${fileName}`, code ?? String(source)]),
  );
}

let library: Record<string, string>;

test.beforeAll(async () => {
  library = await bundle();
});

/** What the two headers of isolation are, with which a page may have threads. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Serves a page with the library. @param scripts of the page, of which the first runs */
async function open(
  page: Page,
  headers: Record<string, string> = {},
  scripts: Record<string, string> = {},
): Promise<void> {
  const tags = Object.keys(scripts).map((path) => `<script type="module" src="${path}"></script>`);
  const body = `<link rel="icon" href="data:,">${tags.slice(0, 1).join('')}`;
  await page.route('/page', (route) => route.fulfill({ contentType: 'text/html', headers, body }));
  for (const [path, body] of Object.entries({ ...library, ...scripts })) {
    await page.route(path, (route) => route.fulfill({ contentType: 'text/javascript', headers, body }));
  }
  await page.goto('/page');
}

const NAMES: Record<Precision, string> = { single: 'WebAssembly, relaxed SIMD', double: 'WebAssembly, SIMD' };

for (const precision of ['single', 'double'] as const) {
  test(`the kernels in ${precision} precision are exact to their roundings`, {
    tag: precision === 'double' ? '@all' : [],
  }, async ({ page }) => {
    await open(page);
    const found = await page.evaluate(
      async ([path, precision]) => {
        const library: Library = await import(path);
        return library.check(precision);
      },
      [LIBRARY, precision] as const,
    );
    expect(found).toEqual({ name: `${NAMES[precision]}, one thread`, faults: [] });
  });
}

/** What a run gives: its kernels, its losses, and a text of all bits of its parameters. */
interface Run {
  chosen: string;
  reason: string;
  losses: number[];
  accuracy: number;
  state: string;
}

/** Trains a network of the case study in the page, also with saving and restoring on the way. */
function train(
  page: Page,
  name: 'linear' | 'network',
  options: Partial<TrainerOptions>,
  { steps, every, cut }: { steps: number; every: number; cut?: number },
): Promise<Run> {
  return page.evaluate(
    async ([path, name, options, { steps, every, cut }]) => {
      const { caseStudy, createTrainer }: Library = await import(path);
      const create = () => createTrainer({ ...caseStudy[name].options, ...options, backend: 'cpu' });
      let trainer = await create();
      const losses: number[] = [];
      const run = async (steps: number) => {
        for await (const { loss } of trainer.run({ steps, every })) losses.push(loss);
      };
      if (cut) {
        await run(cut);
        const saved = await trainer.save();
        trainer.destroy();
        trainer = await create();
        await trainer.restore(saved);
      }
      await run(steps - (cut ?? 0));
      const { accuracy } = await trainer.measure();
      const { parameters, optimizer } = await trainer.save();
      const layers = [parameters, ...optimizer.moments].flat();
      const state = layers.flatMap(({ weights, biases }) => [weights.join(), biases.join()]).join('\n');
      const { chosen, reason } = trainer.tuning;
      trainer.destroy();
      return { chosen, reason, losses, accuracy, state };
    },
    [LIBRARY, name, options, { steps, every, cut }] as const,
  );
}

for (const [precision, optimizer] of [
  ['single', { name: 'adam' }],
  ['single', { name: 'sgd', momentum: 0.9 }],
  ['double', { name: 'adam' }],
] as const) {
  test(`${optimizer.name} in ${precision} precision has the same bits again, also from a saved state`, {
    tag: '@all',
  }, async ({ page }) => {
    await open(page);
    const options = { precision, optimizer, batchSize: 77, learningRate: 0.01, hidden: [37, 21] };
    const more = { ...options, parameters: undefined, dropout: 0.1, seed: 1 };
    const [first, again, resumed] = [
      await train(page, 'network', more, { steps: 60, every: 10 }),
      await train(page, 'network', more, { steps: 60, every: 10 }),
      await train(page, 'network', more, { steps: 60, every: 10, cut: 30 }),
    ];
    expect(first.chosen).toBe(`${NAMES[precision]}, one thread`);
    expect(first.state.length).toBeGreaterThan(1000);
    expect(again).toEqual(first);
    expect(resumed.state).toBe(first.state);
    expect(resumed.losses).toEqual(first.losses);
  });
}

test('any number of threads gives the same bits', { tag: '@all' }, async ({ page }) => {
  await open(page, ISOLATION);
  const runs: Run[] = [];
  for (const threads of [1, 2, 3, 3]) {
    // The products of a step are large enough to be shared.
    const options = { threads, hidden: [257, 130], parameters: undefined, learningRate: 0.1, seed: 1 };
    runs.push(await train(page, 'network', options, { steps: 20, every: 5 }));
  }
  const [{ state, losses }] = runs;
  const names = ['one thread', '2 threads', '3 threads', '3 threads'];
  for (const [i, run] of runs.entries()) {
    expect(run).toMatchObject({ chosen: `${NAMES.single}, ${names[i]}`, losses });
    expect(run.state === state).toBe(true);
  }
});

test('a page that is not isolated has one thread, and says so', { tag: '@all' }, async ({ page }) => {
  await open(page);
  const options = { threads: 2, hidden: [257, 130], parameters: undefined, seed: 1 };
  expect(await train(page, 'network', options, { steps: 1, every: 1 })).toMatchObject({
    chosen: `${NAMES.single}, one thread`,
    reason: 'no threads: the page is not cross-origin isolated',
  });
});

test.describe('the case study', { tag: '@all' }, () => {
  for (const [name, precision] of [
    ['linear', 'single'],
    ['linear', 'double'],
    ['network', 'double'],
  ] as const) {
    test(`${name} in ${precision} precision prints the published losses to 5e-6`, async ({ page }) => {
      const { caseStudy } = await import('../src/data/generators/case-study.ts');
      const { published, steps, every } = caseStudy[name];
      await open(page);
      const { chosen, losses, accuracy } = await train(page, name, { precision }, { steps, every });
      expect(chosen).toBe(`${NAMES[precision]}, one thread`);
      expect(losses.length).toBe(published.losses.length);
      for (const [i, loss] of losses.entries())
        expect(Math.abs(Number(loss.toFixed(6)) - published.losses[i])).toBeLessThanOrEqual(5e-6);
      expect(accuracy.toFixed(2)).toBe(published.accuracy);
    });
  }

  // The saddle multiplies the roundings of the first steps (tests/integration/training/case-study.test.ts).
  test('network in single precision begins and ends as published', async ({ page }) => {
    const { caseStudy } = await import('../src/data/generators/case-study.ts');
    const { published, steps, every } = caseStudy.network;
    await open(page);
    const { chosen, losses, accuracy } = await train(page, 'network', {}, { steps, every });
    expect(chosen).toBe(`${NAMES.single}, one thread`);
    expect(losses[0].toFixed(6)).toBe(published.losses[0].toFixed(6));
    for (const [i, loss] of losses.entries())
      if (i > 1) expect(Math.abs(loss - published.losses[i])).toBeLessThanOrEqual(i < 4 ? 0.007 : 0.002);
    expect(accuracy).toBeGreaterThanOrEqual(0.98);
  });
});

const RUN = `import { caseStudy, createTrainer } from '${LIBRARY}';
async function run() {
  const trainer = await createTrainer({ ...caseStudy.linear.options, backend: 'cpu' });
  await trainer.train(100);
  const { loss } = await trainer.measure();
  return { tuning: trainer.tuning, loss };
}
const result = await run().catch(String);`;

// A browser writes violations to the console, for which the fixture would fail the test.
base(
  'a page whose policy forbids WebAssembly trains with plain loops, and says so',
  {
    tag: '@all',
  },
  async ({ page }) => {
    const scripts = {
      '/main.js': `${RUN}
window.result = [result];
const worker = new Worker('/worker.js', { type: 'module' });
worker.onmessage = ({ data }) => window.result.push(data);`,
      '/worker.js': `${RUN}
postMessage(result);`,
    };
    library ??= await bundle();
    await open(page, { 'content-security-policy': "script-src 'self'; worker-src 'self'" }, scripts);
    const results = () => page.evaluate(() => Reflect.get(window, 'result') ?? []);
    await expect.poll(results).toHaveLength(2);
    for (const { tuning, loss } of await results()) {
      expect(tuning.chosen).toBe('plain loops');
      expect(tuning.reason).toMatch(/^WebAssembly is not allowed here \(.*Content Security Policy.*\)$/i);
      expect(loss).toBeLessThan(0.8);
    }
  },
);

base('the built page trains where a host forbids WebAssembly', { tag: '@all' }, async ({ page }) => {
  const site = new StaticSite('dist/page', '/spiralnet/');
  site.headers['content-security-policy'] = "script-src 'self'; worker-src 'self'";
  await site.start();
  await page.goto(`${site.url}#train?v=1&hidden=0&backend=cpu&steps=200`);
  const training = new TrainingPage(page);
  await training.trainToTheEnd();
  await expect.poll(async () => (await training.losses()).length).toBe(20);
  for (const { difference } of await training.losses())
    expect(Math.abs(difference)).toBeLessThanOrEqual(2e-6);
  await site.stop();
});
