import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const FEW = 'data=digits&test=0.25&hidden=32&init=he&rate=0.01&optimizer=adam&batch=32&steps=60';

test('a number of the confusion matrix lists its images, the worst first, to follow in Inside', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink(FEW);
  await expect(training.status).toContainText('Untrained');
  await training.trainToTheEnd();
  const matrix = page.getByRole('table', { name: 'Training points', exact: true });
  const wrong = matrix.getByRole('button', { name: /, taken for / }).first();
  const [, count, label, taken] =
    /^(\d+) of (\d), taken for (\d)$/.exec((await wrong.getAttribute('aria-label')) ?? '') ?? [];
  await wrong.click();
  const list = page.getByRole('region', { name: `Training rows of ${label}, taken for ${taken}` });
  await expect(list).toContainText(`${count} at step 60; those with the largest loss come first.`);
  await expect(list.getByRole('heading')).toBeFocused();
  const images = list.getByRole('img', { name: /^Image of row / });
  await expect(images).toHaveCount(Number(count));
  await expectAccessible(page, '.confusion');
  // The class of the first one has the smallest probability of all.
  const own = (await list.locator('li p:nth-of-type(2)').allInnerTexts()).map((text) =>
    Number(/([\d.]+)\s%/.exec(text)?.[1]),
  );
  expect(own).toEqual(own.toSorted((a, b) => a - b));

  // The keyboard goes from number to number, and back to the next one past zeros.
  await matrix.getByRole('button', { name: '0, right' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  const reached = page.locator('.matrix button:focus');
  await expect(reached).not.toHaveAccessibleName(/0, right/);
  await matrix.getByRole('button', { name: 'of 0, right' }).press('Enter');
  const right = page.getByRole('region', { name: 'Training rows of 0, predicted right' });
  await expect(right).toContainText('the least sure come first. The first 24 are listed.');
  await right.getByRole('button', { name: 'Show more' }).click();
  await expect(right.getByRole('img')).toHaveCount(48);

  // Steps take batches: the row is shown as one of its own.
  const follow = right.getByRole('button', { name: /^Follow in Inside: row / }).first();
  const row = /row ([\d,]+)/.exec((await follow.getAttribute('aria-label')) ?? '')?.[1];
  await follow.click();
  const sample = page.locator('.sample');
  await expect(sample).toContainText(`Training row ${row}, as a batch of its own`);
  await expect(sample.getByRole('img', { name: 'The image' })).toBeVisible();
  await expectAccessible(page, '.sample');
  await sample.getByRole('button', { name: 'Back to the batch' }).click();
  await expect(sample.getByRole('spinbutton', { name: 'Sample' })).toBeVisible();
});

test('points are listed with their inputs, and each class has its figures', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=0&steps=200');
  await training.trainToTheEnd();
  const parts = page.locator('.matrices .part');
  await expect(parts).toHaveCount(1);
  await parts.getByText('Precision and recall of each class').click();
  const counts = await parts.locator('.matrix td').allInnerTexts();
  const figures = parts.locator('.per-class tbody tr');
  await expect(figures).toHaveCount(3);
  const precision = (100 * Number(counts[0])) / (Number(counts[0]) + Number(counts[3]) + Number(counts[6]));
  await expect(figures.first().locator('td')).toHaveText([
    '100',
    `${precision.toFixed(1)}\u202f%`,
    `${Number(counts[0]).toFixed(1)}\u202f%`,
  ]);
  await parts
    .getByRole('button', { name: / taken for class 1$/ })
    .first()
    .click();
  const list = page.getByRole('region', { name: /taken for class 1$/ }).first();
  await expect(list.getByRole('columnheader')).toHaveText(['row', /class [02]/, 'class 1', 'x', 'y']);
  const first = list.getByRole('row').nth(1);
  await expect(first.getByRole('cell')).toHaveText([
    /^[\d.]+\s%$/,
    /^[\d.]+\s%$/,
    /^[−\d.e]+$/,
    /^[−\d.e]+$/,
  ]);
  await expectAccessible(page, '.confusion');
  const row = await first.getByRole('button').innerText();
  await first.getByRole('button').click();
  await expect(page.locator('.sample').getByRole('spinbutton', { name: 'Sample' })).toHaveValue(row);
});

test.describe('in Korean, on a phone', () => {
  test.use({ locale: 'ko-KR', viewport: { width: 375, height: 667 } });

  test('test images are listed', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    await page.goto(`/#train?v=1&${FEW}`);
    const status = page.locator('.bar').getByRole('status');
    await expect(status).toContainText('학습 전입니다');
    await page.getByRole('button', { name: '학습', exact: true }).click();
    await expect(status).toContainText('60스텝에서 끝났습니다');
    await page.locator('.part').nth(1).getByRole('button', { name: /예측/ }).first().click();
    await expect(page.locator('.rows-of-cell img, .rows-of-cell canvas').first()).toBeVisible();
    await expect(page.locator('.rows-of-cell')).toContainText('손실이 큰 것부터');
    await expect(page.locator('.rows-of-cell').getByRole('button', { name: /따라가기/ })).toHaveCount(0);
    await page.locator('.part').nth(1).getByText('클래스별 정밀도와 재현율').click();
    expect(await training.overflow()).toBe(0);
    await expectAccessible(page, '.confusion');
  });
});
