import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from 'playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails on anything that axe finds to keep somebody out, in the page or a part of it as it is shown now. */
export async function expectAccessible(page: Page, part = 'html'): Promise<void> {
  await page.evaluate(source);
  const violations = await page.evaluate(async (selector) => {
    const axe = Reflect.get(window, 'axe');
    const results = await axe.run(selector, { resultTypes: ['violations'] });
    return results.violations.map(
      ({
        id,
        help,
        nodes,
      }: {
        id: string;
        help: string;
        nodes: { html: string; failureSummary: string }[];
      }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`,
    );
  }, part);
  expect(violations.join('\n')).toBe('');
}
