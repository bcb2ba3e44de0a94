import { expect, test } from './fixture.ts';

test.use({ reducedMotion: 'reduce' });

test('a nudge moves the loss along its curve, with the slope of the formula', async ({ page }) => {
  await page.goto('/#learn/gradient');
  const figure = page.getByRole('figure', { name: 'One parameter, nudged' });
  const chart = figure.getByRole('img', { name: /^The loss over the nudge/ });
  await expect(chart).toHaveAccessibleName(/at 0.00 the loss is 1.096956/);
  await figure.getByText('The numbers of this figure').click();
  const value = async (name: string) =>
    Number((await figure.getByRole('row', { name }).getByRole('cell').innerText()).replace('−', '-'));
  const check = async () => {
    const [gradient, difference] = [
      await value('slope by the formula'),
      await value('slope by the difference of two losses'),
    ];
    expect(Math.abs(gradient - difference)).toBeLessThan(2e-8);
    return gradient;
  };
  const first = await check();
  expect(first).toBeLessThan(0);
  const dot = chart.locator('.present circle');
  const before = await dot.getAttribute('cy');
  await figure.getByRole('slider', { name: 'nudge' }).fill('3');
  await expect(chart).toHaveAccessibleName(/at 3.00/);
  // Beyond the valley the slope points the other way.
  expect(await check()).toBeGreaterThan(0);
  expect(await dot.getAttribute('cy')).not.toBe(before);
  await figure.getByRole('combobox', { name: 'Parameter' }).selectOption('bias of class 2');
  await expect(figure.getByRole('img', { name: /class 2$/ })).toBeVisible();
  await expect(figure.getByRole('columnheader', { name: 'bias of class 2' })).toBeVisible();
  expect(await check()).not.toBe(first);
  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect(chart).toHaveAccessibleName(/at 0.00 the loss is 1.096956/);
  await expect.poll(() => value('slope by the formula')).toBe(first);
});
