import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Request } from 'playwright/test';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the page opens with at most 100 KB of compressed JavaScript', async ({ page }) => {
  const requests: Request[] = [];
  page.on('request', (request) => void requests.push(request));
  // The page itself keeps the moment: a busy machine would ask it too late.
  await page.addInitScript(() => {
    // An observer is told before the next task, which may load what comes later.
    const observer = new MutationObserver(() => {
      if (!document.body?.textContent?.includes('Untrained')) return;
      Reflect.set(window, 'openedAt', performance.now());
      observer.disconnect();
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
  });
  await page.goto('/');
  // The settings, the curves and the pictures of the units come a little later.
  await expect(page.getByRole('figure', { name: 'Curves' })).toBeVisible();
  const { end, later } = await page.evaluate(() => {
    const openedAt = Number(Reflect.get(window, 'openedAt'));
    const loaded = performance.getEntriesByType('resource');
    const later = loaded.filter(({ startTime }) => startTime > openedAt).map(({ name }) => name);
    return { end: performance.timeOrigin + openedAt, later };
  });
  const scripts = requests
    // A request that is not answered yet has no time.
    .filter((request) => request.timing().startTime > 0 && request.timing().startTime <= end)
    // The page's own times are exact. Those of the worker's requests are by the clock of the machine.
    .filter((request) => !later.includes(request.url()))
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
