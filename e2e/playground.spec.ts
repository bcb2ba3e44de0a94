import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const DATA_SETS = ['circles', 'moons', 'blobs', 'xor', 'chequerboard'] as const;

for (const [i, shape] of DATA_SETS.entries()) {
  test(`learns ${shape}, with points kept for testing`, { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
    const training = new TrainingPage(page);
    const classes = 2 + (i % 5);
    await training.openLink(
      `data=${shape}&classes=${classes}&noise=0.03&test=0.2&hidden=32-16&init=he&optimizer=adam&rate=0.01&l2=0&steps=600`,
    );
    await training.trainToTheEnd();
    expect(await training.figure('accuracy')).toBeGreaterThan(85);
    expect(await training.figure('test accuracy')).toBeGreaterThan(70);
    const confusion = page.getByRole('table', { name: 'Test points' });
    const counts = (await confusion.getByRole('cell').allInnerTexts()).map(Number);
    expect(counts).toHaveLength(classes * classes);
    expect(counts.reduce((sum, count) => sum + count)).toBe(classes * 20);
    const right = counts.filter((_, at) => at % (classes + 1) === 0).reduce((sum, count) => sum + count);
    expect((100 * right) / (classes * 20)).toBeCloseTo(await training.figure('test accuracy'), 0);
  });
}

test('some settings change during training; others begin a new run, and the page says so', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=0&speed=200');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(20);
  await training.enter('Learning rate', '0.5');
  await expect(page).toHaveURL(/rate=0\.5/);
  const before = await training.figure('step');
  await expect.poll(() => training.figure('step')).toBeGreaterThan(before);
  await expect(training.status).toHaveText('Training.');

  // Unchanged figures show that the learning rate of 0 has arrived.
  await training.enter('Learning rate', '0');
  await training.enter('L2', '0');
  const standsStill = async () => {
    const [loss, step] = [await training.figure('loss'), await training.figure('step')];
    await page.waitForTimeout(500);
    return (await training.figure('loss')) === loss && (await training.figure('step')) > step;
  };
  await expect.poll(standsStill).toBe(true);

  await training.enter('Layer 1', '6');
  await expect(training.status).toContainText('Rewound: Hidden layers changed. Untrained.');
  expect(await training.figure('step')).toBe(0);
});

test('trains as slowly as chosen', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&speed=20');
  await training.train.click();
  // Any three seconds may pass: figures come later than steps, and even later on a busy machine.
  await expect(async () => {
    const before = await training.figure('step');
    await expect.poll(() => training.figure('step'), { intervals: [50] }).toBeGreaterThan(before);
    const [from, start] = [await training.figure('step'), Date.now()];
    await page.waitForTimeout(3000);
    const perSecond = ((await training.figure('step')) - from) / ((Date.now() - start) / 1000);
    expect(perSecond).toBeGreaterThan(14);
    expect(perSecond).toBeLessThan(26);
  }).toPass({ timeout: 100_000 });
});

test.describe('stops', () => {
  for (const [i, [name, link, reason]] of [
    ['at a loss', 'loss=0.5', 'as the loss is low enough'],
    ['at an accuracy', 'accuracy=0.9', 'as the accuracy is high enough'],
    ['when nothing improves', 'rate=0&patience=100', 'as the loss no longer improves'],
  ].entries()) {
    test(name, { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
      const training = new TrainingPage(page);
      await training.openLink(`hidden=32&init=he&${link}`);
      await training.trainToTheEnd();
      await expect(training.status).toContainText(reason);
      expect(await training.figure('step')).toBeLessThan(10_000);
      if (link === 'loss=0.5') expect(await training.figure('loss')).toBeLessThanOrEqual(0.5);
      if (link === 'accuracy=0.9') expect(await training.figure('accuracy')).toBeGreaterThanOrEqual(90);
      await expect(training.train).toBeDisabled();
      // A run with a later end can go on.
      await training.openLink(`hidden=32&init=he&steps=12000`);
      await expect(training.train).toBeEnabled();
    });
  }
});

