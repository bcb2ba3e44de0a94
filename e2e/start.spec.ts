import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Request } from 'playwright/test';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the page opens with at most 100 KB of compressed JavaScript', async ({ page }) => {
  const requests: Request[] = [];
  page.on('request', (request) => void requests.push(request));
  await page.goto('/');
  // The pictures of the units come a little later.
  const opened = await page.waitForFunction(
    () => document.body.innerText.includes('Untrained') && performance.timeOrigin + performance.now(),
    undefined,
    { polling: 'raf' },
  );
  const end = Number(await opened.jsonValue());
  const scripts = requests
    .filter((request) => request.timing().startTime <= end)
    .map((request) => new URL(request.url()).pathname)
    .filter((path) => path.endsWith('.js'));
  // The scripts of the page and the worker; other views and languages load on demand.
  expect(new Set(scripts).size).toBeGreaterThanOrEqual(2);
  const sizes = [...new Set(scripts)].map((path) => gzipSync(readFileSync(`dist/page${path}`)).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(100_000);
});

test('the fastest plan is stored for the next visit', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=2000');
  await expect(training.plan).toContainText('not measured yet');
  await training.trainUntilTuned();
  await page.reload();
  await expect(training.plan).toContainText('found before for this adapter, shape and version');
});

for (const [i, stored] of ['{', '{"a":1}', '[1,["a"],["b",2]]', 'null'].entries()) {
  test(`anything may be stored: ${stored}`, { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
    await page.addInitScript((text) => localStorage.setItem('spiralnet found plans 1', text), stored);
    const training = new TrainingPage(page);
    await training.open('Linear classifier');
    await training.trainToTheEnd();
  });
}
