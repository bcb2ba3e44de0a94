import { BenchmarkPage } from './benchmark-page.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('each view has an address, and Back and Forward go between them', async ({ page }) => {
  const training = new TrainingPage(page);
  const benchmark = new BenchmarkPage(page);
  await training.open('Linear classifier');
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1 ');
  const picture = await training.picture();
  const views = page.getByRole('navigation', { name: 'Views' });
  await expect(views.getByRole('link', { name: 'Train' })).toHaveAttribute('aria-current', 'page');

  await views.getByRole('link', { name: 'Benchmark' }).click();
  await expect(page).toHaveURL(/#benchmark(\?|$)/);
  await expect(page).toHaveTitle(/^Benchmark/);
  await expect(benchmark.measure).toBeInViewport({ ratio: 1 });
  await expect(views.getByRole('link', { name: 'Benchmark' })).toHaveAttribute('aria-current', 'page');
  await expect(training.train).toHaveCount(0);

  await page.goBack();
  await expect(training.status).toContainText('Paused at step 1 ');
  await expect(page).toHaveTitle(/^spiralnet/);
  expect(await training.picture()).toEqual(picture);
  await page.goForward();
  await expect(benchmark.measure).toBeVisible();

  await page.goto('/#train');
  await expect(training.train).toBeVisible();
});

for (const [width, height] of [
  [1280, 720],
  [375, 667],
]) {
  test(`at ${width} × ${height} the benchmark begins with its button in view`, { tag: '@all' }, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await page.goto('/#benchmark');
    const benchmark = new BenchmarkPage(page);
    await expect(benchmark.measure).toBeInViewport({ ratio: 1 });
    expect(await new TrainingPage(page).overflow()).toBe(0);
  });
}