test('points are added, moved, removed and taken back, and the link has them', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('data=own&hidden=8&init=he&steps=100');
  await expect(training.status).toContainText('No points yet');
  await expect(training.train).toBeDisabled();
  const editor = page.getByRole('group', { name: 'Edit points' });
  await editor.getByRole('radio', { name: 'add' }).check();
  const box = await training.regions.boundingBox();
  if (!box) throw new Error('there is no picture');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.click(...at(0.25, 0.25));
  await expect(page).toHaveURL(/edits=a-0\.\d+,0\.\d+,0&/);
  await editor.getByLabel('Class').selectOption('class 1');
  await page.mouse.click(...at(0.75, 0.75));
  await expect(training.status).toContainText('Untrained');
  await expect(training.regions).toHaveAccessibleName(/^2 training points/);

  await page.mouse.move(...at(0.25, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.25), { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/_m0,-?0(\.0\d+)?,0\.\d+&/);
  await page.keyboard.down('Alt');
  await page.mouse.click(...at(0.75, 0.75));
  await page.keyboard.up('Alt');
  await expect(page).toHaveURL(/_r1&/);
  await expect(training.regions).toHaveAccessibleName(/^1 training points/);

  await editor.getByRole('button', { name: 'Undo' }).click();
  await expect(training.regions).toHaveAccessibleName(/^2 training points/);
  await training.trainToTheEnd();
  expect(await training.figure('accuracy')).toBe(100);
});

for (const [locale, none, computing] of [
  ['en-US', 'No points yet. Add some under Train.', /being computed|Reading the next step|Pause/i],
  ['ko-KR', '아직 점이 없습니다. “학습” 화면에서 추가하세요.', /곧 나타|읽고 있습니다/],
] as const)
  test.describe(`no points in ${locale}`, () => {
    test.use({ locale });

    for (const [i, [what, link]] of [
      ['of their own', 'data=own'],
      ['because all were removed', 'classes=2&points=1&edits=r0_r1'],
    ].entries())
      test(`without points, ${what}, each part says so`, {
        tag: locale === 'ko-KR' || i > 0 ? '@all' : [],
      }, async ({ page }) => {
        const training = new TrainingPage(page);
        await training.openLink(link);
        const status = page.locator('.bar').getByRole('status');
        await expect(status).toContainText(/No points yet\. Choose|아직 점이 없습니다\. “추가”/);
        const main = page.getByRole('main');
        for (const part of ['figure.network', '.confusion', '.layers-table'])
          await expect(main.locator(part)).toContainText(none);
        await expect(main).not.toContainText(computing);
        await page.getByRole('navigation').getByRole('link').nth(2).click();
        await expect(status).toHaveText(none);
        await expect(main.locator('.notice')).toHaveText(none);
        await expect(main.locator('.notice')).toHaveCount(1);
        await expect(main).not.toContainText(computing);
      });
  });

test('points can be edited with the keyboard alone', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('data=own&hidden=0');
  const editor = page.getByRole('group', { name: 'Edit points' });
  await editor.getByRole('radio', { name: 'add' }).check();
  await training.regions.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/edits=a0\.\d+,0,0&/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText(/^x 0\.\d+, y 0\.\d+$/)).toBeAttached();
  await page.keyboard.press('Enter');
  await expect(training.regions).toHaveAccessibleName(/^2 training points/);
  await editor.getByRole('radio', { name: 'remove' }).check();
  await training.regions.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/_r0&/);
});

test('the address holds the settings; Back and Forward go between them', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  await training.preset('Linear classifier of the notes');
  await expect(page).toHaveURL(/#train\?v=1&hidden=0&steps=200$/);
  await expect(training.status).toContainText('A run is 200 steps.');
  await training.choose('Data set', 'moons');
  await expect(training.printout).toHaveCount(0);
  await page.goBack();
  await expect(training.printout).toBeVisible();
  await expect(training.settings.getByLabel('Data set')).toHaveValue('spiral');
  await page.goForward();
  await expect(training.settings.getByLabel('Data set')).toHaveValue('moons');
});

