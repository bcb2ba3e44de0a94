import type { FrameLocator, Page } from 'playwright/test';
import { test as bare, expect } from 'playwright/test';
import { StaticSite } from './static-site.ts';
import { TrainingPage } from './training-page.ts';

/** A course's page with this page in a sandboxed frame; the host of both may allow other origins. */
const test = bare.extend<{ openFrame: (options: { cors: boolean }) => Promise<FrameLocator> }>({
  openFrame: async ({ page }, use) => {
    const site = new StaticSite('dist/page', '/spiralnet/');
    site.pages['/course'] =
      '<link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="/spiralnet/" width="1200" height="700"></iframe>';
    await site.start();
    await use(async ({ cors }) => {
      if (cors) site.headers['access-control-allow-origin'] = '*';
      await page.goto(new URL('/course', site.url).href);
      return page.frameLocator('iframe');
    });
    await site.stop();
  },
});

for (const [locale, press, finished, refused, copied, unread] of [
  [
    'en-US',
    ['Train', 'Measure'],
    'Finished',
    'A benchmark needs a worker',
    'Copy it from here:',
    'Reading a file needs a worker',
  ],
  [
    'ko-KR',
    ['학습', '재기'],
    '끝났습니다',
    '벤치마크에는 워커가 필요',
    '여기서 복사하세요:',
    '파일을 읽으려면 워커가 필요',
  ],
] as const)
  test.describe(`a sandboxed frame, ${locale}`, () => {
    test.use({ locale });

    test('trains on the thread of the page', { tag: locale === 'ko-KR' ? '@all' : [] }, async ({
      openFrame,
    }) => {
      const frame = await openFrame({ cors: true });
      const status = frame.locator('.bar').getByRole('status');
      await expect(status).toContainText(/Untrained|학습 전/);
      // Settings go into the frame's own history.
      await frame.locator('.preset select').selectOption('linear');
      await expect(status).toContainText('200');
      await frame.locator('.bar').getByRole('button', { name: press[0], exact: true }).click();
      await expect(status).toContainText(finished);
      await expect(frame.locator('.printout tfoot td').first()).toHaveText('0.49');

      await frame.locator('.tools button').first().click();
      await expect(frame.locator('.tools')).toContainText(copied);
      const link = frame.locator('input.link');
      await expect(link).toHaveValue(
        /^http:\/\/localhost:\d+\/spiralnet\/#train\?v=1&hidden=0&steps=200&at=200$/,
      );
      await link.focus();
      expect(await link.evaluate((input: HTMLInputElement) => input.selectionEnd)).toBeGreaterThan(40);

      await frame.getByRole('navigation').getByRole('link').nth(2).click();
      await expect(frame.locator('.step-controls').getByRole('status')).toContainText('200');
      await frame.getByRole('navigation').getByRole('link').nth(3).click();
      await frame.getByRole('button', { name: press[1] }).click();
      await expect(frame.getByRole('alert')).toContainText(refused);
      await expect(frame.getByRole('alert').getByRole('link')).toHaveAttribute('href', /#benchmark/);

      await frame.getByRole('navigation').getByRole('link').nth(0).click();
      await frame.locator('.own-data button').click();
      const dialog = frame.getByRole('dialog');
      await dialog.getByRole('textbox').fill('a,b\n1,x');
      await dialog.getByRole('button').last().click();
      await expect(dialog.getByRole('alert')).toContainText(unread);
    });
  });

/** Without the check of the console, because browsers write there what they refuse. */
bare.describe('what is missing is told', () => {
  const expectMissing = async (page: Pick<Page, 'locator'>) => {
    await expect(page.locator('.missing')).toContainText('This page needs JavaScript with modules');
    await expect(page.locator('.missing [lang=ko]')).toContainText('페이지 자체의 스크립트가 필요');
    await expect(page.locator('.missing a').first()).toBeVisible();
  };

  test('in a sandboxed frame whose site refuses the scripts', async ({ openFrame }) => {
    await expectMissing(await openFrame({ cors: false }));
  });

  bare('where the script does not come', { tag: '@all' }, async ({ page }) => {
    await page.route('**/assets/index-*.js', (route) => route.abort());
    await page.goto('/');
    await expectMissing(page);
  });

  bare('where the script cannot run', { tag: '@all' }, async ({ page }) => {
    await page.route('**/assets/index-*.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'this is no script' }),
    );
    await page.goto('/');
    await expectMissing(page);
  });

  bare('where a part of the page does not come', async ({ page }) => {
    await page.route('**/assets/inside-view-*.js', (route) => route.abort());
    await page.goto('/#inside');
    await expect(page.getByRole('main')).toHaveText(
      'This part of the page could not be loaded. Reload the page to try again.',
    );
    // The other parts work.
    await page.getByRole('link', { name: 'Train' }).click();
    await expect(new TrainingPage(page).status).toContainText('Untrained');
  });

  bare.describe('without JavaScript', () => {
    bare.use({ javaScriptEnabled: false });

    bare('in both languages', async ({ page }) => {
      await page.goto('/');
      await expectMissing(page);
    });
  });
});

bare('a page that starts says nothing of what is missing', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/assets/index-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.locator('.missing')).toHaveCSS('visibility', 'hidden');
  release();
  await expect(new TrainingPage(page).status).toContainText('Untrained');
  await expect(page.locator('.missing')).toHaveCount(0);
});
