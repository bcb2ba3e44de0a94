import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

const DAYS = 'hidden=1024-1024-1024-1024-1024-1024&points=2000&at=1e12';
/** A step takes seconds on a software adapter. */
const LARGE = 'hidden=1024-1024-1024-1024-1024-1024&init=he&rate=0.0001';
const QUESTION = /This link trains a network for [\d,]+ steps/;

/** Counts what the page asks of its worker, which begins all work. */
const COUNTED = `
  self.opened = [];
  self.addEventListener('message', ({ data }) => {
    if (data.type === 'open') self.opened.push(data.step);
  });`;

test('a link that would train for days asks first, with an estimate', async ({ page }) => {
  await changeWorker(page, COUNTED);
  const training = new TrainingPage(page);
  await training.openLink(DAYS);
  const question = page.getByRole('group', { name: QUESTION });
  await expect(question).toContainText('1,000,000,000,000 steps');
  await expect(question).toContainText(/[\d,]+ (days|years) on a fast graphics card/);
  await expect(question).toContainText(/[\d,]+ years without one/);
  await expect(training.status).toContainText('Waiting for your answer');
  const opened = async () => (await training.worker()).evaluate(() => Reflect.get(self, 'opened'));
  expect(await opened()).toEqual([]);
  // No key begins the work either.
  await page.keyboard.press(' ');
  await training.train.dispatchEvent('click');
  await expect(question).toBeVisible();
  expect(await opened()).toEqual([]);

  // Another network is a press.
  await training.openLink('hidden=8&init=he');
  await expect(question).toHaveCount(0);
  await expect(training.status).toContainText('Untrained');
});

test('the answer begins the run, or opens it untrained', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&rate=0.1&at=3000000&then=2000000,0.01,0.001,auto');
  const question = page.getByRole('group', { name: QUESTION });
  await question.getByRole('button', { name: 'Only open it' }).click();
  await expect(question).toHaveCount(0);
  await expect(training.status).toContainText('Untrained');
  await expect(training.settings.getByRole('spinbutton', { name: 'Learning rate' })).toHaveValue('0.1');
  await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(1);

  await page.goto('about:blank');
  await training.openLink('hidden=8&init=he&at=3000000');
  await question.getByRole('button', { name: 'Train' }).click();
  await expect(question).toHaveCount(0);
  await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
  await training.pause.click();
  // On a fast machine the run is past its last step by then.
  await expect(training.status).toContainText(/Paused|Finished/);
});

test('a link whose network alone is large asks before it opens it, in each view', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=1024-1024-1024-1024-1024-1024&points=2000&classes=6');
  const question = page.getByRole('group', { name: /This link opens a large network/ });
  await expect(question.getByRole('button')).toHaveText(['Open it']);
  await page.getByRole('link', { name: 'Inside' }).click();
  await expect(question).toBeVisible();
  await page.getByRole('link', { name: 'Train' }).click();
  // A smaller network needs no question.
  await training.preset('Linear classifier of the notes');
  await expect(question).toHaveCount(0);
  await expect(training.status).toContainText('Untrained');
});

test('the opening of a large network is cancelled by a press, and others open at once', {
  tag: '@all',
}, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(LARGE);
  const bar = page.getByRole('region', { name: 'Training' });
  await expect(bar).toContainText(/5\.3 million parameters; \d+ s so far/);
  await expect(bar.getByRole('progressbar', { name: 'Opening the network' })).toBeVisible();
  await training.train.click();
  await bar.getByRole('button', { name: 'Cancel' }).click();
  await expect(training.status).toContainText('Cancelled.');
  await expect(training.step).toHaveAttribute('title', 'Open the network first: Rewind.');
  // Other settings open it again, which can be cancelled again.
  const l2 = training.settings.getByRole('spinbutton', { name: 'L2' });
  await l2.fill('0.002');
  await l2.press('Enter');
  await expect(training.status).toContainText('Preparing.');
  await bar.getByRole('button', { name: 'Cancel' }).click();
  await expect(training.status).toContainText('Cancelled.');
  await training.preset('Linear classifier of the notes');
  await expect(training.status).toContainText('Untrained');
  await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(1);
});

test('a large network says how long a step takes, and pauses after it @all', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(LARGE);
  const bar = page.getByRole('region', { name: 'Training' });
  await bar.getByRole('button', { name: 'Cancel' }).click();
  // Train opens the network again, and trains it.
  await training.train.click();
  await expect(bar).toContainText(/5\.3 million parameters: about [\d.]+ s a step here/);
  await expect(bar.getByRole('progressbar', { name: /step under way/ })).toBeVisible();
  await training.pause.click();
  await expect(training.status).toContainText('Pausing after this step.');
  await expect(training.status).toContainText(/Paused at step [1-9]/);
  await expect(page.getByRole('figure', { name: 'Decision regions' })).toContainText(
    /computed at \d+ × \d+ places, as the network is large/,
  );
});
