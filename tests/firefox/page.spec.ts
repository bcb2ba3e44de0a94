import type { Browser } from 'puppeteer-core';
import type { PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launch, serve } from './browser.ts';
import { FirefoxPage } from './training-page.ts';

let server: PreviewServer;
let address: string;
let browser: Browser;
let opened: FirefoxPage[] = [];

beforeAll(async () => {
  server = await serve();
  address = server.resolvedUrls?.local[0] ?? '';
});
afterAll(() => server?.close());
afterEach(async () => {
  const faults = opened.flatMap((page) => page.faults);
  for (const { page } of opened) await page.close();
  opened = [];
  expect(faults).toEqual([]);
});

async function open(link = ''): Promise<FirefoxPage> {
  const page = await FirefoxPage.open(browser, `${address}${link}`);
  opened.push(page);
  return page;
}

const LINEAR = 'Linear classifier of the notes';
const NETWORK = 'Two-layer network of the notes';

/** Opens the page and chooses a run. */
async function openRun(preset: string): Promise<FirefoxPage> {
  const page = await open();
  await page.sees('Untrained');
  await page.choose('Preset', preset);
  await page.sees('Untrained');
  return page;
}

/** Expects all twenty losses of the linear classifier, as published except for rounding. */
async function expectLinearLosses(page: FirefoxPage): Promise<void> {
  const losses = await page.losses();
  expect(losses).toHaveLength(20);
  expect(losses[0].published).toBe(1.096956);
  expect(losses[19].published).toBe(0.786302);
  // The tolerance of single precision and of six printed decimals.
  for (const { own, published } of losses) expect(Math.abs(own - published)).toBeLessThanOrEqual(2e-6);
  expect(await page.accuracy()).toBe('0.49');
}

describe('with WebGPU', () => {
  beforeAll(async () => {
    browser = await launch({ webgpu: true });
  });
  afterAll(() => browser?.close());

  test('trains the linear classifier on the GPU to the published losses, and names the adapter', async () => {
    const page = await openRun(LINEAR);
    const header = await page.text('header');
    expect(header).toContain('WebGPU');
    expect(header).not.toContain('no WebGPU');
    const software = await page.page.evaluate(async () => {
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
      return adapter?.info.isFallbackAdapter;
    });
    expect(header.includes('software, not a GPU')).toBe(software);
    await page.press('Train');
    await page.sees('Finished');
    await expectLinearLosses(page);
    expect(await page.figure('step')).toBe(200);
  });

  test('trains the network', async () => {
    const page = await openRun(NETWORK);
    await page.press('Train');
    await page.sees('Finished', 150_000);
    const losses = await page.losses();
    expect(losses).toHaveLength(10);
    expect(Math.abs(losses[0].own - 1.098744)).toBeLessThanOrEqual(1e-6);
    // Around iteration 1000 training leaves the saddle sooner or later (docs/numerics.md). From
    // iteration 2000 on this does not matter.
    for (const { own, published } of losses.slice(2))
      expect(Math.abs(own - published)).toBeLessThanOrEqual(0.02);
    expect(Math.abs(losses[9].own - 0.245292)).toBeLessThanOrEqual(0.002);
    expect(await page.figure('accuracy')).toBeGreaterThanOrEqual(98);
  }, 180_000);

  test('has the published linear losses in double precision too', async () => {
    const page = await openRun(LINEAR);
    await page.choose('Precision', 'double');
    await page.sees('Untrained');
    expect(await page.text('header')).toContain('WebGPU');
    await page.press('Train');
    await page.sees('Finished', 60_000);
    await expectLinearLosses(page);
  }, 90_000);

  test('rewinds, and repeats the run', async () => {
    const page = await openRun(LINEAR);
    for (const step of [1, 2, 3]) {
      await page.press('Step');
      await page.sees(`Paused at step ${step} `);
    }
    const loss = await page.figure('loss');
    await page.press('Rewind');
    await page.sees('Untrained');
    expect(await page.figure('step')).toBe(0);
    for (const step of [1, 2, 3]) {
      await page.press('Step');
      await page.sees(`Paused at step ${step} `);
    }
    expect(await page.figure('loss')).toBe(loss);
  });

  test('repeats a run by a link', async () => {
    const page = await open('#train?v=1&hidden=16&init=he&at=150');
    await page.sees('Paused at step 150 ');
    const loss = await page.figure('loss');
    expect(loss).toBeLessThan(1.2);
    const again = await open('#train?v=1&hidden=16&init=he&at=150');
    await again.sees('Paused at step 150 ');
    expect(await again.figure('loss')).toBe(loss);
  });

  test('goes through a step in the view Inside', async () => {
    const page = await open('#inside?v=1&plan=layered');
    await page.sees('Step 0 → 1: operation 3 of 13, plan layered.');
    await page.press('Next →');
    await page.sees('operation 4 of 13');
    await page.press('Backward pass');
    await page.sees('operation 9 of 13');
    await page.press('Whole step');
    await page.sees('Step 1 → 2: operation 9 of 13');
    expect(await page.figure('step')).toBe(1);
  });

  test('measures in the view Benchmark', async () => {
    const page = await open('#benchmark');
    await page.sees('Nothing measured yet.');
    await page.page.evaluate(() => {
      const radios = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')];
      const named = (name: string) =>
        radios.find(({ labels }) => labels?.[0]?.innerText.trim().startsWith(name));
      for (const name of ['Linear classifier', 'Quick']) named(name)?.click();
    });
    await page.press('Measure');
    await page.sees('Measured in', 150_000);
  }, 180_000);

  test('speaks Korean', async () => {
    const page = await open();
    await page.sees('Untrained');
    await page.choose('Language', 'ko');
    await page.sees('학습 전');
    expect(await page.page.evaluate(() => document.documentElement.lang)).toBe('ko');
    const named = await page.page.evaluate(async () => {
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
      return Boolean(adapter?.info.vendor || adapter?.info.description);
    });
    expect((await page.text('header')).includes('이름 없는 어댑터')).toBe(!named);
  });
});

describe('without WebGPU', () => {
  beforeAll(async () => {
    browser = await launch({ webgpu: false });
  });
  afterAll(() => browser?.close());

  test('says so and trains on the CPU to the same figures', async () => {
    const page = await openRun(LINEAR);
    expect(await page.page.evaluate(() => navigator.gpu === undefined)).toBe(true);
    await page.sees('This browser has no WebGPU. Training runs on the CPU');
    await page.sees('CPU · no GPU');
    await page.press('Train');
    await page.sees('Finished');
    await expectLinearLosses(page);
  });
});
