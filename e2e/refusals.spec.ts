import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const REFUSED = /plan does not take this network\. The library says: .*at most one hidden layer.* put back/;

test('a plan that does not take the network leaves the run as it was, in the view Inside', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await page.goto('/#inside?v=1&hidden=8-8&init=he&steps=0');
  const controls = page.getByRole('region', { name: 'Within the step' });
  await expect(controls.getByRole('status')).toContainText('Step 0 → 1');
  await training.step.click();
  await expect(controls.getByRole('status')).toContainText('Step 1 → 2');
  await controls.getByLabel('Plan').selectOption('resident');
  await expect(page.getByRole('alert')).toContainText(REFUSED);
  await expect(training.status).toContainText('Paused at step 1');
  await expect(controls.getByLabel('Plan')).toHaveValue('auto');
  await expect(page).toHaveURL(/#inside\?v=1&hidden=8-8&init=he&steps=0$/);
  await expect(controls.getByRole('status')).toContainText('Step 1 → 2');
  await training.step.click();
  await expect(controls.getByRole('status')).toContainText('Step 2 → 3');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
});

test('a link whose turn takes such a plan is repeated up to there, and can train on', {
  tag: '@all',
}, async ({ page }) => {
  const training = new TrainingPage(page);
  const turns = '20,0.05,0.001,auto_40,0.05,0.001,resident_60,0.02,0.001,auto';
  await training.openLink(`hidden=8-8&init=he&rate=0.1&steps=90&at=80&then=${turns}`);
  await expect(page.getByRole('alert')).toContainText(REFUSED);
  await expect(training.status).toContainText('Paused at step 40');
  await expect(training.settings.getByLabel('Plan')).toHaveValue('auto');
  await expect(training.settings.getByRole('spinbutton', { name: 'Learning rate' })).toHaveValue('0.05');
  await training.trainToTheEnd();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a plan that does not take the network leaves a run in training', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8-8&init=he&rate=0.1&steps=0');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
  await training.choose('Plan', 'resident');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(REFUSED);
  await expect(training.status).toHaveText(/^Training\.\s*$/);
  await expect(training.settings.getByLabel('Plan')).toHaveValue('auto');
  await expect(page).toHaveURL(/&steps=0$/);
  const step = await training.figure('step');
  await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
  await expect(alert).toContainText(REFUSED);
  await training.pause.click();
  await expect(training.status).toContainText('Paused');
  await training.choose('Plan', 'fused');
  await expect(alert).toHaveCount(0);
  await expect(page).toHaveURL(/plan=fused/);
  await expect(training.status).toContainText('Paused');
});
