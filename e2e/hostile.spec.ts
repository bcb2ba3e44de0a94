import type { Page } from 'playwright/test';
import { BenchmarkPage } from './benchmark-page.ts';
import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

const MARKUP = '<img src=x onerror="window.intruded=true"><b>bold</b>';
const NAMES =
  'data classes points noise seed test edits hidden init deviation weights rate l2 optimizer momentum batch precision backend plan steps loss accuracy patience speed at then'.split(
    ' ',
  );
const everywhere = (value: string) => NAMES.map((name) => `${name}=${value}`).join('&');

const LINKS: Record<string, string> = {
  'script in every field': everywhere(`<script>window.intruded=true</script>${MARKUP}`),
  'script as every name': `<script>window.intruded=true</script>=1&${MARKUP}=1&javascript:alert(1)=1`,
  'names of prototypes':
    '__proto__=1&__proto__[polluted]=1&constructor=1&constructor.prototype.polluted=1&prototype=1&toString=1',
  'prototypes in every field': everywhere('__proto__'),
  'numbers that are none': everywhere('NaN'),
  'numbers without bounds': everywhere('1e999'),
  'hexadecimal numbers': everywhere('0x10'),
  'half characters': everywhere('\ud800'),
  'half characters, encoded': everywhere('%ED%A0%80'),
  'what does not decode': everywhere('%zz%'),
  'NULs and writing from right to left': `${everywhere('%00')}&%E2%80%AEgnp.exe=1&%00=1`,
  'a hundred thousand settings': 'rate=1&'.repeat(100_000),
  'thousands of names': '&='.repeat(24_000),
  'megabytes of points': `edits=${'a0,0,0_'.repeat(200_000)}`,
};

/** The visible settings and figures of the run. */
async function shown(page: Page): Promise<unknown> {
  const training = new TrainingPage(page);
  // The panel of settings comes after the first picture.
  await expect(training.settings.locator('select').first()).toBeVisible();
  const fields = await training.settings
    .locator('input, select')
    .evaluateAll((elements) => elements.map((element) => (element as HTMLInputElement).value));
  return { fields, picture: (await training.picture()).fingerprint };
}

/** Few remarks in plain letters, and no code that ran. */
async function expectRemarksAlone(page: Page): Promise<void> {
  const notices = page.locator('.notice');
  await expect(notices.first()).toBeVisible();
  expect(await notices.count()).toBeLessThanOrEqual(7);
  for (const text of await notices.allInnerTexts()) {
    expect(text.length).toBeLessThan(160);
    expect(text).not.toMatch(/[\p{C}\p{M}]/u);
  }
  await expect(notices.locator('*')).toHaveCount(0);
  expect(
    await page.evaluate(() => ['intruded' in window, 'polluted' in {}, Object.keys(Object.prototype).length]),
  ).toEqual([false, false, 0]);
}

for (const [i, [what, link]] of Object.entries(LINKS).entries()) {
  test(`a link with ${what} changes nothing but a remark`, { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
    const training = new TrainingPage(page);
    const opening = Date.now();
    await page.goto('/');
    await expect(training.status).toContainText('Untrained');
    const opened = Date.now() - opening;
    const before = await shown(page);
    const scripts = await page.locator('script').count();

    await page.goto('about:blank');
    const start = Date.now();
    await page.goto(`/#train?v=1&${link}`);
    await expect(training.status).toContainText('Untrained');
    // The page opens as soon as without the link, on machines of any speed.
    expect(Date.now() - start).toBeLessThan(15_000 + 10 * opened);
    await expectRemarksAlone(page);
    expect(await shown(page)).toEqual(before);
    expect(await page.locator('script').count()).toBe(scripts);
    await training.step.click();
    await expect(training.status).toContainText('Paused at step 1 ');
  });
}

