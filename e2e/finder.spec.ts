import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the finder draws its trial, and one press takes its suggestion; the run stays', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=16&init=he&rate=0.001&schedule=step&every=500&steps=2000');
  await training.train.click();
  await expect(training.status).toContainText('Finished at step 2,000');
  const loss = await training.figure('loss');
  const finder = page.locator('.finder');
  await training.reveal(finder);
  await finder.getByRole('button', { name: 'Find a learning rate' }).click();
  const told = finder.getByRole('status');
  await expect(told).toContainText(
    /^From step 2,000 the loss falls fastest at about [\d.]+; the dot marks it/,
  );
  expect([await training.figure('step'), await training.figure('loss')]).toEqual([2000, loss]);
  await expect(finder.getByRole('img')).toHaveAccessibleName(/from 1e−6 to/);
  await expect(finder.locator('.other circle')).toHaveCount(1);
  await finder.getByText('Figures of the trial').click();
  const rates = await finder.getByRole('rowheader').allInnerTexts();
  expect(rates.length).toBeGreaterThanOrEqual(10);
  expect(rates[0]).toBe('1e−6');
  await expectAccessible(page, '.finder');
  const suggestion = /about ([\d.]+);/.exec(await told.innerText())?.[1];
  await finder.getByRole('button', { name: `Take ${suggestion}` }).click();
  await expect(page).toHaveURL(new RegExp(`rate=${suggestion?.replace('.', '\\.')}&schedule=step`));
  await expect(finder.getByRole('button', { name: `${suggestion} is taken` })).toBeVisible();
  // The run goes on with the rate.
  await training.enter('Stop at step', '2100');
  await training.trainToTheEnd();
  expect(await training.figure('loss')).toBeLessThan(loss);
});

test('the finder waits for training, and is cancelled', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=512-512&init=he&rate=0.001&backend=cpu&points=1000&speed=1');
  const finder = page.locator('.finder');
  const start = finder.getByRole('button', { name: 'Find a learning rate' });
  await training.train.click();
  await expect(training.pause).toBeVisible();
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await expect(finder).toContainText('Pause first');
  await training.pause.click();
  await expect(training.status).toContainText(/Paused|Untrained/);
  const step = await training.figure('step');
  await start.click();
  await expect(finder.getByRole('progressbar')).toBeVisible();
  await finder.getByRole('button', { name: 'Cancel the search' }).click();
  await expect(start).toHaveAttribute('aria-disabled', 'false');
  await expect(finder.getByRole('figure')).toHaveCount(0);
  expect(await training.figure('step')).toBe(step);
});
