import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

for (const [i, [locale, words]] of (
  [
    [
      'en-US',
      {
        changed: 'Two-layer network of the notes, changed',
        changes: 'Changed: Hidden layers, Learning rate 0.5.',
        own: 'your own settings',
        look: 'The borders bend around the arms',
      },
    ],
    [
      'ko-KR',
      {
        changed: '노트의 2층 신경망 (바꿈)',
        changes: '바꾼 것: 은닉층, 학습률 0.5.',
        own: '직접 정한 설정',
        look: '경계는 천 스텝 안에',
      },
    ],
  ] as const
).entries())
  test.describe(`presets in ${locale}`, () => {
    test.use({ locale });

    test('a changed preset names what was changed, and leads back', { tag: i > 0 ? '@all' : [] }, async ({
      page,
    }) => {
      await page.goto('/#train?v=1&speed=50');
      const preset = page.locator('.preset');
      const chosen = preset.locator('option:checked');
      const back = preset.getByRole('button');
      await expect(preset).toContainText(words.look);
      await expect(back).toHaveCount(0);
      const field = (name: RegExp) => page.locator('.settings').getByRole('spinbutton', { name });
      await field(/^(Learning rate|학습률)$/).fill('0.5');
      await field(/^(Learning rate|학습률)$/).press('Enter');
      await field(/^(Layer 1|1번 층)$/).fill('12');
      await field(/^(Layer 1|1번 층)$/).press('Enter');
      await expect(chosen).toHaveText(words.changed);
      await expect(preset).toContainText(words.changes);
      await expect(preset).not.toContainText(words.look);
      await expect(page).toHaveURL(/v=1&hidden=12&rate=0\.5&speed=50$/);
      // The speed belongs to no preset and stays.
      await back.click();
      await expect(page).toHaveURL(/#train\?v=1&speed=50$/);
      await expect(field(/^(Learning rate|학습률)$/)).toHaveValue('1');
      await expect(preset).toContainText(words.look);
      await expect(back).toHaveCount(0);
    });

    test('a link to other settings names no preset', { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
      await page.goto('/#train?v=1&hidden=7&init=he');
      await expect(page.locator('.preset option:checked')).toHaveText(words.own);
      await expect(page.locator('.preset').getByRole('button')).toHaveCount(0);
    });
  });

test('a finished run trains on for as many steps again', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=30');
  await training.trainToTheEnd();
  await expect(training.train).toHaveText('Train on');
  await expect(training.train).toHaveAttribute('title', 'Train 30 steps more');
  await training.train.click();
  await expect(training.status).toContainText('Finished at step 60');
  await expect(page).toHaveURL(/steps=60$/);
  await expect(training.train).toHaveAttribute('title', 'Train 60 steps more');
  // The run went on: its first loss is in the curve still.
  await page.getByText('Figures of the curves').click();
  await expect(page.locator('figure.curves tbody tr').first().getByRole('rowheader')).toHaveText('0');
  await training.rewind.click();
  await expect(training.train).toHaveText('Train');
});

test('the time left is told in seconds, and a long one in minutes', async ({ page }) => {
  const training = new TrainingPage(page);
  const left = page.locator('.bar .left');
  await training.openLink('hidden=0&speed=20&steps=600');
  await training.train.click();
  await expect(left).toHaveText(/^about \d{1,2} s left$/);
  await training.enter('Stop at step', '100000');
  await expect(left).toHaveText(/^about \d\d+ min left$/);
  const minutes = Number(/\d+/.exec(await left.innerText())?.[0]);
  // A busy machine trains more slowly than 20 steps a second.
  expect(minutes).toBeGreaterThan(70);
  await training.pause.click();
  await expect(left).toBeEmpty();
});

test('the presets of the knobs say what to look for, and it is seen on the GPU', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await page.goto('/');
  const look = page.locator('.preset .hint');
  await training.preset('XOR by a linear model');
  await expect(look).toContainText('its border is a cross');
  await training.trainToTheEnd();
  expect(await training.figure('accuracy')).toBe(100);
  // One switch, as the hint says.
  const network = page.getByRole('figure', { name: 'The network' });
  await network.getByRole('switch', { name: 'x times y' }).click();
  await expect(page.locator('.preset')).toContainText('Changed: Inputs.');
  await training.trainToTheEnd();
  expect(await training.figure('accuracy')).toBeLessThan(60);

  await training.preset('A support vector machine');
  await expect(look).toContainText('The hinge loss is 0');
  await training.trainToTheEnd();
  expect(await training.figure('loss')).toBe(0);
  await expect(network.getByRole('button', { name: 'score of class 0' })).toBeVisible();
  const { fills } = await training.picture();
  for (const count of fills) expect(count / fills.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0.1);
  await page.getByLabel('Shade by confidence').check();

  await training.preset('Dropout on twenty noisy points');
  await training.trainToTheEnd();
  const half = await training.figure('test loss');
  await training.enter('Dropout', '0');
  await expect(training.status).toContainText('Finished');
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  await training.trainToTheEnd();
  expect(await training.figure('test loss')).toBeGreaterThan(1.4 * half);
});
