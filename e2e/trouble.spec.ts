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

test('without a graphics adapter training on the CPU can be paused, stepped and rewound', async ({
  page,
}) => {
  await changeWorker(page, 'GPU.prototype.requestAdapter = async () => null;');
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  await expect(page.getByText('it found no graphics adapter that it can use.').first()).toBeVisible();
  const picture = await training.picture();
  const paused = await training.trainAndPause();
  expect(paused).toBeLessThan(10_000);
  await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(paused + 1);
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  expect(await training.picture()).toEqual(picture);
});

test('a lost device is explained, and rewinding trains again', async ({ page }) => {
  await changeWorker(
    page,
    `const request = GPUAdapter.prototype.requestDevice;
     GPUAdapter.prototype.requestDevice = async function (...options) {
       return (self.lastDevice = await request.apply(this, options));
     };`,
  );
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
  await training.worker().evaluate(() => (Reflect.get(self, 'lastDevice') as GPUDevice).destroy());

  await expect(page.getByRole('alert')).toContainText(/lost the GPU.* is kept\. Rewind/);
  await expect(training.status).toContainText('Stopped');
  await expect(training.train).toBeDisabled();
  expect((await training.losses())[0].own).toBe(1.098744);

  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await training.trainAndPause();
});
