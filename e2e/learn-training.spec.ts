import type { Locator, Page } from 'playwright/test';
import { expect, test } from './fixture.ts';

test.use({ reducedMotion: 'reduce' });

const figureOf = (page: Page, name: string): Locator => page.getByRole('figure', { name });
const sliderOf = (figure: Locator): Locator => figure.getByRole('slider', { name: 'Step of the run' });
const reading = (figure: Locator): Locator => figure.locator('.run-line .reading');
const pixels = (picture: Locator) => picture.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

test('the training of the article moves under a slider, and goes on with another learning rate', async ({
  page,
}) => {
  await page.goto('/#learn/training');
  const figure = figureOf(page, 'The training, step by step');
  await expect(reading(figure)).toContainText('step 2,000');
  const picture = figure.getByRole('img', { name: /^The regions of the classes/ });
  const end = await pixels(picture);
  await sliderOf(figure).fill('100');
  await expect(reading(figure)).toContainText('step 100 ');
  await expect(picture).toHaveAccessibleName(/at step 100$/);
  expect(await pixels(picture)).not.toBe(end);
  await sliderOf(figure).press('ArrowRight');
  await expect(reading(figure)).toContainText('step 101 ');

  // The reader's own run stays as it is.
  await expect(page).toHaveURL(/#learn\/training$/);
  const chart = figure.getByRole('img', { name: /loss/ });
  await expect(chart.locator('.former')).toHaveCount(0);
  await figure.getByRole('slider', { name: 'learning rate' }).fill('-1');
  await expect(chart.locator('.former')).toHaveCount(1);
  await figure.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(reading(figure)).toContainText('step 2,000');
  expect(await pixels(picture)).not.toBe(end);
});

test('the hidden layer bends the plane until three wedges are enough', async ({ page }) => {
  await page.goto('/#learn/space');
  const figure = figureOf(page, 'The plane, bent by the hidden layer');
  await expect(reading(figure)).toContainText('step 2,000');
  await expect(figure.getByRole('img', { name: 'The points and the grid at step 2,000' })).toBeVisible();
  const right = async () => Number(/(\d+) of 300 points/.exec(await figure.innerText())?.[1]);
  const accuracy = async () => Number(/accuracy ([\d.]+)/.exec(await reading(figure).innerText())?.[1]);
  expect((await right()) / 3).toBeCloseTo(await accuracy(), 0);
  expect(await right()).toBeGreaterThan(280);
  await sliderOf(figure).fill('0');
  await expect(figure.getByRole('img', { name: 'at step 0' })).toBeVisible();
  expect(await right()).toBeLessThan(200);
  expect((await right()) / 3).toBeCloseTo(await accuracy(), 0);
});
