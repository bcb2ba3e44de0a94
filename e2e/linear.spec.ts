import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('trains the linear classifier on the GPU to the published losses', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  await expect(page.getByRole('banner')).not.toContainText('no WebGPU');
  await training.trainToTheEnd();

  const losses = await training.losses();
  expect(losses.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 20 }, (_, i) => i * 10));
  expect(losses[0].published).toBe(1.096956);
  expect(losses[19].published).toBe(0.786302);
  for (const { own, published, difference } of losses) {
    // Single precision rounds, and both losses are printed to six decimals.
    expect(Math.abs(own - published)).toBeLessThanOrEqual(2e-6);
    expect(Math.abs(difference)).toBeLessThanOrEqual(2e-6);
  }
  expect(await training.accuracy()).toEqual(['0.49', '0.49']);
  expect(await training.figure('step')).toBe(200);
});

test('shows steps per second of the GPU and of the CPU when asked, and again', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await training.trainToTheEnd();

  for (const again of [false, true]) {
    // The earlier result disappears at once, however soon the next one comes.
    if (again)
      await training.timing.getByRole('table').evaluate((table) => table.setAttribute('data-old', ''));
    await training.timing.getByRole('button', { name: 'Time both' }).click();
    await expect(training.timing.getByRole('button', { name: 'Cancel timing' })).toBeVisible();
    await expect(training.timing.locator('[data-old]'), `again: ${again}`).toHaveCount(0);
    await expect(training.timing).toContainText('times as fast');
    const rows = await Promise.all(
      ['GPU', 'CPU'].map(async (name) => {
        const row = training.timing.getByRole('row', { name: new RegExp(`^${name}`) });
        return (await row.getByRole('cell').allInnerTexts()).map((text) => text.replaceAll(',', ''));
      }),
    );
    for (const [median, spread] of rows) {
      const [slowest, fastest] = spread.split(' to ').map(Number);
      expect(slowest).toBeGreaterThan(0);
      expect(Number(median)).toBeGreaterThanOrEqual(slowest);
      expect(fastest).toBeGreaterThanOrEqual(Number(median));
    }
    const [gpuLoss, cpuLoss] = rows.map((cells) => Number(cells[2]));
    expect(Math.abs(gpuLoss - cpuLoss)).toBeLessThanOrEqual(2e-6);
  }
});

test('training ends a running timing', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await training.timing.getByRole('button', { name: 'Time both' }).click();
  await expect(training.timing.getByRole('progressbar')).toBeVisible();
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1 ');
  await expect(training.timing.getByRole('button', { name: 'Time both' })).toBeVisible();
  await expect(training.timing.getByRole('table')).toHaveCount(0);
});

test('the picture has three regions, and changes as the model learns', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  const untrained = await training.picture();
  await training.trainToTheEnd();
  const trained = await training.picture();
  expect(trained.fingerprint).not.toBe(untrained.fingerprint);
  const all = trained.fills.reduce((sum, count) => sum + count, 0);
  for (const count of trained.fills) expect(count / all).toBeGreaterThan(0.15);
});
