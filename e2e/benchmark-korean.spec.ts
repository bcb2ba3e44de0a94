import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';

test.use({ locale: 'ko-KR' });

test('the Benchmark view and its copied report are in Korean', { tag: '@all' }, async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/#benchmark');
  await page.getByRole('radio', { name: '선형' }).check();
  await page.getByRole('radio', { name: '빠르게' }).check();
  const bar = page.getByRole('region', { name: '벤치마크', exact: true });
  await bar.getByRole('button', { name: '재기', exact: true }).click();
  await expect(bar.locator('.doing')).toHaveText(/예열/);
  await expect(bar.getByRole('status')).toContainText('쟀습니다', { timeout: 270_000 });

  const main = page.getByRole('main');
  const headings = await main.getByRole('heading').allInnerTexts();
  expect(headings).toHaveLength(3);
  for (const words of [...headings, ...(await main.getByRole('button').allInnerTexts())])
    expect(words).toMatch(/[가-힣]/);
  await main.locator('summary').click();
  await expectAccessible(page);

  await main.getByRole('button', { name: /Markdown/ }).click();
  await expect(main.getByText('Markdown 형식으로 복사했습니다.')).toBeVisible();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  expect(await copied()).toContain('Google SwiftShader (소프트웨어, GPU 아님)');
  await main.getByRole('button', { name: /JSON/ }).click();
  await expect(main.getByText('JSON 형식으로 복사했습니다.')).toBeVisible();
  expect(JSON.parse(await copied()).browser).toMatch(/^Chrome \d+ on Linux$/);

  await page.getByLabel('언어').selectOption('en');
  await expect(main.getByRole('heading')).toHaveText([
    'From nothing to a trained step',
    'From which size on the GPU is faster',
    'Where a step’s time goes',
  ]);
  await expect(main.locator('.legend')).toContainText('GPU, fused, float32');
});
