import { expect, type Page } from 'playwright/test';

const WORDS = {
  en: { train: /^Train( on)?$/, copied: 'Link copied.', letters: /[a-z]/i },
  ko: { train: /^(더 )?학습$/, copied: '링크를 복사했습니다.', letters: /[가-힣]/ },
};

/** A small run, because a tour is about the page and not about training. */
export const SMALL_RUN = '#train?v=1&hidden=8&init=he&steps=4000';

/** The link to a view, in any language. */
const viewLink = (page: Page, view: string) => page.locator(`header nav a[href^="#${view}"]`);

/** Opens every view and the help in the page's language, and so all of its texts. */
export async function visit(page: Page, language: 'en' | 'ko' = 'en'): Promise<void> {
  const words = WORDS[language];
  await viewLink(page, 'train').click();
  await expect(page.locator('figure.network')).toBeVisible();
  await expect(page.locator('.bar .buttons > button').first()).toHaveText(words.train);
  await page.locator('header .tools > button').last().click();
  await expect(page.getByRole('dialog')).toContainText(words.letters);
  await page.getByRole('dialog').getByRole('button').click();
  await viewLink(page, 'learn').click();
  await expect(page.locator('.learn h2')).toContainText(words.letters);
  await expect(page.locator('.learn figure').first()).toContainText(words.letters);
  await viewLink(page, 'inside').click();
  await expect(page.locator('.step-controls').getByRole('status')).toContainText(words.letters);
  await viewLink(page, 'benchmark').click();
  await expect(page.locator('.bar').getByRole('status')).toContainText(words.letters);
}

/**
 * Uses every view and every part of the page that loads late, in the page's language. The benchmark
 * is only started, as it takes minutes; other tests measure to the end.
 */
export async function tour(page: Page, language: 'en' | 'ko' = 'en'): Promise<void> {
  const words = WORDS[language];
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await visitTrain(page, words);
  await visitLearn(page);
  await visitInside(page);
  await visitBenchmark(page);
  await viewLink(page, 'train').click();
  await expect(page.locator('figure.network')).toBeVisible();
}

async function visitTrain(page: Page, words: (typeof WORDS)['en']): Promise<void> {
  await viewLink(page, 'train').click();
  const buttons = page.locator('.bar .buttons > button');
  await expect(buttons.first()).toHaveText(words.train);
  for (const summary of await page.locator('main summary').all()) {
    if (!(await summary.evaluate((element) => (element.parentElement as HTMLDetailsElement).open)))
      await summary.click();
  }
  await page.locator('.timing button').click();
  await expect(page.locator('.timing table')).toBeVisible();
  await buttons.first().click();
  const step = page.locator('.bar .figures dd').first();
  await expect(step).not.toHaveText('0');
  await buttons.first().click();
  await page.locator('figure.network .unit').first().hover();
  await page.locator('header .tools > button').first().click();
  await expect(page.getByText(words.copied)).toBeVisible();
  await visitTakeAway(page);
  await page.locator('header .tools > button').last().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.getByRole('dialog').getByRole('button').click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

async function visitTakeAway(page: Page): Promise<void> {
  await page.locator('header .tools > button').nth(1).click();
  const dialog = page.getByRole('dialog');
  await Promise.all([page.waitForEvent('download'), dialog.locator('.actions button').last().click()]);
  await dialog.getByRole('tab').nth(2).click();
  await Promise.all([page.waitForEvent('download'), dialog.locator('.formats button').nth(1).click()]);
  await dialog.getByRole('tab').nth(3).click();
  await expect(dialog.locator('pre')).toContainText('import numpy');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
}

/** Scrolls to every section, so that each figure loads. */
async function visitLearn(page: Page): Promise<void> {
  await viewLink(page, 'learn').click();
  for (const link of await page.locator('.contents a').all()) {
    await link.click();
    const place = page.locator(
      `article${await link.evaluate((a: HTMLAnchorElement) => a.hash.split('?')[0].replace('#learn/', '#'))}`,
    );
    await expect(place).toBeInViewport();
    const figure = place.locator('.figure-place');
    if ((await figure.count()) > 0) await expect(figure.getByRole('figure')).toBeVisible();
  }
}

async function visitInside(page: Page): Promise<void> {
  await viewLink(page, 'inside').click();
  const controls = page.locator('.step-controls');
  await controls.getByRole('button').nth(5).click();
  await expect(controls.getByRole('button').nth(5)).toHaveAttribute('aria-disabled', 'true');
  await page.locator('.kernel-source summary').first().click();
  await expect(page.locator('.kernel-source .source').first()).toContainText('fn ');
  await page.locator('.checks > summary').click();
  await page.locator('.gradient-check button').click();
  await expect(page.locator('.gradient-check table')).toBeVisible();
  await page.locator('.sanity button').click();
  await expect(page.locator('.sanity li').first()).toBeVisible();
  await page.locator('.detail-panel .title button').click();
  await expect(page.locator('.detail-panel .facts').first()).toContainText('µs');
}

async function visitBenchmark(page: Page): Promise<void> {
  await viewLink(page, 'benchmark').click();
  const button = page.locator('.bar .buttons button');
  await button.click();
  // The benchmark's worker has started.
  await expect(page.locator('.bar .doing')).not.toBeEmpty({ timeout: 60_000 });
  await button.click();
  await expect(page.locator('.bar progress')).toHaveCount(0);
}
