import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright/test';
import { build } from 'vite';
import { tool } from '../scripts/process.js';
import { test as base, expect } from './fixture.ts';
import { StaticSite } from './static-site.ts';
import { SMALL_RUN, tour, visit } from './tour.ts';

const TITLE = 'spiralnet – neural networks trained on your GPU';
const NEXT_TITLE = 'spiralnet, the next build';
/** Text of the view Benchmark, whose code loads when it is opened. */
const WAITING = 'Nothing measured yet.';
const NEXT_WAITING = 'Nothing measured yet by the next build.';

const test = base.extend<{ site: StaticSite }, { nextBuild: string }>({
  serviceWorkers: 'allow',
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
  site: async ({}, use) => {
    const site = new StaticSite('dist/page', '/any/deep/path/');
    await site.start();
    await use(site);
    await site.stop();
    expect(site.answers.filter((answer) => !/^(200|301) \/any\/deep\/path(\/|$)/.test(answer))).toEqual([]);
  },
  baseURL: ({ site }, use) => use(site.url),
  nextBuild: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'spiralnet-next-'));
      const changes = { [TITLE]: NEXT_TITLE, [WAITING]: NEXT_WAITING };
      await build({
        logLevel: 'error',
        build: { outDir: folder, emptyOutDir: true, sourcemap: false },
        plugins: [
          {
            name: 'another-text',
            transform: (code) =>
              Object.entries(changes).reduce((text, [from, to]) => text.replaceAll(from, to), code),
          },
        ],
      });
      await use(folder);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

/** Waits until the page works without its network. */
async function kept(page: Page): Promise<void> {
  await expect(page.locator('figure.network')).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

/** Stops the server, and tells the browser that it has no network. */
async function goOffline(site: StaticSite, context: BrowserContext): Promise<void> {
  await site.stop();
  await context.setOffline(true);
}

async function goOnline(site: StaticSite, context: BrowserContext): Promise<void> {
  await site.start();
  await context.setOffline(false);
}

async function openBenchmark(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Benchmark' }).click();
}

const caches = (page: Page) => page.evaluate(() => window.caches.keys());
const waiting = (page: Page) =>
  page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));

test('the built page works in any folder of a site, and requests nothing outside of it', async ({
  page,
  site,
}) => {
  await page.goto(site.url.slice(0, -1));
  expect(page.url()).toBe(site.url);
  await kept(page);
  const scope = await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.scope);
  expect(scope).toBe(site.url);
  await visit(page);
  await page.getByLabel('Language').selectOption('ko');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await page.goto(`${site.url}index.html#inside`);
  await expect(page.locator('.step-controls')).toBeVisible();
  expect(site.answers.filter((answer) => answer.endsWith('.js')).length).toBeGreaterThan(10);
});

test('after a visit every view works without a network, in both languages', async ({
  page,
  site,
  context,
}) => {
  await page.goto(`${site.url}${SMALL_RUN}`);
  await kept(page);
  await goOffline(site, context);
  await page.reload();
  // The service worker's headers count from the second visit on.
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await tour(page);
  await page.getByLabel('Language').selectOption('ko');
  await visit(page, 'ko');
  await page.goto(`${site.url}index.html?from=somewhere#train`);
  await expect(page.locator('figure.network')).toBeVisible();
});

test('a page that loses its network on the first visit still opens all views', {
  tag: '@all',
}, async ({ page, site, context }) => {
  await page.goto(`${site.url}${SMALL_RUN}`);
  await kept(page);
  await goOffline(site, context);
  await tour(page);
  await page.getByLabel('Language').selectOption('ko');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
});

test('a new build takes the place of the old one, and no page has parts of both', async ({
  page: old,
  site,
  context,
  nextBuild,
}) => {
  await old.goto(site.url);
  await kept(old);
  const [oldCache, ...others] = await caches(old);
  expect(others).toEqual([]);

  site.folder = nextBuild;
  const next = await context.newPage();
  await next.goto(site.url);
  await expect(next).toHaveTitle(NEXT_TITLE);
  await openBenchmark(next);
  await expect(next.getByText(NEXT_WAITING)).toBeVisible();
  await expect.poll(() => waiting(next)).toBe(true);
  const [nextCache] = (await caches(next)).filter((name) => name !== oldCache);

  // The open page still has files that the server no longer has.
  await expect(old).toHaveTitle(TITLE);
  await openBenchmark(old);
  await expect(old.getByText(WAITING)).toBeVisible();

  await goOffline(site, context);
  await next.reload();
  await expect(next).toHaveTitle(/^Benchmark/);
  await expect(next.getByText(NEXT_WAITING)).toBeVisible();
  await old.getByRole('link', { name: 'Inside' }).click();
  await expect(old.locator('.step-controls')).toBeVisible();

  await goOnline(site, context);
  await old.close();
  await next.close();
  const last = await context.newPage();
  // The new worker takes over when no page of the old one is open, which the browser may notice
  // late.
  const cachesAnew = async () => {
    await last.goto('about:blank');
    await last.goto(site.url);
    return caches(last);
  };
  await expect.poll(cachesAnew).toEqual([nextCache]);
  await goOffline(site, context);
  await last.reload();
  await expect(last).toHaveTitle(NEXT_TITLE);
});

test('half of a new build, as a host may have for a moment, is not stored', { tag: '@all' }, async ({
  page,
  site,
  context,
  nextBuild,
}) => {
  await page.goto(site.url);
  await kept(page);
  const before = await caches(page);

  const half = await mkdtemp(join(tmpdir(), 'spiralnet-half-'));
  await cp(nextBuild, half, { recursive: true });
  await cp('dist/page/index.html', join(half, 'index.html'));
  site.folder = half;
  const refused = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update();
      const { installing } = registration ?? {};
      if (!installing) return 'nothing new';
      return new Promise((resolve) =>
        installing.addEventListener('statechange', () => resolve(installing.state)),
      );
    });
  expect(await refused()).toBe('redundant');
  expect(await caches(page)).toEqual(before);
  await goOffline(site, context);
  await page.reload();
  await expect(page).toHaveTitle(TITLE);
  await openBenchmark(page);
  await expect(page.getByText(WAITING)).toBeVisible();

  await goOnline(site, context);
  site.folder = nextBuild;
  await page.reload();
  await expect(page.getByText(NEXT_WAITING)).toBeVisible();
  await expect.poll(() => waiting(page)).toBe(true);
  await rm(half, { recursive: true });
});

const onVite = base.extend({
  serviceWorkers: 'allow',
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
  baseURL: async ({}, use) => {
    // A process of its own: a build in this one has made its Vite a production one.
    const { NODE_ENV: _, ...env } = process.env;
    const server = spawn(process.execPath, [tool('vite'), '--port', '0'], { env: { ...env, NO_COLOR: '1' } });
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      server.stdout.on('data', (text) => {
        output += text;
        const [found] = /http:\/\/localhost:\d+\S*/.exec(output) ?? [];
        if (found) resolve(found);
      });
      server.once('exit', (code) => reject(new Error(`Vite ended with ${code}: ${output}`)));
    });
    await use(address);
    server.kill();
  },
});

onVite(
  'npm start keeps nothing, so that every file is as it was edited last',
  { tag: '@all' },
  async ({ page }) => {
    await page.goto('/');
    await expect(page.locator('figure.network')).toBeVisible();
    await page.waitForLoadState('load');
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(
      0,
    );
    await expect(page.locator('meta[http-equiv]')).toHaveCount(0);
  },
);
