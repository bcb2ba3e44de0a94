import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the run pauses, steps and rewinds', async ({ page }) => {
  const training = new TrainingPage(page);
  // A run without an end: a fast machine would reach the end before the pause.
  await training.openLink('hidden=8&init=he&steps=0');
  await expect(training.status).toContainText('Untrained');
  expect(await training.figure('step')).toBe(0);
  const loss = await training.figure('loss');
  const picture = await training.picture();

  const paused = await training.trainAndPause();
  expect(paused).toBeGreaterThan(0);
  expect((await training.picture()).fingerprint).not.toBe(picture.fingerprint);
  await page.waitForTimeout(500);
  expect(await training.figure('step')).toBe(paused);

  await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(paused + 1);
  await page.waitForTimeout(300);
  expect(await training.figure('step')).toBe(paused + 1);

  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(paused + 1);
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  expect(await training.figure('step')).toBe(0);
  expect(await training.figure('loss')).toBe(loss);
  expect(await training.picture()).toEqual(picture);
});

test('a run that was paused goes on to the published losses', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  for (const step of [1, 2, 3]) {
    await training.step.click();
    await expect(training.status).toContainText(`Paused at step ${step} `);
  }
  await training.trainToTheEnd();
  for (const { difference } of await training.losses())
    expect(Math.abs(difference)).toBeLessThanOrEqual(2e-6);

  await expect(training.step).toBeDisabled();
  await expect(training.step).toHaveAttribute('title', /Rewind/);
});

test('fast presses of Step are all applied', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  await training.step.evaluate((button: HTMLButtonElement) => {
    for (let i = 0; i < 40; i++) button.click();
  });
  await expect(training.status).toContainText('Paused at step 40 ');
});

for (const [speed, wait] of [
  ['quick', async () => {}],
  ['slow', (training: TrainingPage) => expect(training.pause).toBeVisible()],
] as const) {
  test(`a ${speed} double click on Train trains`, { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    await training.openLink('hidden=100&steps=0');
    await expect(training.status).toContainText('Untrained');
    await training.train.hover();
    for (const clickCount of [1, 2]) {
      await page.mouse.down({ clickCount });
      await page.mouse.up({ clickCount });
      await wait(training);
    }
    const step = await training.figure('step');
    await expect.poll(() => training.figure('step')).toBeGreaterThan(step + 200);
    await expect(training.pause).toBeVisible();
    await training.pause.click();
    await expect(training.status).toContainText('Paused');
  });
}

test('trains for a chosen number of steps, and for an epoch', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('batch=32');
  await expect(training.status).toContainText('Untrained');
  const bar = page.getByRole('region', { name: 'Training' });
  await bar.getByLabel('Steps at a time').selectOption('100 steps');
  await bar.getByRole('button', { name: 'Go' }).click();
  await expect(training.status).toContainText('Paused at step 100 ');
  await bar.getByLabel('Steps at a time').selectOption('Epoch');
  await bar.getByRole('button', { name: 'Go' }).click();
  // 300 points, 32 at a time.
  await expect(training.status).toContainText('Paused at step 110 ');
});

test('the page can be used with the keyboard alone', async ({ page }) => {
  const training = new TrainingPage(page);
  await page.goto('/#train?v=1&hidden=0&steps=200');
  await expect(training.status).toContainText('Untrained. A run is 200 steps.');
  // Its code comes after the first picture.
  await expect(page.getByRole('button', { name: 'Copy link' })).toBeEnabled();
  for (const name of ['Train', 'Learn', 'Inside', 'Benchmark']) {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name })).toBeFocused();
  }
  for (const name of ['Copy link', 'Take away', 'Theme', 'Language', 'Help and keyboard shortcuts']) {
    await page.keyboard.press('Tab');
    await expect(page.getByLabel(name).or(page.getByRole('button', { name }))).toBeFocused();
  }
  await page.keyboard.press('Tab');
  await expect(training.train).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(training.status).toContainText('Finished');
  await expect(training.train).toBeFocused();
  for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
  await expect(training.rewind).toBeFocused();
  await page.keyboard.press('Space');
  await expect(training.status).toContainText('Untrained');
});

test('single keys train, step and rewind, and can be switched off', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await page.keyboard.press('s');
  await expect(training.status).toContainText('Paused at step 1 ');
  await page.keyboard.press('t');
  await expect(training.status).toContainText('Finished');
  await page.keyboard.press('r');
  await expect(training.status).toContainText('Untrained');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await expect(help).toContainText('train or pause');
  await help.getByLabel('Use single keys as shortcuts').uncheck();
  await help.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('s');
  await page.waitForTimeout(300);
  await expect(training.status).toContainText('Untrained');
});

test.describe('first screen', () => {
  for (const [i, [width, height]] of [
    [1280, 720],
    [375, 667],
    [320, 568],
  ].entries()) {
    test(`at ${width} × ${height} has Train in view and does not scroll sideways`, {
      tag: i > 0 ? '@all' : [],
    }, async ({ page }) => {
      await page.setViewportSize({ width, height });
      const training = new TrainingPage(page);
      await page.goto('/');
      await expect(training.status).toContainText('Untrained');
      await expect(training.train).toBeInViewport({ ratio: 1 });
      await expect(training.regions).toBeInViewport({ ratio: 0.5 });
      await training.train.click();
      await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
      expect(await training.overflow()).toBe(0);
      // The bar stays in view when the page scrolls. Pause may be gone by then: a run takes only
      // seconds.
      await page.mouse.wheel(0, 2000);
      await expect(training.rewind).toBeInViewport({ ratio: 1 });
    });
  }
});

test('nothing is cut off or scrolls sideways when the window narrows after a run', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await training.trainToTheEnd();
  await training.time();
  for (const width of [1280, 1100, 1024, 901, 880, 800, 520, 375, 320]) {
    await page.setViewportSize({ width, height: 700 });
    await expect.poll(() => training.overflow(), { message: `at ${width} pixels` }).toBe(0);
  }
});

test('a run that is paused again and again has every figure of the printout', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  for (let i = 0; i < 8; i++) {
    await training.train.click();
    await page.waitForTimeout(30);
    if (await training.pause.isVisible()) await training.pause.click({ timeout: 1000 }).catch(() => {});
    await expect(training.status).not.toContainText('Training');
    await expect(page.getByRole('main')).not.toContainText('NaN');
    if ((await training.figure('step')) === 200) break;
  }
  if ((await training.figure('step')) < 200) await training.trainToTheEnd();
  for (const { difference } of await training.losses())
    expect(Math.abs(difference)).toBeLessThanOrEqual(2e-6);
});
