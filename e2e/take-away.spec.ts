import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { spiral, split } from '../src/index.ts';
import { importModel } from '../src/models/index.ts';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

/** A small run at a step, with points for testing, and what can be taken from it. */
async function openTakeAway(page: Page, settings = 'hidden=8&init=he&test=0.2&steps=100&at=100') {
  const training = new TrainingPage(page);
  await training.openLink(settings);
  await expect(training.status).toContainText(/Finished|Paused/);
  await page.getByRole('button', { name: 'Take away' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take away' });
  await expect(dialog).toContainText('All of this is of step 100.');
  return { training, dialog };
}

/** Presses a button. @returns the name and the contents of the file that arrives */
async function saved(page: Page, button: string | RegExp): Promise<{ name: string; bytes: Buffer }> {
  const [arrived] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: arrived.suggestedFilename(), bytes: readFileSync(await arrived.path()) };
}

/** What is in a drawing, and whether anything in it points elsewhere. */
async function readSvg(page: Page, file: Buffer) {
  // The policy of the page lets no text become a document.
  const alone = await page.context().newPage();
  const read = await alone.evaluate((text) => {
    const file = new DOMParser().parseFromString(text, 'image/svg+xml');
    const elements = Array.from(file.querySelectorAll('*'));
    const attributes = elements.flatMap((element) => Array.from(element.attributes));
    return {
      fault: file.querySelector('parsererror')?.textContent ?? '',
      width: Number(file.documentElement.getAttribute('width')),
      source: file.getElementsByTagNameNS('http://purl.org/dc/elements/1.1/', 'source')[0]?.textContent,
      description: file.querySelector('desc')?.textContent,
      texts: Array.from(file.querySelectorAll('text'), (element) => element.textContent),
      images: Array.from(file.querySelectorAll('image'), (image) =>
        image.getAttributeNS('http://www.w3.org/1999/xlink', 'href'),
      ),
      shapes: file.querySelectorAll('circle, polygon').length,
      ground: file.querySelector('rect')?.getAttribute('fill'),
      borrowed: [
        ...attributes.filter(({ name }) => ['class', 'style'].includes(name)).map(({ name }) => name),
        ...attributes.filter(({ value }) => /var\(|url\(|currentColor/.test(value)).map(({ value }) => value),
        ...elements
          .filter(({ tagName }) => /^(style|script|link|use)$/.test(tagName))
          .map(({ tagName }) => tagName),
      ],
    };
  }, file.toString());
  await alone.close();
  return read;
}

/** The texts of a PNG file, and its size in pixels. */
function readPng(file: Buffer) {
  const texts: Record<string, string> = {};
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) !== 'iTXt') continue;
    const [keyword, , , , , text] = file.toString('utf8', at + 8, at + 8 + file.readUInt32BE(at)).split('\0');
    texts[keyword] = text;
  }
  return { texts, width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

const LINK = /\/#train\?v=1&test=0\.2&hidden=8&init=he&steps=100&at=100$/;

test('pictures are taken away with their settings', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const { dialog } = await openTakeAway(page);
  await expectAccessible(page, 'dialog');

  const png = await saved(page, 'Save PNG');
  expect(png.name).toBe('spiralnet-spiral-step-100-regions.png');
  const { texts, width, height } = readPng(png.bytes);
  expect(width).toBe(2000);
  expect(height).toBeGreaterThan(2000);
  expect(texts.URL).toMatch(LINK);
  expect(texts.Description).toMatch(/^Decision regions: step 100 · loss \d.*2 → 8 → 3.*240 training points/);

  const svg = await saved(page, 'Save SVG');
  expect(svg.name).toBe('spiralnet-spiral-step-100-regions.svg');
  const read = await readSvg(page, svg.bytes);
  expect(read).toMatchObject({ fault: '', borrowed: [], description: texts.Description });
  // Whatever the page's theme.
  expect(read.ground).toBe('rgb(255, 255, 255)');
  expect(read.source).toMatch(LINK);
  expect(read.images).toEqual([expect.stringMatching(/^data:image\/png;base64,[\w+/]{100}/)]);
  // The points, hollow ones twice, and those of the legend.
  expect(read.shapes).toBe(240 + 2 * 60 + 3 + 2);
  expect(read.texts).toContain('class 2');

  await dialog.getByRole('combobox', { name: 'Picture' }).selectOption('Curves');
  await dialog.getByLabel('Colours').selectOption('dark');
  const curves = await readSvg(page, (await saved(page, 'Save SVG')).bytes);
  expect(curves).toMatchObject({ fault: '', borrowed: [], images: [], ground: 'rgb(23, 23, 27)' });
  expect(curves.texts).toEqual(expect.arrayContaining(['loss', 'accuracy', 'step', 'test']));
});

test('every picture can be taken away', { tag: '@all' }, async ({ page }) => {
  const { dialog } = await openTakeAway(page);
  const list = dialog.getByRole('combobox', { name: 'Picture' });
  const names = await list.getByRole('option').allInnerTexts();
  // Five pictures, and one of each input, unit and class.
  expect(names.length).toBe(5 + 2 + 8 + 3);
  await dialog.getByLabel('Colours').selectOption('dark');
  const files = new Set<string>();
  for (const name of names) {
    await list.selectOption(name);
    const file = await saved(page, 'Save SVG');
    files.add(file.name);
    const { fault, borrowed, width } = await readSvg(page, file.bytes);
    expect({ fault, borrowed, width }, name).toEqual({ fault: '', borrowed: [], width: 640 });
  }
  expect(files.size).toBe(names.length);
});

test('the curves are taken away as plain numbers', { tag: '@all' }, async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { training, dialog } = await openTakeAway(page);
  await page.keyboard.press('Tab');
  await dialog.getByRole('tab', { name: 'Pictures' }).press('ArrowRight');
  await expect(dialog.getByRole('tab', { name: 'Figures' })).toBeFocused();
  await expectAccessible(page, 'dialog');
  const { name, bytes } = await saved(page, 'Save CSV');
  expect(name).toBe('spiralnet-spiral-step-100-curves.csv');
  const [heads, ...lines] = bytes.toString().trimEnd().split('\n');
  expect(heads).toBe('step,loss,accuracy,test loss,test accuracy');
  const [step, loss, accuracy, testLoss, testAccuracy] = lines[lines.length - 1].split(',').map(Number);
  expect(step).toBe(100);
  await dialog.getByRole('button', { name: 'Copy figures' }).click();
  await expect(dialog).toContainText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    bytes.toString().replaceAll(',', '\t'),
  );

  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Take away' })).toBeFocused();
  expect(await training.figure('loss')).toBe(Number(loss.toFixed(6)));
  expect(await training.figure('accuracy')).toBe(Number((100 * accuracy).toFixed(1)));
  expect(await training.figure('test loss')).toBe(Number(testLoss.toFixed(6)));
  expect(await training.figure('test accuracy')).toBe(Number((100 * testAccuracy).toFixed(1)));
});

