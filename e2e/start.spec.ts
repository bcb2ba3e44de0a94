import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the page’s JavaScript is below 80 KB, compressed', () => {
  const scripts = readdirSync('dist/page/assets').filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThanOrEqual(2);
  const sizes = scripts.map((name) => gzipSync(readFileSync(`dist/page/assets/${name}`)).length);
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
