import type { Browser, Page } from 'puppeteer-core';
import { expect } from 'vitest';

/** The page as a person sees and uses it, in Firefox. */
export class FirefoxPage {
  readonly page: Page;
  /**
   * The messages of the console, the page's errors and WebGPU's uncaptured errors; none in a test
   * that passes.
   */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page with the settings of a link. */
  static async open(browser: Browser, url: string): Promise<FirefoxPage> {
    const page = await browser.newPage();
    const self = new FirefoxPage(page);
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type()))
        self.faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => self.faults.push(`page error: ${error}`));
    await page.evaluateOnNewDocument(() => {
      const channel = new BroadcastChannel('uncaptured');
      channel.onmessage = ({ data }) => console.error(`WebGPU: ${data}`);
    });
    await page.goto(url);
    return self;
  }

  text(selector: string): Promise<string> {
    return this.page.evaluate(
      (selector) => document.querySelector<HTMLElement>(selector)?.innerText ?? '',
      selector,
    );
  }

  /** Presses the button with a name as soon as it is enabled. */
  async press(name: string): Promise<void> {
    const pressed = () =>
      this.page.evaluate((name) => {
        const named = [...document.querySelectorAll('button')].filter((button) => {
          const text = button.getAttribute('aria-label') ?? button.innerText;
          return text.trim() === name && button.checkVisibility() && !button.disabled;
        });
        named[0]?.click();
        return named.length;
      }, name);
    await expect.poll(pressed, { timeout: 20_000, message: `the button ${name}` }).toBeGreaterThan(0);
  }

  /** Chooses an entry of the list with a label, as soon as the list is there. */
  async choose(label: string, value: string): Promise<void> {
    const chosen = () =>
      this.page.evaluate(
        (label, value) => {
          const list = [...document.querySelectorAll('select')].find(
            ({ ariaLabel, labels }) =>
              ariaLabel === label || labels[0]?.textContent?.trim().startsWith(label),
          );
          if (!list) return false;
          const option = [...list.options].find((option) => option.value === value || option.label === value);
          if (!option) throw new Error(`The list ${label} has no ${value}.`);
          list.value = option.value;
          list.dispatchEvent(new Event('change', { bubbles: true }));
          return true;
        },
        label,
        value,
      );
    await expect.poll(chosen, { timeout: 20_000, message: `the list ${label}` }).toBe(true);
  }

  /** Waits until the page shows a text. */
  async sees(text: string | RegExp, timeout = 20_000): Promise<void> {
    await expect.poll(() => this.text('body'), { timeout, interval: 100 }).toMatch(text);
  }

  /** A figure of the status bar as a number. */
  async figure(name: 'step' | 'loss' | 'accuracy'): Promise<number> {
    const text = await this.page.evaluate((name) => {
      const term = [...document.querySelectorAll('dt')].find((term) => term.innerText.trim() === name);
      return term?.nextElementSibling?.textContent ?? '';
    }, name);
    return text.trim() === '' ? Number.NaN : Number(text.replace(/[,%\s]/g, ''));
  }

  /** The printed losses with the published losses. */
  losses(): Promise<{ own: number; published: number }[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('tr')]
        .filter((row) => /^iteration \d+: loss/.test(row.cells[0]?.textContent ?? ''))
        .map((row) => ({
          own: Number(row.cells[1].textContent),
          published: Number(row.cells[2].textContent),
        })),
    );
  }

  /** Training accuracy as printed. */
  accuracy(): Promise<string> {
    return this.page.evaluate(() => {
      const row = [...document.querySelectorAll('tr')].find((row) =>
        /^training accuracy/.test(row.cells[0]?.textContent ?? ''),
      );
      return row?.cells[1].textContent ?? '';
    });
  }
}
