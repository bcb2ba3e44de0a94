import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the JavaScript of the page as it opens is below 80 KB, compressed', async ({ page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('.js')) scripts.push(pathname);
  });
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  // The page's and the worker's; other views and languages come when they are wanted.
  expect(new Set(scripts).size).toBeGreaterThanOrEqual(2);
  const sizes = [...new Set(scripts)].map((path) => gzipSync(readFileSync(`dist/page${path}`)).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(80_000);
});

test('which plan was fastest is kept for the next visit', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  const plan = page.getByRole('region', { name: 'This run' }).locator('dt:text-is("Plan") + dd');
  await expect(plan).toContainText('not measured yet');
  await training.train.click();
  await expect(plan).toContainText(/the fastest of \d+ of \d+ candidates here/, { timeout: 60_000 });
  await page.reload();
  await expect(plan).toContainText('found before for this adapter, shape and version');
});

for (const stored of ['{', '{"a":1}', '[1,["a"],["b",2]]', 'null']) {
  test(`what is stored may be anything: ${stored}`, async ({ page }) => {
    await page.addInitScript((text) => localStorage.setItem('spiralnet found plans 1', text), stored);
    const training = new TrainingPage(page);
    await training.open('Linear classifier');
    await training.trainToTheEnd();
  });
}