test('a model is taken away that predicts what the page shows', async ({ page }) => {
  const { training, dialog } = await openTakeAway(page);
  await dialog.getByRole('tab', { name: 'Model' }).click();
  await expectAccessible(page, 'dialog');
  const { name, bytes } = await saved(page, 'JSON');
  expect(name).toBe('spiralnet-spiral-step-100.json');
  await page.keyboard.press('Escape');
  const { train, test } = split(spiral(), 0.2, 0);
  const model = await importModel(bytes);
  for (const [rows, figure] of [
    [train, 'accuracy'],
    [test, 'test accuracy'],
  ] as const) {
    const told = model.predict(rows?.inputs ?? []);
    const truth = Array.from(rows?.labels ?? []);
    const right = truth.filter((label, row) => label === told.labels?.[row]).length;
    expect(await training.figure(figure)).toBe(Number(((100 * right) / truth.length).toFixed(1)));
  }
});

test('the code that is taken away has the settings and the turns', { tag: '@all' }, async ({ page }) => {
  const turns = 'hidden=8&init=he&rate=0.5&steps=100&at=100&then=60,0.125,0.001,auto';
  const { dialog } = await openTakeAway(page, turns);
  await dialog.getByRole('tab', { name: 'Code' }).click();
  const code = dialog.getByRole('region', { name: 'NumPy' });
  await expect(code).toContainText('import numpy as np');
  await expectAccessible(page, 'dialog');
  for (const part of [/rng.randn\(N\) \* 0\.2/, '0.5', '0.125', '60', 'range(100 + 1)'])
    await expect(code).toContainText(part);
  const { name, bytes } = await saved(page, 'Save code');
  expect(name).toBe('spiralnet-spiral-step-100-numpy.py');
  expect(bytes.toString().trim()).toBe((await code.innerText()).trim());
  await dialog.getByRole('tab', { name: 'PyTorch' }).click();
  await expect(dialog.getByRole('region', { name: 'PyTorch' })).toContainText('import torch');
  await dialog.getByRole('tab', { name: 'PyTorch' }).press('ArrowRight');
  await expect(dialog.getByRole('region', { name: 'spiralnet' })).toContainText("from 'spiralnet'");
});

