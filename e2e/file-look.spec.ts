import { expectAccessible } from './accessibility.ts';
import { drop, FileDialog, FLOWERS } from './file-dialog.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const HASH = '0123456789abcdef'.repeat(4);
const WAITING = `data=table&table=rows of a friend.csv,${HASH},kind,classes,drop,length,width&hidden=12-5&init=he&test=0.2`;
const flowers = { name: 'flowers.csv', text: FLOWERS };

for (const locale of ['en', 'ko-KR'])
  test.describe(`on a phone, ${locale}`, () => {
    test.use({ locale, viewport: { width: 375, height: 667 } });

    test('the header has two rows, and a link that waits tells what it knows @all', async ({ page }) => {
      const training = new TrainingPage(page);
      const file = new FileDialog(page);
      await training.openLink(`${WAITING}&at=120`);
      for (const told of ['rows of a friend.csv', HASH, '“kind”', 'length, width', '→ 12 → 5 →', '120'])
        await expect(file.wanted).toContainText(told);
      // Nothing is drawn of rows that are not here.
      await expect(page.locator('canvas')).toHaveCount(0);
      await expect(file.wanted.getByRole('button')).toBeInViewport();
      expect(await training.overflow()).toBe(0);
      await expectAccessible(page);
      const header = page.getByRole('banner');
      const boxes = await header
        .locator('a, button, select')
        .evaluateAll((controls) => controls.map((control) => control.getBoundingClientRect().toJSON()));
      expect(boxes).toHaveLength(9);
      expect(new Set(boxes.map(({ y }) => y)).size).toBe(2);
      for (const { width, height, right } of boxes) {
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
        expect(right).toBeLessThanOrEqual(375);
      }
    });
  });

test.describe('on a phone', () => {
  test.use({ viewport: { width: 375, height: 667 } });

  test('the learned column is always in view @all', async ({ page }) => {
    const training = new TrainingPage(page);
    const file = new FileDialog(page);
    await training.openLink('hidden=8&init=he');
    await expect(page.locator('.own-data')).toBeVisible();
    // More columns than are shown, the learned one first or last.
    const names = Array.from({ length: 120 }, (_, i) => `column${i}`);
    const row = (i: number) => [...names.map((_, k) => (i * (k + 3)) % 17), 'ab'[i % 2]].join();
    await drop(page, {
      name: 'wide.csv',
      text: [[...names, 'kind'].join(), ...[0, 1, 2, 3].map(row)].join('\n'),
    });
    await expect(file.learn('kind').and(page.locator('[aria-pressed=true]'))).toBeInViewport({ ratio: 1 });
    await file.learn('column0').click();
    await file.use('column99').scrollIntoViewIfNeeded();
    await expect(file.learn('column0').and(page.locator('[aria-pressed=true]'))).toBeInViewport({
      ratio: 1,
    });
    await expect(file.learn('kind')).toHaveCount(0);
  });
});

test('a test share that is refused keeps the run from beginning @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.locator('.own-data')).toBeVisible();
  await drop(page, flowers);
  const share = file.dialog.getByRole('spinbutton', { name: 'Test share' });
  await share.fill('7');
  await file.train.click();
  await expect(share).toBeFocused();
  await expect(file.outcome).toHaveText('Correct the test share first.');
  await expect(file.train).toHaveAttribute('aria-disabled', 'true');
  await file.train.click({ force: true });
  await expect(file.dialog).toBeVisible();
  await share.fill('0.3');
  await share.press('Enter');
  await file.train.click();
  await expect(training.status).toContainText('Finished');
  expect(page.url()).toContain('test=0.3');
});

test('new rows are told by name and number, the run names its file, and other axes are no restart @all', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.locator('.own-data')).toBeVisible();
  await drop(page, flowers);
  // Which column costs the most rows.
  await expect(file.outcome).toContainText('1 row is left out for a gap.');
  await file.train.click();
  await expect(training.status).toContainText('Finished');
  const about = page.getByRole('region', { name: 'This run' });
  await expect(about).toContainText('flowers.csv, to learn “kind”; 47 training points, 12 test points');
  await page.getByRole('button', { name: 'input length' }).focus();
  await expect(page.getByRole('heading', { name: 'Input length', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'probability of iris' }).focus();
  await expect(page.getByRole('heading', { name: 'Probability of iris', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Take away' }).click();
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(page.getByRole('dialog')).toContainText('It reads flowers.csv: put both into one folder.');
  await page.keyboard.press('Escape');
  await file.open();
  await file.dialog.getByRole('button', { name: 'Other columns of flowers.csv' }).click();
  await file.use('city').uncheck();
  await expect(file.outcome).toContainText('from 2 features');
  await file.train.click();
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText('Finished');
  await page.goBack();
  await expect(training.status).toHaveText(/^New rows: flowers\.csv, 59 rows\. Untrained/);
});

test('points in time are dates on the axes and in lists of rows @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.locator('.own-data')).toBeVisible();
  const days = Array.from({ length: 40 }, (_, i) => `2024-01-${String(1 + (i % 28)).padStart(2, '0')}`);
  const rows = days.map((day, i) => `${day},${i % 7},${i % 3},${['low', 'high'][Number(i % 28 > 13)]}`);
  await drop(page, { name: 'days.csv', text: ['day,a,b,kind', ...rows].join('\n') });
  await file.train.click();
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText('Finished');
  await page
    .getByRole('button', { name: /, right$/ })
    .first()
    .click();
  const list = page.getByRole('region', { name: 'Features of these rows' });
  await expect(list.getByRole('columnheader')).toContainText(['row', 'high', 'day', 'a', 'b']);
  await expect(list.getByRole('row').nth(1).getByRole('cell').nth(1)).toHaveText(/^2024-01-\d\d$/);
  await expectAccessible(page, '.confusion');
  await list.getByRole('button').first().click();
  await expect(page.locator('.sample')).toContainText(/day\s*2024-01-\d\d/);
});
