import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { mainThreadTasks } from './main-thread.ts';
import { TrainingPage } from './training-page.ts';

for (const locale of ['en-US', 'ko-KR'])
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [1440, 900],
      [375, 667],
    ])
      test.describe(`${locale}, ${colorScheme}, ${width} pixels`, {
        // The default tier covers each pair of settings once.
        tag: [locale === 'en-US', colorScheme === 'light', width === 1440].every(
          (value, _, [first]) => value === first,
        )
          ? []
          : '@all',
      }, () => {
        test.use({ locale, colorScheme, viewport: { width, height } });

        test('the Train view has no barrier', async ({ page }) => {
          const training = new TrainingPage(page);
          await training.openLink('hidden=6-6&init=he&test=0.2&steps=5');
          const status = page.locator('.bar').getByRole('status');
          await expect(status).toContainText(locale === 'ko-KR' ? '학습 전' : 'Untrained');
          await page.locator('.bar .buttons button').first().click();
          await expect(status).toContainText(locale === 'ko-KR' ? '끝났습니다' : 'Finished');
          for (const summary of await page.locator('main summary').all()) {
            if (!(await summary.evaluate((element) => (element.parentElement as HTMLDetailsElement).open)))
              await summary.click();
          }
          expect(await training.overflow()).toBe(0);
          await expectAccessible(page);
          await page
            .locator('header')
            .getByRole('button', { name: /Help|도움말/ })
            .click();
          await expect(page.getByRole('dialog')).toBeVisible();
          await expectAccessible(page, 'dialog');
        });

        test('the Benchmark view has no barrier', async ({ page }) => {
          await page.goto('/#benchmark');
          await expect(page.getByRole('button', { name: /Measure|재기/ })).toBeVisible();
          await expectAccessible(page);
          for (const model of ['own', 'train']) {
            await page.locator(`input[name="benchmark-model"][value="${model}"]`).check();
            await expectAccessible(page, 'main');
          }
        });
      });

test('the theme and the language can be chosen and are kept', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByLabel('Theme').selectOption('dark');
  expect(await background()).not.toBe(light);
  await page.getByLabel('Language').selectOption('ko');
  await expect(page.getByRole('button', { name: '학습', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await page.reload();
  await expect(page.getByRole('button', { name: '학습', exact: true })).toBeVisible();
  expect(await background()).not.toBe(light);
});

test('the main thread is never held for 50 ms while a network of 1024 units trains', { tag: '@all' }, async ({
  page,
  browser,
}) => {
  await page.addInitScript(() => {
    const long: number[] = [];
    Reflect.set(window, 'longTasks', long);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: 'longtask' });
  });
  const training = new TrainingPage(page);
  await training.openLink('hidden=1024&init=he&rate=0.1&steps=0');
  await expect(training.status).toContainText('Untrained');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
  await browser.startTracing(page, { categories: ['toplevel'] });
  // A busy machine may delay a task for want of a core: one of three windows of five seconds must
  // have no long task.
  await expect(async () => {
    await page.evaluate(() => Reflect.get(window, 'longTasks').splice(0));
    await page.waitForTimeout(5000);
    expect(await page.evaluate(() => Reflect.get(window, 'longTasks'))).toEqual([]);
  }).toPass({ timeout: 16_000 });
  // By the clock of the thread, no task at all computes for so long.
  const computed = await mainThreadTasks(browser);
  // The test sees tasks at all: a slow machine drew 20 pictures a second, a task each.
  expect(computed.length).toBeGreaterThan(10);
  expect(Math.max(...computed)).toBeLessThan(50);
});
