import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

test('without WebGPU the page says so and trains on the CPU to the same figures', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
  await changeWorker(page, "Reflect.deleteProperty(WorkerNavigator.prototype, 'gpu');");
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false);
  expect(await training.worker().evaluate(() => 'gpu' in navigator)).toBe(false);

  await expect(page.getByText('This browser has no WebGPU. Training runs on the CPU')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('CPU · no GPU');
  await expect(training.timing).toContainText('nothing to compare');
  const untrained = await training.picture();
  await training.trainToTheEnd();
  const losses = await training.losses();
  expect(losses).toHaveLength(20);
  for (const { difference } of losses) expect(Math.abs(difference)).toBeLessThanOrEqual(2e-6);
  expect(await training.accuracy()).toEqual(['0.49', '0.49']);
  expect((await training.picture()).fingerprint).not.toBe(untrained.fingerprint);
});

test('without a graphics adapter training on the CPU can be paused, stepped and rewound', {
  tag: '@all',
}, async ({ page }) => {
  await changeWorker(page, 'GPU.prototype.requestAdapter = async () => null;');
  const training = new TrainingPage(page);
  await training.openLink('hidden=100&steps=0');
  await expect(training.status).toContainText('Untrained');
  await expect(page.getByText('it found no graphics adapter that it can use.').first()).toBeVisible();
  const picture = await training.picture();
  const paused = await training.trainAndPause();
  await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(paused + 1);
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  expect(await training.picture()).toEqual(picture);
});

test.describe('a lost device', () => {
  const lose = (training: TrainingPage) =>
    training.worker().evaluate(() => (Reflect.get(self, 'lastDevice') as GPUDevice).destroy());

  test.beforeEach(({ page }) =>
    changeWorker(
      page,
      `const request = GPUAdapter.prototype.requestDevice;
       GPUAdapter.prototype.requestDevice = async function (...options) {
         self.lastDevice = await request.apply(this, options);
         self.devices = (self.devices ?? 0) + 1;
         return self.lastDevice;
       };`,
    ),
  );

  test('is replaced while a run goes on, which the page tells, and changes no figure', async ({ page }) => {
    const training = new TrainingPage(page);
    await training.open('Linear classifier', 'Double');
    // Slowly, so that it is lost on the way.
    await training.enter('Speed', '10');
    await expect(training.status).toContainText('Untrained');
    await training.train.click();
    await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
    await lose(training);
    await expect(page.locator('.notice')).toContainText(
      /lost the GPU.*training went on from step \d+ on a new device, with the same numbers/,
    );
    await training.enter('Speed', '0');
    await expect(training.status).toContainText('Finished at step 200');
    const losses = await training.losses();
    expect(losses.length).toBe(20);
    for (const { own, published } of losses) expect(own).toBe(published);
    await expect(page.getByRole('alert')).toHaveCount(0);

    await training.rewind.click();
    await expect(training.status).toContainText('Untrained');
  });

  test('while nothing runs is replaced when it is needed', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    await training.open('Two-layer network');
    await lose(training);
    await training.trainAndPause();
    await expect(page.locator('.notice')).toContainText('on a new device');
    expect((await training.losses())[0].own).toBe(1.098744);
  });

  test('for the third time leaves training to the CPU', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    // Long enough on fast machines too.
    await training.openLink('hidden=100&steps=200000');
    await expect(training.status).toContainText('Untrained');
    const devices = () => training.worker().evaluate(() => Reflect.get(self, 'devices') as number);
    await training.train.click();
    for (const place of ['a new device', 'a new device', 'the CPU']) {
      const step = await training.figure('step');
      await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
      const before = await devices();
      await lose(training);
      await expect(page.locator('.notice')).toContainText(`on ${place}`);
      // The second notice may read as the first did.
      if (place !== 'the CPU') await expect.poll(devices).toBe(before + 1);
    }
    await expect(page.getByRole('banner')).toContainText('CPU');
    const step = await training.figure('step');
    await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
    await training.pause.click();
    await expect(training.status).toContainText('Paused');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});
