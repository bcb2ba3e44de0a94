import type { Locator, Page } from 'playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const FEW = 'data=digits&test=0.25&hidden=32&init=he&rate=0.01&optimizer=adam&batch=32&steps=200';

/** The class with the largest probability, and that probability in percent. */
async function best(page: Page): Promise<{ name: string; percent: number }> {
  const [name, percent] = (await page.locator('.outputs .best').innerText()).split(/\s+/);
  return { name, percent: Number(percent) };
}

/** Draws a line through places that are parts of the area's sides. */
async function draw(page: Page, area: Locator, places: readonly (readonly [number, number])[]) {
  const box = await area.boundingBox();
  if (!box) throw new Error('There is no drawing area.');
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(places[0]));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 4 });
  await page.mouse.up();
}

test('a drawn digit is told while one draws, by mouse or by keyboard', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(FEW);
  await expect(training.status).toContainText('Untrained');
  await training.trainToTheEnd();
  const area = page.getByRole('application', { name: 'Drawing area' });
  const answer = page.locator('.outputs').getByRole('status');
  await expect(answer).toHaveText('Nothing is drawn yet.');
  await area.hover();
  // A circle is a 0.
  const circle = Array.from({ length: 25 }, (_, i) => {
    const angle = (i * Math.PI) / 12;
    return [0.5 + 0.25 * Math.sin(angle), 0.5 - 0.38 * Math.cos(angle)] as const;
  });
  await draw(page, area, circle);
  await expect(answer).toHaveText('The network takes it for: 0.');
  expect((await best(page)).percent).toBeGreaterThan(50);
  await expectAccessible(page, '.drawing');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(answer).toHaveText('Nothing is drawn yet.');
  await expect(page.locator('.outputs .number')).toHaveText(Array(10).fill('–'));

  // Three strokes of the keyboard are a 7, which the network before training does not tell so surely.
  await area.focus();
  const press = async (key: string, times: number) => {
    for (let i = 0; i < times; i++) await page.keyboard.press(key);
  };
  await press('ArrowUp', 5);
  await press('ArrowLeft', 4);
  await press('Space', 1);
  await expect(area.getByRole('status')).toHaveText('The pen is down.');
  await press('ArrowRight', 8);
  for (let i = 0; i < 5; i++) {
    await press('ArrowDown', 2);
    await press('ArrowLeft', 1);
  }
  await expect(answer).toHaveText('The network takes it for: 7.');
  const { percent } = await best(page);
  await training.rewind.click();
  await expect.poll(async () => (await best(page)).percent).toBeLessThan(percent);
});

test('the weights of the first layer are images, live: of units, and of classes', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('data=digits&hidden=32&init=he&steps=40');
  const panel = page.locator('.templates');
  await expect(panel).toContainText('Shown are the first 8 of 32.');
  const pictures = panel.locator('canvas');
  await expect(pictures).toHaveCount(8);
  await expect(panel.getByRole('img', { name: /^Weights of unit 8, from −0\.\d+ to 0\.\d+$/ })).toBeVisible();
  await expect(
    panel.getByRole('img', { name: /^Colours of weights from −(0\.\d+) to \1; white is 0$/ }),
  ).toBeVisible();
  await training.openLink('data=digits&hidden=0&steps=40');
  await expect(pictures).toHaveCount(10);
  await expect(panel.locator('li')).toHaveText([...'0123456789']);
  const label = () => pictures.first().getAttribute('aria-label');
  const before = await label();
  await expect(training.status).toContainText('Untrained');
  await training.trainToTheEnd();
  await expect.poll(label).not.toBe(before);
  // A pixel of the corner is dark in no digit, so that its weight tells nothing; others do.
  const colours = await pictures.first().evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, 8, 8) ?? { data: [] };
    let [blue, orange] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 2] > data[i] + 30) blue++;
      if (data[i] > data[i + 2] + 30) orange++;
    }
    return { blue, orange };
  });
  expect(colours.blue).toBeGreaterThan(5);
  expect(colours.orange).toBeGreaterThan(5);
  await expectAccessible(page, '.templates');
});

test('other data have neither a drawing nor weights as pictures', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.getByRole('figure', { name: 'Curves' })).toBeVisible();
  await expect(page.locator('.drawing, .templates')).toHaveCount(0);
});

test.describe('in Korean, on a phone', () => {
  test.use({ locale: 'ko-KR', viewport: { width: 375, height: 667 } });

  test('a digit is drawn with a finger', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    await page.goto(`/#train?v=1&${FEW}`);
    const area = page.getByRole('application', { name: '그리는 곳' });
    await area.hover();
    await draw(page, area, [
      [0.5, 0.1],
      [0.5, 0.9],
    ]);
    await expect(page.locator('.outputs').getByRole('status')).toHaveText(/^신경망의 답: \d$/);
    expect(await training.overflow()).toBe(0);
    await expectAccessible(page, '.drawing');
    await expectAccessible(page, '.templates');
  });
});
