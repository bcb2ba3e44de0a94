import type { Locator, Page } from 'playwright/test';
import { caseStudy } from '../src/index.ts';
import { expect, test } from './fixture.ts';
import { mainThreadTasks } from './main-thread.ts';

const { data, l2 = 0 } = caseStudy.linear.options;

test.use({ reducedMotion: 'reduce' });

const TITLE = 'Three arrows make a classifier';

async function open(page: Page, section: string, title: string): Promise<Locator> {
  await page.goto(`/#learn/${section}`);
  const figure = page.getByRole('figure', { name: title });
  await expect(figure).toContainText(/loss \d/);
  await figure.getByText('The numbers of this figure').click();
  return figure;
}

/** The loss and the right points that the figure shows. */
async function result(figure: Locator): Promise<{ loss: number; right: number }> {
  const [, loss, right] = /loss ([\d.]+) · (\d+) of 300/.exec(await figure.innerText()) ?? [];
  return { loss: Number(loss), right: Number(right) };
}

/** Waits until the figure has shown every nudge: two frames after the last one, its numbers stand. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** The weights and biases in the table, a class a row. */
async function classes(figure: Locator): Promise<number[][]> {
  const rows = (await figure.getByRole('table').getByRole('row').all()).slice(1);
  return Promise.all(
    rows.map(async (row) =>
      (await row.getByRole('cell').allInnerTexts()).slice(0, 3).map((text) => Number(text.replace('−', '-'))),
    ),
  );
}

/** The loss by its definition. */
function lossOf(rows: readonly number[][]): number {
  let sum = 0;
  for (let n = 0; n < data.count; n++) {
    const [x, y] = [data.inputs[2 * n], data.inputs[2 * n + 1]];
    const scores = rows.map(([wx, wy, b]) => wx * x + wy * y + b);
    const powers = scores.map(Math.exp);
    sum -= Math.log(powers[data.labels[n]] / powers.reduce((a, b) => a + b));
  }
  return sum / data.count + 0.5 * l2 * rows.reduce((all, [x, y]) => all + x * x + y * y, 0);
}

test('the arrow keys move the weights, and loss, scores and regions follow', async ({ page }) => {
  const figure = await open(page, 'linear', TITLE);
  const handle = figure.getByRole('slider', { name: 'Weights of class 0' });
  await expect(handle).toHaveAttribute('aria-valuetext', 'x −0.06, y −0.81');
  const before = await result(figure);
  expect(before.loss).toBeCloseTo(lossOf(await classes(figure)), 3);
  const scores = figure.getByRole('list', { name: /^Scores of point/ });
  const scoresBefore = await scores.innerText();
  const picture = await figure.locator('canvas').screenshot();
  await handle.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  await expect.poll(async () => (await result(figure)).loss).not.toBe(before.loss);
  await expect
    .poll(async () => Math.abs((await result(figure)).loss - lossOf(await classes(figure))))
    .toBeLessThan(1e-3);
  expect(await scores.innerText()).not.toBe(scoresBefore);
  expect((await figure.locator('canvas').screenshot()).equals(picture)).toBe(false);
  await figure.getByRole('slider', { name: 'bias 2' }).fill('1.5');
  await expect
    .poll(async () => Math.abs((await result(figure)).loss - lossOf(await classes(figure))))
    .toBeLessThan(1e-3);
  expect((await classes(figure))[2][2]).toBe(1.5);
  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect.poll(() => result(figure)).toEqual(before);
});

test('a drag moves the weights, and a finger beside a handle scrolls the page', async ({ page }) => {
  const figure = await open(page, 'linear', TITLE);
  const handle = figure.getByRole('slider', { name: 'Weights of class 1' });
  await handle.scrollIntoViewIfNeeded();
  const scrolled = await page.evaluate(() => scrollY);
  const box = await handle.boundingBox();
  if (!box) throw new Error('no handle');
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 80, box.y - 40, { steps: 6 });
  await page.mouse.up();
  const moved = await handle.boundingBox();
  expect(Math.round((moved?.x ?? 0) - box.x)).toBe(60);
  expect(Math.round((moved?.y ?? 0) - box.y)).toBe(-60);
  // Not pressed, the pointer moves nothing.
  await page.mouse.move(box.x, box.y);
  expect(await handle.boundingBox()).toEqual(moved);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  const action = (element: Locator) => element.evaluate((node) => getComputedStyle(node).touchAction);
  expect(await action(handle)).toBe('none');
  expect(await action(figure.locator('canvas'))).toBe('auto');
});

test('200 steps from anywhere end at 49 %', async ({ page }) => {
  const figure = await open(page, 'linear', TITLE);
  const train = figure.getByRole('button', { name: 'Train 200 steps' });
  const step = figure.getByRole('slider', { name: 'step' });
  for (const nudges of [0, 5]) {
    await figure.getByRole('slider', { name: 'Weights of class 2' }).focus();
    for (let i = 0; i < nudges; i++) await page.keyboard.press('ArrowUp');
    await settled(page);
    const start = await result(figure);
    await train.click();
    await expect(step).toHaveAttribute('aria-valuetext', '200');
    await expect(figure.getByRole('status')).toContainText(/200 steps, trained on: ./);
    await expect.poll(async () => (await result(figure)).right).toBe(148);
    const end = await result(figure);
    expect(end.loss).toBeGreaterThan(0.7862);
    expect(end.loss).toBeLessThan(0.788);
    expect(end.loss).toBeCloseTo(lossOf(await classes(figure)), 3);
    await step.fill('0');
    await expect.poll(async () => (await result(figure)).loss).toBeCloseTo(start.loss, 5);
  }
});

test('the failure is trained by itself, with wedges that no arm fits into', async ({ page }) => {
  const figure = await open(page, 'failure', 'Wedges cannot hold arms');
  await expect(figure.getByRole('slider', { name: 'step' })).toHaveAttribute('aria-valuetext', '200');
  await expect.poll(async () => (await result(figure)).right).toBe(148);
  expect((await result(figure)).loss).toBeCloseTo(0.786281, 4);
  const [, ...angles] =
    /Wedges of (\d+)°, (\d+)°, (\d+)°; an arm turns by 229°/.exec(await figure.innerText()) ?? [];
  expect(angles.map(Number).every((angle) => angle < 180)).toBe(true);
  expect(Math.abs(angles.map(Number).reduce((a, b) => a + b) - 360)).toBeLessThanOrEqual(1);
  await figure.getByRole('slider', { name: 'Weights of class 0' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(figure).toContainText(/Your best: \d+ right/);
});

test('a drag holds the main thread for less than 50 ms at a time', async ({ page, browser }) => {
  const figure = await open(page, 'linear', TITLE);
  const box = await figure.getByRole('slider', { name: 'Weights of class 0' }).boundingBox();
  if (!box) throw new Error('no handle');
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await browser.startTracing(page, { categories: ['toplevel'] });
  for (let i = 0; i < 100; i++) await page.mouse.move(box.x + 20 + i, box.y + 20 - i / 2);
  await page.mouse.up();
  const tasks = await mainThreadTasks(browser);
  expect(tasks.length).toBeGreaterThan(100);
  expect(Math.max(...tasks)).toBeLessThan(50);
});
