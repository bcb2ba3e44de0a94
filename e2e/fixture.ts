import { test as base, expect } from 'playwright/test';

/** Playwright's own message where it blocks a service worker. */
const BLOCKED = 'Service Worker registration blocked by Playwright';

/**
 * The page's test. It fails if the page writes to the console, throws, or sends a request to
 * another origin.
 */
export const test = base.extend<{ watched: undefined }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const faults: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()) && message.text() !== BLOCKED)
          faults.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => faults.push(`page error: ${error}`));
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        const local = ['data:', 'blob:'].includes(protocol) || origin === new URL(baseURL ?? '').origin;
        if (!local) faults.push(`request to ${request.url()}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
      });
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