test('harmful links during a run leave the run and its settings alone', {
  tag: '@all',
}, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=0&speed=200&rate=0.01');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(10);
  const link = page.url();
  for (const [what, hostile] of Object.entries(LINKS)) {
    const before = await training.figure('step');
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `train?v=1&${hostile}`);
    await expectRemarksAlone(page);
    await expect.poll(() => training.figure('step'), { message: what }).toBeGreaterThan(before);
    await expect(training.status).toHaveText('Training.');
    await expect(training.settings.getByRole('spinbutton', { name: 'Layer 1' })).toHaveValue('8');
  }
  // The page never reads the state of a history entry.
  await page.evaluate((url) => {
    history.replaceState({ __proto__: null, settings: { hidden: [1e9] }, view: '<b>' }, '', url);
    dispatchEvent(new PopStateEvent('popstate', { state: { settings: 'x' } }));
    dispatchEvent(new MessageEvent('message', { data: { type: 'open', settings: {} } }));
  }, link);
  await expect(page.locator('.notice')).toHaveCount(0);
  await expect(training.status).toHaveText('Training.');
  await page.goto('/#<script>alert(1)</script>?__proto__');
  await expectRemarksAlone(page);
  await expect(training.status).toHaveText('Training.');
});

test('anything may be stored in the browser', { tag: '@all' }, async ({ page }) => {
  const KEYS = ['theme', 'language', 'shortcuts', 'found plans 1'].map((name) => `spiralnet ${name}`);
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he');
  for (const text of [
    MARKUP,
    '__proto__',
    'constructor',
    '\0',
    '\ud800',
    '{',
    `["${'x'.repeat(1_000_000)}"]`,
  ]) {
    await page.evaluate(
      ([keys, value]) => {
        for (const key of keys) localStorage.setItem(key, value);
      },
      [KEYS, text] as const,
    );
    await page.reload();
    await expect(training.status).toContainText('Untrained');
    await expect(page.getByLabel('Theme')).toHaveValue('system');
    await expect(page.getByLabel('Language')).toHaveValue('en');
    await expect(page.locator('.notice')).toHaveCount(0);
  }
  expect(await page.evaluate(() => 'intruded' in window)).toBe(false);
});

test('a stored text that is no plan is replaced by a plan that is found anew', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=20000');
  await training.trainUntilTuned();
  for (const name of ['__proto__', MARKUP, '{"plan":"fused","tiling":{"rows":1e9}}', ', '.repeat(10_000)]) {
    await page.evaluate((candidate) => {
      const key = 'spiralnet found plans 1';
      const found = JSON.parse(localStorage.getItem(key) ?? '[]') as [string, string][];
      localStorage.setItem(key, JSON.stringify(found.map(([what]) => [what, candidate])));
    }, name);
    await page.reload();
    await expect(training.plan).toContainText('not measured yet');
    await training.trainToTheEnd();
  }
});

test('names from outside are text: of the adapter, of plans, of kernels and their source', {
  tag: '@all',
}, async ({ page }) => {
  await changeWorker(
    page,
    `const markup = ${JSON.stringify(MARKUP)};
     Object.defineProperty(GPUAdapterInfo.prototype, 'description', { get: () => 'Adapter ' + markup });
     const send = self.postMessage.bind(self);
     const marked = (value, key) =>
       Array.isArray(value) ? value.map((item) => marked(item, key))
       : typeof value === 'string' ? (['label', 'numpy', 'code', 'chosen', 'reason', 'detail'].includes(key) ? value + markup : value)
       : value?.constructor === Object ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item, key)]))
       : value;
     self.postMessage = (report) => send(marked(report));`,
  );
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.getByRole('banner')).toContainText(`Adapter ${MARKUP}`);
  await training.step.click();
  await expect(page.getByRole('region', { name: 'This run' })).toContainText(MARKUP);
  await page.getByRole('link', { name: 'Inside' }).click();
  await page.getByRole('button', { name: 'Whole step' }).click();
  const kernel = page.locator('.kernel-source').first();
  await expect(kernel.getByRole('heading')).toContainText(MARKUP);
  await expect(kernel.locator('.source')).toContainText(MARKUP);
  await expect(page.locator('.detail-panel > pre')).toContainText(MARKUP);

  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Linear classifier');
  await benchmark.measure.click();
  await expect(page.locator('.machine')).toContainText(`Adapter ${MARKUP}`);
  await expect(page.locator('img, b')).toHaveCount(0);
  expect(await page.evaluate(() => 'intruded' in window)).toBe(false);
});
