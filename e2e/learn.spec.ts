import type { Page } from 'playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const contents = (page: Page) => page.getByRole('navigation', { name: 'Contents' });
const section = (page: Page, name: string) =>
  page.getByRole('article', { name: new RegExp(`^\\d+ ${name}`) });

test('the article is one press away, and each section has an address', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Learn', exact: true }).click();
  await expect(page).toHaveURL(/#learn$/);
  await expect(page).toHaveTitle(/^Learn/);
  await expect(page.getByRole('heading', { name: 'How a network learns a spiral' })).toBeInViewport();
  const titles = await contents(page).getByRole('link').allInnerTexts();
  expect(titles.length).toBe(11);
  await expect(page.getByRole('article')).toHaveCount(11);
  for (const title of titles) await expect(section(page, title)).toHaveCount(1);

  await contents(page).getByRole('link', { name: 'The gradient' }).click();
  await expect(page).toHaveURL(/#learn\/gradient$/);
  await expect(section(page, 'The gradient').getByRole('heading').first()).toBeInViewport();
  await expect(contents(page).getByRole('link', { name: 'The gradient' })).toHaveAttribute(
    'aria-current',
    'location',
  );
  // The same link brings a reader back who has scrolled away.
  await page.evaluate(() => scrollTo(0, 0));
  await contents(page).getByRole('link', { name: 'The gradient' }).click();
  await expect(section(page, 'The gradient').getByRole('heading').first()).toBeInViewport();
  await contents(page).getByRole('link', { name: 'Backpropagation' }).click();
  await expect(section(page, 'Backpropagation').getByRole('heading').first()).toBeInViewport();
  await page.goBack();
  await expect(section(page, 'The gradient').getByRole('heading').first()).toBeInViewport();

  await page.goto('/?again#learn/update');
  await expect(section(page, 'The update').getByRole('heading').first()).toBeInViewport();
});

test('a line of the step leads to the view Inside, and the settings stay', async ({ page }) => {
  await page.goto('/#learn/gradient?v=1&hidden=6&init=he');
  await section(page, 'The gradient').getByRole('link', { name: 'db 0' }).click();
  await expect(page).toHaveURL(/#inside\/db%200\?v=1&hidden=6&init=he/);
  await expect(page.getByRole('heading', { name: 'db 0' }).first()).toBeVisible();
  const status = page.getByRole('region', { name: 'Within the step' }).getByRole('status');
  await expect(status).toContainText('operation 9 of 13');
  await page.getByRole('link', { name: 'Learn about this line' }).click();
  await expect(page).toHaveURL(/#learn\/backpropagation\?v=1&hidden=6&init=he/);
  await expect(section(page, 'Backpropagation').getByRole('heading').first()).toBeInViewport();
});

test('a figure loads when its section comes near, and not before', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 300 });
  const figures: string[] = [];
  page.on('request', (request) => {
    if (/spiral-figure/.test(request.url())) figures.push(request.url());
  });
  await page.goto('/#learn/gpu');
  await expect(section(page, 'What the GPU does').getByRole('heading').first()).toBeInViewport();
  expect(figures).toEqual([]);
  await contents(page).getByRole('link', { name: 'The data' }).click();
  await expect(page.getByRole('figure', { name: 'The spiral, arm by arm' })).toBeVisible();
  expect(figures).toHaveLength(1);
});

test('what moves by itself stops out of sight, and goes on where it was', async ({ page }) => {
  // The page itself leaves the figure, in the first frame with a point: a test may be slow.
  await page.addInitScript(() => {
    const look = () => {
      const points = document.querySelector<HTMLInputElement>('#data input[max="300"]');
      if (points && points.valueAsNumber > 0) location.hash = '#learn/gpu';
      else requestAnimationFrame(look);
    };
    look();
  });
  await page.goto('/#learn/data');
  const points = page.getByRole('slider', { name: 'points' });
  const drawn = async () => Number.parseInt((await points.getAttribute('aria-valuetext')) ?? '', 10);
  await expect(page).toHaveURL(/#learn\/gpu$/);
  await expect(points).not.toBeInViewport();
  // The figure is told a frame later.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))));
  const standing = await drawn();
  expect(standing).toBeLessThan(300);
  await page.waitForTimeout(500);
  expect(await drawn()).toBe(standing);
  await contents(page).getByRole('link', { name: 'The data' }).click();
  await expect.poll(drawn).toBe(300);
});

test('the spiral is drawn by itself once, and by hand with the keyboard', async ({ page }) => {
  await page.goto('/#learn/data');
  const figure = page.getByRole('figure', { name: 'The spiral, arm by arm' });
  const points = figure.getByRole('slider', { name: 'points' });
  await expect(points).toHaveAttribute('aria-valuetext', '300 of 300');
  await points.focus();
  await page.keyboard.press('Home');
  await expect(figure).toContainText('No point yet');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(figure).toContainText('Point 3');
  await figure.getByText('The numbers of this figure').click();
  const rows = figure.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toContainText('3 of 100');
  await figure.getByRole('slider', { name: 'turn of an arm' }).fill('2');
  await expect(rows.nth(2)).toContainText('2.00');
  await expect(rows.nth(2)).toContainText('4.00');
  await expect(points).toHaveAttribute('aria-valuetext', '300 of 300');
  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect(rows.nth(2)).toContainText('4.00');
  await expect(rows.nth(2)).toContainText('8.00');
  await expect(points).toHaveAttribute('aria-valuetext', '300 of 300');
});

test.describe('without motion', () => {
  test.use({ reducedMotion: 'reduce' });
  test('the article prints with its figures, without what only a screen needs', async ({ page }) => {
    await page.goto('/#learn/data');
    const figure = page.getByRole('figure', { name: 'The spiral, arm by arm' });
    await expect(figure).toContainText('Point 300');
    await page.emulateMedia({ media: 'print' });
    await expect(figure.getByRole('img')).toBeVisible();
    await expect(contents(page)).toBeHidden();
    await expect(figure.getByRole('button')).toBeHidden();
    expect(await new TrainingPage(page).overflow()).toBe(0);
  });
});

for (const [i, [locale, colorScheme, width]] of (
  [
    ['en-US', 'light', 1440],
    ['ko-KR', 'dark', 375],
    ['en-US', 'dark', 320],
    ['ko-KR', 'light', 1024],
  ] as const
).entries())
  test.describe(`${locale}, ${colorScheme}, ${width} pixels`, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 720 }, reducedMotion: 'reduce' });

    test('the article has no barrier', { tag: i > 1 ? '@all' : [] }, async ({ page }) => {
      await page.goto('/#learn');
      // Every figure loads when its section comes near.
      for (const link of await page.locator('.contents a').all()) {
        await link.click();
        await expect(page.locator('.contents a[aria-current]')).toHaveCount(1);
      }
      for (const place of await page.locator('.figure-place').all()) {
        await place.scrollIntoViewIfNeeded();
        await expect(place.getByRole('figure')).toBeVisible();
        await place.locator('summary').first().click();
        await expect(place.getByRole('table').first()).toBeVisible();
      }
      for (const aside of await page.locator('.aside summary').all()) await aside.click();
      expect(await new TrainingPage(page).overflow()).toBe(0);
      await expectAccessible(page);
    });
  });