test('a link leads to the same picture elsewhere, bit for bit', async ({ page, browser, baseURL }) => {
  const training = new TrainingPage(page);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  // A slow run is short however late the pause comes.
  await training.openLink(
    'hidden=20-10&init=glorot&batch=64&optimizer=momentum&rate=0.05&test=0.3&noise=0.4&steps=0&speed=20',
  );
  await expect(training.status).toContainText('Untrained');
  await training.trainAndPause();
  // The link holds the changes during the run.
  await training.enter('Learning rate', '0.01');
  const paused = await training.trainAndPause();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain(`at=${paused}`);
  expect(link).toContain('rate=0.05');
  expect(link).toMatch(/then=\d+,0\.01,/);
  const here = [await training.figure('loss'), await training.picture()];

  const context = await browser.newContext({ ...(baseURL && { baseURL }) });
  const other = new TrainingPage(await context.newPage());
  await other.page.goto(link);
  const again = `Paused at step ${paused.toLocaleString('en')} `;
  await expect(other.status).toContainText(again);
  expect([await other.figure('loss'), await other.picture()]).toEqual(here);
  await expect(other.settings.getByRole('spinbutton', { name: 'Learning rate' })).toHaveValue('0.01');
  await context.close();
});

test('parts of a link that are not understood are named, and never run', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('rate=<img src=x onerror=alert(1)>&<b>x</b>=1&hidden=7&init=he');
  await expect(page.getByText('The link’s value for “rate”')).toBeVisible();
  await expect(page.getByText('a setting “<b>x</b>”')).toBeVisible();
  await expect(page.locator('.notice b, .notice img')).toHaveCount(0);
  await expect(training.settings.getByRole('spinbutton', { name: 'Layer 1' })).toHaveValue('7');
});

test('a refused entry keeps the focus, says what is accepted, and changes nothing', {
  tag: '@all',
}, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  const field = training.settings.getByRole('spinbutton', { name: 'Classes' });
  await field.fill('9');
  await field.press('Tab');
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(training.settings).toContainText('A whole number from 2 to 6.');
  await expect(page).not.toHaveURL(/classes/);
  await field.press('Escape');
  await expect(field).toHaveValue('3');
  await expect(training.settings).not.toContainText('A whole number from 2 to 6.');
});

for (const locale of ['en-US', 'ko-KR'])
  test.describe(`numbers in ${locale}`, () => {
    test.use({ locale });

    test('a comma is a decimal sign, or the entry is refused', {
      tag: locale === 'ko-KR' ? '@all' : [],
    }, async ({ page }) => {
      const training = new TrainingPage(page);
      await training.openLink('hidden=8&init=normal&test=0.2&optimizer=momentum');
      await expect(page.locator('.bar').getByRole('status')).toContainText(/Untrained|학습 전/);
      await page.locator('.settings summary').last().click();
      const fields = await page.locator('.settings').getByRole('spinbutton').all();
      expect(fields).toHaveLength(17);
      for (const field of fields) {
        const whole = (await field.getAttribute('inputmode')) === 'numeric';
        const [before, link] = [await field.inputValue(), page.url()];
        const entries: [string, number?][] = whole
          ? [['1,000'], ['0,5'], ['3,0'], ['1.000'], ['3e'], ['-'], ['.'], ['1e400'], ['3', 3]]
          : [['1,000'], ['3e'], ['-'], ['.'], ['1e400'], ['0,5', 0.5], ['0,001', 0.001], ['.25', 0.25]];
        for (const [entry, number] of entries) {
          await field.fill(entry);
          // Half typed is not yet wrong, but not valid either.
          if (number === undefined) await expect(field).toHaveAttribute('aria-invalid', 'true');
          await field.press('Enter');
          if (number === undefined) {
            await expect(field).toHaveAttribute('aria-invalid', 'true');
            await expect(field).toHaveAccessibleDescription(/A (whole )?number from|여야 합니다/);
            expect(page.url()).toBe(link);
          } else {
            await expect(field).toHaveAttribute('aria-invalid', 'false');
            await expect(field).toHaveValue(String(number));
          }
        }
        await field.fill('1,000');
        await field.press('Enter');
        await expect(field).toHaveAccessibleDescription(/No comma or point|쉼표나 점/);
        await field.press('Escape');
        await field.fill(before);
        await field.press('Enter');
      }
    });
  });

