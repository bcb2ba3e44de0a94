import { expect, test } from './fixture.ts';

test.use({ reducedMotion: 'reduce' });

test('updates go down a slice of the loss, and leap over the valley at a learning rate too large', async ({
  page,
}) => {
  await page.goto('/#learn/update');
  const figure = page.getByRole('figure', { name: 'Down the loss, step by step' });
  const picture = figure.getByRole('img', { name: /^A slice of the loss/ });
  await expect(picture).toHaveAccessibleName(/at step 40, .* η = 1.00/);
  await figure.getByText('The numbers of this figure').click();
  const rows = figure.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(42);
  const losses = async () =>
    (await figure.getByRole('table').locator('td:last-child').allInnerTexts()).map(Number);
  const rises = async () => (await losses()).filter((loss, i, all) => i > 0 && loss > all[i - 1]).length;
  expect(await rises()).toBe(0);

  const step = figure.getByRole('slider', { name: 'step' });
  await step.press('Home');
  await expect(figure).toContainText(/takes the loss from [\d.]+ to [\d.]+: it falls/);
  await figure.getByRole('slider', { name: 'learning rate' }).press('End');
  await expect(picture).toHaveAccessibleName(/at step 0, .* η = 16.00/);
  await expect.poll(rises).toBeGreaterThan(5);

  const start = figure.getByRole('slider', { name: 'start' });
  await expect(rows.nth(1)).toContainText('3.000000');
  await start.press('ArrowLeft');
  await expect(rows.nth(1)).toContainText('2.700000');
  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect(rows.nth(1)).toContainText('3.000000');
  await expect(picture).toHaveAccessibleName(/at step 0, .* η = 1.00/);
  await expect.poll(rises).toBe(0);
});
