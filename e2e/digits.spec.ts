import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const FEW = 'data=digits&test=0.25&hidden=32&init=he&rate=0.01&optimizer=adam&batch=32&steps=60';

test('digits are learned: regions over components, images, confusions and figures', async ({ page }) => {
  const training = new TrainingPage(page);
  // A press counts, also while the digits load.
  let arrive = () => {};
  const pressed = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(/assets\/digits-text/, async (route) => {
    await pressed;
    await route.continue();
  });
  await training.openLink(FEW);
  await training.train.click();
  arrive();
  await expect(training.status).toContainText('Finished at step 60.');
  await expect(training.regions).toHaveAccessibleName(/^1,346 training points and 451 test points/);
  expect(await training.figure('test accuracy')).toBeGreaterThan(90);
  const regions = page.locator('figure.regions');
  await expect(regions).toContainText(
    /across: component 1, 15.% of the variance; up: component 2, 14.% of the variance/,
  );
  await expect(regions.locator('.legend li')).toHaveText([...'0123456789', 'test points are hollow']);
  // Ten classes have regions of their own colours.
  const colours = await training.regions.evaluate((canvas: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
    copy?.drawImage(canvas, 0, 0);
    const { data = [] } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
    const counts = new Map<number, number>();
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return [...counts.values()].filter((count) => count > 10_000).length;
  });
  expect(colours).toBeGreaterThanOrEqual(5);
  const tested = page.getByRole('table', { name: 'Test points' });
  await expect(tested.getByRole('columnheader')).toHaveText(['true ↓, predicted →', ...'0123456789']);
  const counts = (await tested.getByRole('cell').allInnerTexts()).map(Number);
  expect(counts.reduce((sum, count) => sum + count)).toBe(451);
  const network = page.getByRole('figure', { name: 'The network' });
  await expect(network.getByRole('button', { name: 'mean image of 64 pixels, 8 × 8' })).toBeVisible();
  await expect(network.getByRole('button', { name: 'probability of 9' })).toBeVisible();
  await expect(network.getByRole('switch')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'This run' })).toContainText(
    '64 → 32 → 10, 2,410 parameters',
  );
  await expect(page.getByRole('radio', { name: 'add' })).toHaveCount(0);
  await expect(regions).toContainText('Rows of a file cannot be edited here.');
  await expectAccessible(page);

  // Another plane leaves the run as it is.
  const before = (await training.picture()).fingerprint;
  await page.getByLabel('Drawn over').selectOption('two features');
  await page.getByLabel('Across').selectOption('p24');
  await page.getByLabel('Up', { exact: true }).selectOption('p34');
  await expect(regions).toContainText('across: p24; up: p34');
  await expect(page).toHaveURL(/axes=20-28/);
  expect(await training.figure('step')).toBe(60);
  await expect.poll(async () => (await training.picture()).fingerprint).not.toBe(before);
  // Raw pixels are another run.
  await training.settings.getByLabel('Scale pixels').uncheck();
  await expect(page).toHaveURL(/scaled=off/);
  await expect(training.status).toContainText('Untrained');
});

test('the preset of digits comes at a press, and other data come back', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await page.goto('/');
  await training.preset('Handwritten digits');
  await expect(training.status).toContainText('Untrained. A run is 1,000 steps.');
  await expect(training.settings.getByLabel('Classes', { exact: true })).toHaveCount(0);
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1');
  await page.goBack();
  await expect(training.status).toContainText('Untrained. A run is 10,000 steps.');
  await expect(training.regions).toHaveAccessibleName(/^300 training points over/);
});

test('the view Inside shows an image on its way', { tag: '@all' }, async ({ page }) => {
  await page.goto(`/#inside?v=1&${FEW}`);
  const sample = page.locator('.sample');
  await expect(sample.getByRole('img', { name: 'The image' })).toBeVisible();
  await expect(sample).toContainText(/scores/);
  await sample.getByRole('spinbutton').fill('3');
  await sample.getByRole('spinbutton').press('Enter');
  await expect(sample.getByRole('spinbutton')).toHaveValue('3');
  await expectAccessible(page, '.sample');
});

test.describe('in Korean, on a phone', () => {
  test.use({ locale: 'ko-KR', viewport: { width: 375, height: 667 } });

  test('digits are learned', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    await page.goto(`/#train?v=1&${FEW}`);
    await page.getByRole('button', { name: '학습', exact: true }).click();
    await expect(page.locator('.bar').getByRole('status')).toContainText('60스텝에서 끝났습니다');
    await expect(page.locator('figure.regions')).toContainText('가로: 1번 주성분 (분산의 15');
    await expect(page.getByRole('button', { name: '9의 확률' })).toBeVisible();
    expect(await training.overflow()).toBe(0);
    await expectAccessible(page);
  });
});