test('arrow keys change a number by its step, within its range', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  const noise = training.settings.getByRole('spinbutton', { name: 'Noise' });
  await noise.press('ArrowUp');
  await expect(noise).toHaveValue('0.25');
  for (let i = 0; i < 8; i++) await noise.press('ArrowDown');
  await expect(noise).toHaveValue('0');
  await expect(page).toHaveURL(/noise=0$/);
});

for (const [language, begin, diverged, happened] of [
  [
    'en-US',
    /^Untrained/,
    /^Diverged at step \d+\. Rewind, and lower the rate or L2\.\s*$/,
    /diverged at step \d+.*The curve ends with the last losses.*lower the learning rate or L2/,
  ],
  [
    'ko-KR',
    /^학습 전/,
    /^\d+스텝에서 발산했습니다\. 되감고 학습률이나 L2를 낮추세요\.\s*$/,
    /\d+스텝에서 학습이 발산했습니다.*손실까지 그렸습니다.*L2를 낮추세요/,
  ],
] as const)
  test.describe(`${language}`, () => {
    test.use({ locale: language });

    test('after a divergence the bar says what to do, and the last finite losses are drawn', {
      tag: language === 'ko-KR' ? '@all' : [],
    }, async ({ page }) => {
      const training = new TrainingPage(page);
      await training.openLink('hidden=16&init=normal&deviation=1&rate=100&l2=0.1');
      const bar = page.locator('.bar');
      const status = bar.getByRole('status');
      await expect(status).toContainText(begin);
      await bar.locator('button').first().click();
      await expect(status).toContainText(diverged);
      await expect(page.getByRole('alert')).toContainText(happened);
      // The names of tensors are for those who look inside.
      await expect(page.getByRole('alert')).not.toContainText(/scores|dscores|\b[Wb] \d|finite/);
      // Rewind is the primary button.
      const rewind = bar.getByRole('button', { name: /^(Rewind|되감기)$/ });
      await expect(bar.locator('button.primary')).toHaveCount(1);
      await expect(rewind).toHaveClass('primary');
      // The points of a run of 10,000 steps are 50 steps apart.
      const step = Number(/\d+/.exec((await status.innerText()).replace(',', ''))?.[0]);
      await page.getByText(/^(Figures of the curves|곡선의 수치)$/).click();
      const rows = page.locator('figure.curves tbody tr');
      const last = Number((await rows.last().getByRole('rowheader').innerText()).replace(',', ''));
      expect(last).toBeGreaterThan(step - 10);
      expect(last).toBeLessThan(step);
      await expect(rows.last().getByRole('cell').first()).toHaveText(/^\d\.\d\de\d+$/);
      await rewind.click();
      await expect(status).toContainText(begin);
      await expect(page.getByRole('alert')).toHaveCount(0);
    });
  });

test('dead units and a loss that jumps are told where they show', async ({ page }) => {
  const training = new TrainingPage(page);
  await page.goto('/');
  await training.preset('Too high a learning rate');
  await training.enter('Learning rate', '100');
  await expect(training.status).toContainText('Untrained');
  const [network, curves] = ['The network', 'Curves'].map((name) => page.getByRole('figure', { name }));
  await expect(network).not.toContainText('dead');
  await training.trainAndPause();
  await expect(network).toContainText('All units of hidden layer 1 are dead');
  await expect(network).toContainText('no gradient reaches them. Rewind');
  await training.rewind.click();
  await expect(network).not.toContainText('dead');
  await training.enter('Learning rate', '3');
  await expect(curves).not.toContainText('jumping');
  await training.trainToTheEnd();
  await expect(curves).toContainText('The loss goes on jumping');
  // The published run comes to rest.
  await training.preset('Linear classifier of the notes');
  await training.trainToTheEnd();
  await expect(curves).not.toContainText('jumping');
});

test('a plan that does not take a network says why', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8-8&plan=resident&init=he');
  await expect(page.getByRole('alert')).toContainText(
    /plan does not take this network.*at most one hidden layer/,
  );
  await training.choose('Plan', 'auto');
  await expect(training.status).toContainText('Untrained');
});
