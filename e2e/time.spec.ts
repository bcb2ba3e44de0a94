import type { Locator, Page } from 'playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const RUN = 'hidden=8&init=he&optimizer=adam&rate=0.02&l2=0&batch=64&steps=400';

const sliderOf = (page: Page): Locator => page.getByRole('slider', { name: 'Step of the run' });

/** Moves the slider as a pointer does, and waits until the step is shown. */
async function show(page: Page, step: number): Promise<void> {
  await sliderOf(page).fill(String(step));
  await expect(page.locator('.bar').getByRole('status')).toContainText(`Step ${step} of 400.`);
}

/** All that a person sees of a step. */
async function seen(page: Page) {
  const training = new TrainingPage(page);
  const units = page.locator('.diagram canvas');
  await expect(units.first()).toBeVisible();
  return {
    step: await training.figure('step'),
    loss: await training.figure('loss'),
    accuracy: await training.figure('accuracy'),
    picture: await training.picture(),
    units: await units.evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL())),
    weights: await page.locator('.diagram .edges path').evaluateAll((all) => all.map((one) => one.outerHTML)),
  };
}

test('a slider goes to any step of the run, as the run was there', async ({ page, context }) => {
  const training = new TrainingPage(page);
  await training.openLink(RUN);
  await expect(sliderOf(page)).toHaveCount(0);
  await training.trainToTheEnd();
  const end = await seen(page);
  await show(page, 137);
  await expect(page.locator('.curves .cursor')).toHaveCount(2);
  const back = await seen(page);
  expect(back.step).toBe(137);

  // Another page trains the same run to this step and no further.
  const other = await context.newPage();
  const direct = new TrainingPage(other);
  await direct.openLink(`${RUN}&at=137`);
  await expect(direct.status).toContainText('Paused at step 137');
  expect(back).toEqual(await seen(other));
  await other.close();

  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(training.status).toContainText('Finished at step 400');
  await expect(page.locator('.curves .cursor')).toHaveCount(0);
  expect(await seen(page)).toEqual(end);
});

test('keys go through the run', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(RUN);
  await training.trainToTheEnd();
  const slider = sliderOf(page);
  await slider.focus();
  for (const [key, step] of [
    ['ArrowLeft', 399],
    ['ArrowLeft', 398],
    ['ArrowRight', 399],
    ['PageDown', 359],
    ['Home', 0],
    ['ArrowRight', 1],
    ['PageUp', 41],
  ] as const) {
    await page.keyboard.press(key);
    await expect(training.status).toContainText(`Step ${step} of 400.`);
    await expect(slider).toHaveAttribute('aria-valuetext', `step ${step} of 400 so far`);
    expect(await training.figure('step')).toBe(step);
  }
  await training.step.click();
  await expect(training.status).toContainText('Step 42 of 400.');
  await expectAccessible(page);
  await page.keyboard.press('Tab');
  await slider.focus();
  await page.keyboard.press('End');
  await expect(training.status).toContainText('Finished at step 400');
});

test('training goes on from an earlier step with another learning rate, and the link says so', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink(RUN);
  await training.trainToTheEnd();
  const legend = page.locator('.curves .legend');
  await show(page, 120);
  await expect(legend).not.toContainText('before going back');
  await training.enter('Learning rate', '0.001');
  await expect(training.status).toContainText('Paused at step 120 of 400.');
  await expect(legend).toContainText('before going back');
  await training.train.click();
  await expect(training.status).toContainText('Finished at step 400');
  const end = await seen(page);

  // Before the change the run has its first learning rate again.
  const rate = training.settings.getByRole('spinbutton', { name: 'Learning rate', exact: true });
  await show(page, 100);
  await expect(rate).toHaveValue('0.02');
  await show(page, 300);
  await expect(rate).toHaveValue('0.001');

  const link = await page.evaluate(async () => {
    let copied = '';
    Object.defineProperty(navigator, 'clipboard', {
      value: {
        writeText: async (text: string) => {
          copied = text;
        },
      },
    });
    document.querySelectorAll<HTMLButtonElement>('.tools button')[0].click();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return copied;
  });
  expect(link).toContain('at=300');
  expect(link).toContain('then=120');
  const other = await page.context().newPage();
  await other.goto(link.replace('at=300', 'at=400'));
  await expect(new TrainingPage(other).status).toContainText('Finished at step 400');
  expect((await seen(other)).picture).toEqual(end.picture);
});

test('a run that trains is paused where its slider is moved to', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=16&init=he&steps=0');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(60);
  await sliderOf(page).fill('50');
  await expect(training.status).toContainText('Step 50 of');
  await expect(training.train).toBeVisible();
});

test('the last hidden layer bends the plane, and moves with training and with the slider', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=16-2&init=he&optimizer=adam&rate=0.02&l2=0&steps=400');
  await training.trainToTheEnd();
  await page.getByText('The plane in the last hidden layer').click();
  const space = page.locator('.space');
  const picture = space.getByRole('img', { name: 'The points and the grid at step 400' });
  await expect(picture).toBeVisible();
  // With two units the wedges are the network's own classes.
  const right = async () => Number(/(\d+) of 300/.exec(await space.locator('.reading').innerText())?.[1]);
  expect(await right()).toBe(Math.round(3 * (await training.figure('accuracy'))));
  const pixels = (canvas: Locator) => canvas.evaluate((all) => (all as HTMLCanvasElement).toDataURL());
  const end = await pixels(picture);
  await show(page, 20);
  const before = space.getByRole('img', { name: 'at step 20' });
  await expect(before).toBeVisible();
  expect(await right()).toBe(Math.round(3 * (await training.figure('accuracy'))));
  expect(await pixels(before)).not.toBe(end);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(picture).toBeVisible();
  expect(await pixels(picture)).toBe(end);

  // A wider layer has more directions than a picture.
  await training.enter('Layer 2', '5');
  await expect(space).toContainText('differ in these two directions alone');
  await space.getByLabel('Drawn over').selectOption('components');
  await expect(space).toContainText('of the variance of 5 outputs');
  await space.getByLabel('Drawn over').selectOption('units');
  await expect(space).toContainText('the other 3 outputs have their mean');
  await space.getByLabel('Unit up').fill('5');
  await page.keyboard.press('Enter');
  await expect(space.getByRole('img', { name: 'at step 0' })).toBeVisible();
});

test('a run that has diverged shows its steps, and goes on with a smaller learning rate', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&rate=100&l2=0.1&steps=1000');
  await training.train.click();
  await expect(training.status).toContainText('Diverged');
  await sliderOf(page).fill('2');
  await expect(training.status).toContainText('Step 2 of');
  await training.enter('Learning rate', '0.1');
  await training.trainToTheEnd();
  expect(await training.figure('step')).toBe(1000);
});
