import type { Page } from 'playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('the faster of GPU and CPU is measured, trains, and is told', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=300&backend=fastest');
  await expect(training.status).toContainText('Untrained');
  const told = /^.*a step takes (\S+) ms on the GPU, (\S+) ms on the CPU/;
  await expect(training.plan).toHaveText(told);
  const [, gpu, cpu] = told.exec(await training.plan.innerText()) ?? [];
  // Two figures of each time are told, and up to a tenth counts for the GPU.
  const faster = Number(gpu) / Number(cpu) > 1.2;
  const slower = Number(gpu) / Number(cpu) < 1;
  const banner = page.getByRole('banner');
  if (faster) await expect(banner).toContainText('CPU · faster than the GPU here');
  if (slower) await expect(banner).toContainText('WebGPU');
  await training.trainToTheEnd();
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  await expect(page.locator('.notice')).toHaveCount(0);
});

/**
 * Keeps the question how long a step takes from the worker, so that no test depends on speed.
 * @param speeds the answer, in milliseconds, which {@link answer} gives
 */
async function answerSpeeds(page: Page, speeds: { gpu: number; cpu: number }): Promise<void> {
  await page.addInitScript((speeds) => {
    const post = Worker.prototype.postMessage as (...given: unknown[]) => void;
    Worker.prototype.postMessage = function (this: Worker, ...given: unknown[]) {
      const { type, number, question } = given[0] as {
        type: string;
        number: number;
        question?: { what: string };
      };
      if (type !== 'ask' || question?.what !== 'speeds') return post.apply(this, given);
      Reflect.set(window, 'asked', (Reflect.get(window, 'asked') ?? 0) + 1);
      const data = { type: 'answer', number, answer: { what: 'speeds', ...speeds } };
      Reflect.set(window, 'answer', () => this.dispatchEvent(new MessageEvent('message', { data })));
    };
  }, speeds);
}

const asked = (page: Page) => page.evaluate(() => Reflect.get(window, 'asked'));

/** Answers the question once it is asked. @param look is called before */
async function answer(page: Page, look?: () => Promise<void>): Promise<void> {
  await expect.poll(() => asked(page)).toBe(1);
  await look?.();
  await page.evaluate(() => void Reflect.get(window, 'answer')());
}

for (const { width, height, language } of [
  { width: 1280, height: 720, language: 'en' },
  { width: 375, height: 667, language: 'ko' },
  { width: 375, height: 667, language: 'en' },
]) {
  test(`a software adapter: the page offers the faster CPU, ${width} pixels wide, ${language}`, {
    tag: '@all',
  }, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.addInitScript((language) => localStorage.setItem('spiralnet language', language), language);
    await answerSpeeds(page, { gpu: 4.8, cpu: 1.5 });
    const training = new TrainingPage(page);
    await training.openLink('hidden=16-8&init=he&rate=0.3&steps=300');
    const place = page.locator('.offer');
    await place.scrollIntoViewIfNeeded();
    const footer = page.getByRole('contentinfo');
    let before: Awaited<ReturnType<typeof footer.boundingBox>> = null;
    await answer(page, async () => {
      before = await footer.boundingBox();
    });
    const sentence = place.getByRole('status');
    await expect(sentence).toContainText('3.2');
    await expect(sentence).toContainText('SwiftShader');
    expect(await footer.boundingBox()).toEqual(before);
    expect(await training.overflow()).toBe(0);
    await expectAccessible(page);
    await place.getByRole('button').press('Enter');
    await expect(page.getByRole('banner').locator('.adapter')).toHaveText('CPU');
    await expect(page).toHaveURL(/hidden=16-8&init=he&rate=0\.3&.*backend=cpu/);
    await expect(place).toHaveCount(0);
    expect(await asked(page)).toBe(1);
  });
}

test('a CPU that is little faster is not offered, nor measured again', { tag: '@all' }, async ({ page }) => {
  await answerSpeeds(page, { gpu: 1.49, cpu: 1 });
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=300');
  const place = page.locator('.offer');
  await place.scrollIntoViewIfNeeded();
  await answer(page);
  await expect(place).toHaveText('');
  await training.trainToTheEnd();
  await expect(place).toHaveText('');
  expect(await asked(page)).toBe(1);
});

test('a change of the plan measures again, and Back and Forward keep the choice', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=300');
  await training.choose('Runs on', 'fastest');
  await expect(training.plan).toContainText('ms on the CPU');
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1');
  await training.choose('Plan', 'layered');
  await expect(page).toHaveURL(/backend=fastest&plan=layered/);
  await expect(training.plan).toContainText('ms on the CPU');
  await training.trainToTheEnd();
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  await page.goForward();
  await expect(training.plan).toContainText('ms on the CPU');
  await expect(training.settings.getByLabel('Runs on')).toHaveValue('fastest');
});
