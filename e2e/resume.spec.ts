import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { createTrainer, spiral } from '../src/index.ts';
import { exportModel } from '../src/models/index.ts';
import { expectAccessible } from './accessibility.ts';
import { drop, FileDialog, FLOWERS } from './file-dialog.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

/** Takes the run away as safetensors. */
async function takeAway(page: Page): Promise<number[]> {
  await page.getByRole('button', { name: 'Take away' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take away' });
  await dialog.getByRole('tab', { name: 'Model' }).click();
  const [arrived] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'safetensors' }).click(),
  ]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return [...readFileSync(await arrived.path())];
}

/** The figures of the bar, as they are printed. */
async function figures(training: TrainingPage, ...others: ('test loss' | 'test accuracy')[]) {
  const names = ['step', 'loss', 'accuracy', ...others] as const;
  return Promise.all(names.map((name) => training.figure(name)));
}

/** A program's file of a network for other data. */
async function ofProgram(features: number, options: object = {}): Promise<number[]> {
  const inputs = new Float64Array(4 * features).fill(0.5);
  const data = { inputs, labels: Uint32Array.of(0, 1, 2, 3), count: 4, features, classes: 4 };
  await using trainer = await createTrainer({ data, learningRate: 0.1, backend: 'cpu', ...options });
  await trainer.train(1);
  return [...(await exportModel(trainer, 'safetensors'))];
}

test('a run that was taken away goes on with the same digits when its file is dropped', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&optimizer=adam&rate=0.01&batch=32&test=0.2&steps=300&at=200');
  await expect(training.status).toContainText('Paused');
  const stood = await figures(training, 'test loss', 'test accuracy');
  const run = await takeAway(page);
  await training.trainToTheEnd();
  const ended = await figures(training, 'test loss', 'test accuracy');
  expect(ended[0]).toBe(300);

  await page.goto('/');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  await drop(page, { name: 'run.safetensors', text: run });
  await expect(training.status).toContainText('Paused');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await figures(training, 'test loss', 'test accuracy')).toEqual(stood);
  expect(page.url()).toContain('optimizer=adam');
  await training.trainToTheEnd();
  expect(await figures(training, 'test loss', 'test accuracy')).toEqual(ended);
  // The reader has ended.
  await training.worker();
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
});

test('a run of a table asks for its rows, by the keyboard too @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  await drop(page, { name: 'flowers.csv', text: FLOWERS });
  await file.train.click();
  await expect(training.status).toContainText('Finished');
  const stood = await figures(training, 'test loss');
  const run = await takeAway(page);
  await training.trainToTheEnd();
  const ended = await figures(training, 'test loss');
  expect(ended[0]).toBe(2 * stood[0]);

  // The rows are open.
  await drop(page, { name: 'run.safetensors', text: run });
  await expect.poll(() => figures(training, 'test loss')).toEqual(stood);

  await expect(file.dialog).toHaveCount(0);

  await page.goto('/');
  await page.reload();
  const button = page.getByRole('button', { name: 'Your data' });
  await button.focus();
  await page.keyboard.press('Enter');
  await file.choose({ name: 'run.safetensors', text: run });
  await expect(file.dialog).toContainText('This run was trained on flowers.csv');
  await expectAccessible(page, 'dialog');
  // Nothing has changed so far.
  await expect(training.status).toContainText('Untrained');
  await file.choose({ name: 'flowers.csv', text: FLOWERS.replace('Seoul', 'Daegu') });
  await expect(file.dialog.getByRole('alert')).toContainText('not the one that the run was trained on');
  await expect(file.dialog.getByRole('button', { name: 'Use it anyway' })).toHaveCount(0);
  // Another run does not wait for these rows, nor does a table after it.
  await drop(page, { name: 'other.safetensors', text: await ofProgram(5) });
  await expect(file.dialog.getByRole('alert')).toContainText('expects data of 5 features');
  await drop(page, { name: 'flowers.csv', text: FLOWERS.replace('Seoul', 'Daegu') });
  await expect(file.train).toBeVisible();
  await drop(page, { name: 'run.safetensors', text: run });
  await file.choose({ name: 'my flowers.csv', text: FLOWERS });
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText(/Finished|Paused/);
  expect(await figures(training, 'test loss')).toEqual(stood);
  await training.trainToTheEnd();
  expect(await figures(training, 'test loss')).toEqual(ended);
});

test('digits are brought for their run, and other data are told @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('data=digits&hidden=8&init=he&optimizer=adam&rate=0.01&batch=64&steps=60&at=30');
  await expect(training.status).toContainText('Paused');
  const stood = await figures(training);
  const run = await takeAway(page);
  await training.trainToTheEnd();
  const ended = await figures(training);
  await page.goto('/');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  await drop(page, { name: 'run.safetensors', text: run });
  await expect(training.status).toContainText('Paused');
  expect(await figures(training)).toEqual(stood);
  await training.trainToTheEnd();
  expect(await figures(training)).toEqual(ended);

  const alert = file.dialog.getByRole('alert');
  await drop(page, { name: 'other.safetensors', text: await ofProgram(5) });
  await expect(alert).toContainText('expects data of 5 features and 4 classes');
  await expect(alert).toContainText('have 64 features and 10 classes: choose its data first');
  await expect(file.dialog.getByRole('heading')).toHaveText('other.safetensors');
  await expectAccessible(page, 'dialog');
  await drop(page, { name: 'deep.safetensors', text: await ofProgram(2, { hidden: Array(7).fill(2) }) });
  await expect(alert).toContainText('at most 6 hidden layers, and the network of the file has 7');
  await drop(page, { name: 'steep.safetensors', text: await ofProgram(2, { l2: 20 }) });
  await expect(alert).toContainText('goes from 0 to 10 on this page, and is 20 in the file');
  await drop(page, { name: 'cut.safetensors', text: run.slice(0, -8) });
  await expect(alert).toContainText('This is no run as safetensors keeps one.');
  await expect(alert).toContainText('The run is as it was.');
  await page.keyboard.press('Escape');
  expect(await figures(training)).toEqual(ended);
});

test.describe('in Korean on a phone, in the dark', () => {
  test.use({ locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 375, height: 667 } });

  test('a program’s run goes on, and another one is told @all', async ({ page }) => {
    const training = new TrainingPage(page);
    await training.openLink('hidden=8&init=he');
    await expect(page.getByRole('button', { name: '내 데이터' })).toBeVisible();
    await drop(page, { name: 'a.safetensors', text: await ofProgram(5, { hidden: [3, 3] }) });
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('alert')).toContainText('특성 5개, 클래스 4개인 데이터가 필요한데');
    await expectAccessible(page, 'dialog');
    expect(await training.overflow()).toBe(0);
    await using trainer = await createTrainer({ data: spiral(), learningRate: 0.5, backend: 'cpu' });
    await trainer.train(12);
    await drop(page, { name: 'b.safetensors', text: [...(await exportModel(trainer, 'safetensors'))] });
    await expect(dialog).toHaveCount(0);
    await expect(page.locator('.bar').getByRole('status')).toContainText('12');
    expect(page.url()).toContain('rate=0.5');
  });
});