test('every format of a model can be taken away', { tag: '@all' }, async ({ page }) => {
  const { dialog } = await openTakeAway(page);
  await dialog.getByRole('tab', { name: 'Model' }).click();
  const json = await importModel((await saved(page, 'JSON')).bytes);
  const { inputs } = spiral();
  for (const [format, ending] of [
    ['safetensors', 'safetensors'],
    ['ONNX', 'onnx'],
    ['NumPy (npz)', 'npz'],
  ]) {
    const { name, bytes } = await saved(page, format);
    expect(name).toBe(`spiralnet-spiral-step-100.${ending}`);
    expect((await importModel(bytes)).predict(inputs)).toEqual(json.predict(inputs));
  }
  const { name, bytes } = await saved(page, 'JavaScript');
  expect(name).toBe('spiralnet-spiral-step-100.js');
  expect(bytes.toString()).toContain('export');
});

test('what is taken during training is of one step', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=0');
  await expect(training.status).toContainText('Untrained');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Take away' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take away' });
  const told = dialog.getByText(/All of this is of step [\d,]+\./);
  const first = await told.innerText();
  await dialog.getByRole('tab', { name: 'Figures' }).click();
  const { name, bytes } = await saved(page, 'Save CSV');
  const step = /[\d,]+/.exec(first)?.[0].replaceAll(',', '');
  expect(name).toBe(`spiralnet-spiral-step-${step}-curves.csv`);
  expect(bytes.toString().trimEnd().split('\n').pop()).toMatch(new RegExp(`^${step},`));
  // Training has gone on meanwhile.
  await dialog.getByRole('button', { name: 'Read the present step' }).click();
  await expect(told).not.toHaveText(first);
});

test('without points there is nothing to take away', { tag: '@all' }, async ({ page }) => {
  await page.goto('/#train?v=1&data=own');
  await page.getByRole('button', { name: 'Take away' }).click();
  await expect(page.getByRole('dialog')).toContainText('There is no run yet');
});

test('of a run that has failed the last pictures can be taken away, and no model', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&rate=100&l2=0.1');
  await expect(training.status).toContainText('Untrained');
  await training.train.click();
  await expect(training.status).toContainText('Diverged');
  await page.getByRole('button', { name: 'Take away' }).click();
  expect(readPng((await saved(page, 'Save PNG')).bytes).width).toBe(2000);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Model' }).click();
  await dialog.getByRole('button', { name: 'JSON' }).click();
  await expect(dialog).toContainText('The run has failed');
});

for (const [locale, colorScheme, width] of [
  ['ko-KR', 'dark', 375],
  ['ko-KR', 'light', 1280],
  ['en-US', 'dark', 320],
] as const)
  test.describe(`${locale}, ${colorScheme}, ${width} pixels`, { tag: '@all' }, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 667 } });

    test('what can be taken away has no barrier', async ({ page }) => {
      const training = new TrainingPage(page);
      await training.openLink('hidden=8&init=he&test=0.2&steps=100&at=20');
      await page.getByRole('button', { name: /Take away|가져가기/ }).click();
      for (const tab of await page.getByRole('dialog').getByRole('tab').all()) {
        await tab.click();
        await expect(page.getByRole('tabpanel').first()).not.toBeEmpty();
        await expectAccessible(page, 'dialog');
        const wide = await page
          .getByRole('dialog')
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
        expect(wide).toBe(0);
      }
    });
  });
