import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base } from 'playwright/test';
import { expect, test } from './fixture.ts';
import { SMALL_RUN, tour } from './tour.ts';

test('the built page begins with a policy that allows its own files alone', () => {
  const html = readFileSync('dist/page/index.html', 'utf8');
  const [first] = /<(meta|link|script|style)\b[^>]*>/.exec(html) ?? [];
  const policy = /^<meta http-equiv="Content-Security-Policy" content="([^"]*)">$/.exec(first ?? '')?.[1];
  const directives = (policy ?? '').replaceAll('&#39;', "'").split('; ');
  expect(directives).toContain("default-src 'none'");
  for (const directive of directives) {
    expect(directive).toMatch(
      /^([a-z]+-src|base-uri|form-action) '(none|self)'( 'wasm-unsafe-eval')?$|^require-trusted-types-for 'script'$|^trusted-types default$/,
    );
  }
  // WebAssembly is code of the page's own files; no other code may be made.
  expect(directives.filter((directive) => directive.includes('eval'))).toEqual([
    "script-src 'self' 'wasm-unsafe-eval'",
  ]);
  expect(html).toContain('<meta name="referrer" content="no-referrer">');
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:|data:/);
});

for (const [locale, colorScheme, language] of [
  ['en-US', 'light', 'en'],
  ['ko-KR', 'dark', 'ko'],
] as const) {
  test.describe(`${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme });

    // The fixture also fails other tests for violations, which browsers write to the console, and
    // for requests to other origins.
    test('all functions of the page work within its policy', {
      tag: language === 'ko' ? '@all' : [],
    }, async ({ page }) => {
      const violations: string[] = [];
      await page.exposeFunction('reportViolation', (what: string) => violations.push(what));
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
          Reflect.get(window, 'reportViolation')(`${violatedDirective}: ${blockedURI} in ${sourceFile}`);
        });
      });
      await page.goto(`/${SMALL_RUN}&test=0.2`);
      await tour(page, language);
      await page
        .locator('header select')
        .first()
        .selectOption(colorScheme === 'dark' ? 'light' : 'dark');
      expect(violations).toEqual([]);
    });
  });
}

/** Attacks from inside the page, and the directive that stops each. */
const INTRUSIONS: Record<string, [intrude: (elsewhere: string) => void, directive: RegExp]> = {
  'a handler in an attribute': [
    () => {
      document.body.setAttribute('onclick', 'window.intruded = true');
      document.body.click();
    },
    /^(script-src-attr|require-trusted-types-for)$/,
  ],
  markup: [
    () => document.body.insertAdjacentHTML('beforeend', '<i id="intruded"></i>'),
    /^require-trusted-types-for$/,
  ],
  'text as code': [
    () => new Function('window.intruded = true')(),
    /^(script-src|require-trusted-types-for)$/,
  ],
  'a script of another site': [
    (elsewhere) => {
      const script = document.createElement('script');
      script.src = elsewhere;
      document.body.append(script);
    },
    /^(script-src-elem|require-trusted-types-for)$/,
  ],
  'a script that is written in its address': [
    () => void import(String('data:text/javascript,window.intruded=true')).catch(() => undefined),
    /^script-src-elem$/,
  ],
  'a worker that is written in its address': [
    (elsewhere) => new Worker(`data:text/javascript,fetch("${elsewhere}")`),
    /^(worker-src|require-trusted-types-for)$/,
  ],
  'a request to another site': [(elsewhere) => void fetch(elsewhere).catch(() => undefined), /^connect-src$/],
  'a picture of another site': [
    (elsewhere) => {
      new Image().src = elsewhere;
    },
    /^img-src$/,
  ],
  'a style attribute': [
    (elsewhere) => document.body.setAttribute('style', `background: url(${elsewhere})`),
    /^style-src-attr$/,
  ],
  'another site in a frame': [
    (elsewhere) => {
      const frame = document.createElement('iframe');
      frame.src = elsewhere;
      document.body.append(frame);
    },
    /^frame-src$/,
  ],
  'a form for another site': [
    (elsewhere) => {
      const form = document.createElement('form');
      form.action = elsewhere;
      document.body.append(form);
      form.submit();
    },
    /^form-action$/,
  ],
  'another base for addresses': [
    (elsewhere) => {
      const base = document.createElement('base');
      base.href = elsewhere;
      document.head.append(base);
    },
    /^base-uri$/,
  ],
};

/**
 * A page without the console check, as browsers write violations to the console; and a foreign site
 * that must get no request.
 */
const intrusion = base.extend<{ elsewhere: { url: string; heard: string[] } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
  elsewhere: async ({}, use) => {
    const heard: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      heard.push(url);
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard });
    server.closeAllConnections();
    server.close();
  },
});

for (const [i, [what, [intrude, directive]]] of Object.entries(INTRUSIONS).entries()) {
  intrusion(`the policy stops ${what}`, { tag: i > 0 ? '@all' : [] }, async ({ page, elsewhere }) => {
    await page.addInitScript(
      `window.elsewhere = ${JSON.stringify(elsewhere.url)}; window.intrude = ${intrude}`,
    );
    await page.goto('/');
    await expect(page.locator('figure.network')).toBeVisible();
    const stopped = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
            resolve(effectiveDirective),
          );
          setTimeout(() => resolve('nothing'), 20_000);
          // A task of its own, because the policy exempts code that a debugger evaluates.
          setTimeout(() => {
            try {
              Reflect.get(window, 'intrude')(Reflect.get(window, 'elsewhere'));
            } catch {
              // Some violations are reported and thrown.
            }
          }, 0);
        }),
    );
    expect(stopped).toMatch(directive);
    const marks = await page.evaluate(() => ['intruded' in window, document.getElementById('intruded')]);
    expect(marks).toEqual([false, null]);
    expect(elsewhere.heard).toEqual([]);
  });
}

intrusion('the policy stops an inline script, wherever it stands in the page', async ({ page }) => {
  await page.addInitScript(() => {
    const stopped: string[] = [];
    Reflect.set(window, 'stopped', stopped);
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      stopped.push(`${effectiveDirective}: ${blockedURI}`),
    );
  });
  await page.route('/', async (route) => {
    const response = await route.fetch();
    const intruder = '<script>window.intruded = true</script>';
    const html = (await response.text())
      .replace('<meta charset', `${intruder}<meta charset`)
      .replace('</body>', `${intruder}</body>`);
    expect(html.split(intruder)).toHaveLength(3);
    await route.fulfill({ response, body: html });
  });
  await page.goto('/');
  await expect(page.locator('figure.network')).toBeVisible();
  const stopped = await page.evaluate(() => Reflect.get(window, 'stopped'));
  expect(stopped).toEqual(['script-src-elem: inline', 'script-src-elem: inline']);
  expect(await page.evaluate(() => 'intruded' in window)).toBe(false);
});
