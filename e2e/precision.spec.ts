import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

test('in double precision the linear classifier prints the published losses', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier', 'Double');
  await expect(page.getByRole('banner')).toContainText('double-single arithmetic');
  await expect(training.printout).toContainText('The first loss prints as published.');
  await training.trainToTheEnd();

  const losses = await training.losses();
  const same = losses.filter(({ own, published }) => own === published).length;
  expect(same).toBeGreaterThanOrEqual(18);
  for (const { difference } of losses) expect(Math.abs(difference)).toBeLessThanOrEqual(1e-6);
  await expect(training.printout).toContainText(`${same} of 20 losses print as published.`);
  expect(await training.accuracy()).toEqual(['0.49', '0.49']);

  await expect(training.timing).toContainText('float64 on the CPU');
  await training.time();
});

test('the printout offers the same run in double precision', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  const offer = training.printout.getByRole('button', { name: 'Run in double precision' });
  // Before the end there is nothing to compare.
  await expect(offer).toHaveCount(0);
  await training.trainToTheEnd();
  await offer.click();
  await expect(page).toHaveURL(/#train\?v=1&hidden=0&precision=double&steps=200$/);
  await expect(training.status).toContainText('Finished at step 200');
  await expect(training.printout).toContainText('the sum of two float32');
  for (const { difference } of await training.losses())
    expect(Math.abs(difference)).toBeLessThanOrEqual(1e-6);
  await expect(offer).toHaveCount(0);
});

test('in double precision the network passes the saddle as published', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network', 'Double');
  await training.train.click();
  await expect.poll(() => training.figure('step'), { intervals: [50] }).toBeGreaterThan(1000);
  await training.pause.click();
  await expect(training.status).toContainText('Paused');
  const [start, saddle, later] = await training.losses();
  expect(start.own).toBe(1.098744);
  expect(saddle.published).toBe(0.294946);
  expect(Math.abs(saddle.difference)).toBeLessThanOrEqual(5e-6);
  if (Number.isNaN(later.own)) await expect(training.printout).toContainText(/So far [12] of 2 prints? as/);
});

test('marks digits from the first that differs on, and counts the losses that print the same', {
  tag: '@all',
}, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await training.trainToTheEnd();
  const rows = await training.printout.getByRole('row', { name: /^iteration \d+: loss/ }).all();
  let same = 0;
  for (const row of rows) {
    const [own, published] = await row.getByRole('cell').all();
    const [text, expected] = await Promise.all([own.innerText(), published.innerText()]);
    // The mark is not colour alone, and a screen reader reads one number.
    await expect(own).toHaveAccessibleName(text);
    const marked = (await own.locator('.differs').allInnerTexts()).join('');
    const first = [...text].findIndex((digit, i) => digit !== expected[i]);
    expect(marked).toBe(first < 0 ? '' : text.slice(first));
    if (marked) await expect(own.locator('.differs')).toHaveCSS('text-decoration-line', 'underline');
    if (text === expected) same++;
  }
  const count = new RegExp(`^${same} of 20 losses prints? as published\\.`);
  await expect(training.printout.getByText(count)).toBeVisible();
});

test('another precision begins a new run, and the page says why', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1 ');
  await training.choose('Precision', 'double');
  await expect(training.status).toContainText('Rewound: Precision changed. Untrained.');
  await training.step.click();
  await expect(training.status).toHaveText(/^Paused at step 1 /);
});

test('on the CPU double precision is float64, and every loss prints as published', { tag: '@all' }, async ({
  page,
}) => {
  await changeWorker(page, 'GPU.prototype.requestAdapter = async () => null;');
  const training = new TrainingPage(page);
  await training.open('Linear classifier', 'Double');
  await expect(page.getByRole('banner')).toContainText('float64');
  await expect(page.getByRole('main')).not.toContainText('double-single');
  await training.trainToTheEnd();
  await expect(training.printout).toContainText('20 of 20 losses print as published.');
});

test('a GPU that fails the self-test of double precision leaves that to the CPU, and single precision works', async ({
  page,
}) => {
  // This kernel text acts as a compiler that takes every error of a sum for zero.
  await changeWorker(
    page,
    `const create = GPUDevice.prototype.createShaderModule;
     GPUDevice.prototype.createShaderModule = function (descriptor) {
       const code = descriptor.code.replace('keep(a - a_part) + keep(b - b_part)', '0.0');
       return create.call(this, { ...descriptor, code });
     };`,
  );
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1 ');
  await training.choose('Precision', 'double');
  await expect(
    page.getByText(/This device cannot compute in double precision: .* Use precision: 'single'/),
  ).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('CPU · no GPU · float64');
  await expect(training.status).toContainText('Untrained');

  await training.choose('Precision', 'single');
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  await expect(page.getByRole('banner')).not.toContainText('no GPU');
  await expect(training.status).toContainText('Untrained');
  await training.trainToTheEnd();
});
