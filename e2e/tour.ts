import { expect, type Page } from 'playwright/test';

const WORDS = {
  en: { train: /^Train( on)?$/, copied: 'Link copied.', letters: /[a-z]/i },
  ko: { train: /^(더 )?학습$/, copied: '링크를 복사했습니다.', letters: /[가-힣]/ },
};

/** A small run, because a tour is about the page and not about training. */
export const SMALL_RUN = '#train?v=1&hidden=8&init=he&steps=4000';

/** Opens every view and the help in the page's language, and so all of its texts. */
export async function visit(page: Page, language: 'en' | 'ko' = 'en'): Promise<void> {
  const words = WORDS[language];
  await page.locator('nav a').nth(0).click();
  await expect(page.locator('figure.network')).toBeVisible();
  await expect(page.locator('.bar .buttons > button').first()).toHaveText(words.train);
  await page.locator('header .tools > button').last().click();
  await expect(page.getByRole('dialog')).toContainText(words.letters);
  await page.getByRole('dialog').getByRole('button').click();
  await page.locator('nav a').nth(1).click();
  await expect(page.locator('.step-controls').getByRole('status')).toContainText(words.letters);
  await expect(page.locator('.lesson h3').first()).toContainText(words.letters);
  await page.locator('nav a').nth(2).click();
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
  await visitInside(page);
  await visitBenchmark(page);
  await page.locator('nav a').nth(0).click();
  await expect(page.locator('figure.network')).toBeVisible();
}

async function visitTrain(page: Page, words: (typeof WORDS)['en']): Promise<void> {
  await page.locator('nav a').nth(0).click();
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

async function visitInside(page: Page): Promise<void> {
  await page.locator('nav a').nth(1).click();
  const controls = page.locator('.step-controls');
  await controls.getByRole('button').nth(5).click();
  await expect(controls.getByRole('button').nth(5)).toHaveAttribute('aria-disabled', 'true');
  await page.locator('.kernel-source summary').first().click();
  await expect(page.locator('.kernel-source .source').first()).toContainText('fn ');
  await page.locator('.gradient-check button').click();
  await expect(page.locator('.gradient-check table')).toBeVisible();
  await page.locator('.sanity button').click();
  await expect(page.locator('.sanity li').first()).toBeVisible();
  await page.locator('.detail-panel > button').click();
  await expect(page.locator('.detail-panel .facts').first()).toContainText('µs');
  await expect(page.locator('.lesson h3').first()).toBeVisible();
}

async function visitBenchmark(page: Page): Promise<void> {
  await page.locator('nav a').nth(2).click();
  const button = page.locator('.bar .buttons button');
  await button.click();
  // The benchmark's worker has started.
  await expect(page.locator('.bar .doing')).not.toBeEmpty({ timeout: 60_000 });
  await button.click();
  await expect(page.locator('.bar progress')).toHaveCount(0);
}
