import type { Page } from 'playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

/** Opens the closed group below the step. */
const openChecks = (page: Page) => page.getByText('Checks: float64, gradients, settings').click();

test('shows a step in one window of a laptop, and long tensors as rectangles', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto('/#inside?v=1&plan=layered');
  for (const name of [
    'Within the step',
    'The step, line by line',
    'Where the computation stands',
    'What it reads → what it writes',
    'softmax',
    'softmax loss, WGSL',
  ])
    await expect(page.getByRole('region', { name, exact: true })).toBeInViewport({ ratio: 1 });
  const figures = page.locator('.tensors figure');
  await expect(figures).toHaveCount(5);
  for (const figure of await figures.all())
    await expect(figure.getByRole('img')).toBeInViewport({ ratio: 1 });
  // Three of a hundred rows each are a thread; folded, no side is twice as long as the other.
  const { width, height } = await page
    .getByRole('figure', { name: 'dscores' })
    .getByRole('img')
    .evaluate((canvas) => canvas.getBoundingClientRect());
  expect(Math.max(width, height)).toBeLessThan(2 * Math.min(width, height));
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('formulas have their superscripts beside the letter, and not above the line', async ({ page }) => {
  await page.goto('/#inside/dW%201?v=1&plan=layered');
  const equation = page.locator('.equations .formula').first();
  await expect(equation).toContainText('dW₁ = H₀ᵀ·dZ');
  const [letter, sup, sub] = await Promise.all(
    ['.symbol:has(sup) var', 'sup', 'sup + sub'].map((part) =>
      equation.locator(part).evaluate((element) => {
        const { top, bottom, left, right } = element.getBoundingClientRect();
        return { top, bottom, left, right };
      }),
    ),
  );
  expect(sup.left).toBeGreaterThanOrEqual(letter.right - 1);
  expect(sup.top).toBeGreaterThanOrEqual(letter.top - 2);
  expect(sup.bottom).toBeLessThanOrEqual((letter.top + letter.bottom) / 2 + 4);
  expect(sub.top).toBeGreaterThanOrEqual(sup.bottom - 1);
  expect(sub.bottom).toBeLessThanOrEqual(letter.bottom + 6);
});

test('goes through a step, operation by operation, and on to the next step', async ({ page }) => {
  const training = new TrainingPage(page);
  await page.goto('/#inside?v=1&plan=layered');
  const controls = page.getByRole('region', { name: 'Within the step' });
  const status = controls.getByRole('status');
  const operations = page.getByRole('region', { name: 'The step, line by line' }).getByRole('listitem');
  const press = (name: string) => controls.getByRole('button', { name }).click();
  await expect(status).toContainText('Step 0 → 1: operation 3 of 13, plan layered.');
  await expect(operations).toHaveCount(13);
  const sample = page.getByRole('region', { name: 'One sample on its way' });
  await expect(sample.getByLabel('Sample')).toHaveValue('50');
  await press('Start');
  await expect(operations.filter({ hasText: 'carried out' })).toHaveCount(0);
  await press('Next');
  await expect(status).toContainText('operation 2 of 13');
  await expect(operations.filter({ hasText: 'carried out' })).toHaveCount(1);
  await press('Forward pass');
  await expect(status).toContainText('operation 3 of 13');
  await press('Backward pass');
  await expect(status).toContainText('operation 9 of 13');
  await page.keyboard.press('ArrowRight');
  await expect(status).toContainText('operation 10 of 13');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(status).toContainText('operation 8 of 13');
  await press('← Back');
  await expect(status).toContainText('operation 7 of 13');
  await operations.nth(4).getByRole('button').click();
  await expect(status).toContainText('operation 5 of 13');
  // In the list the keys ↑ and ↓ go from line to line, with the focus.
  await page.keyboard.press('ArrowDown');
  await expect(status).toContainText('operation 6 of 13');
  await expect(operations.nth(5).getByRole('button')).toBeFocused();
  await press('Start');
  await expect(status).toContainText('operation 1 of 13');
  await press('Update');
  await expect(status).toContainText('operation 13 of 13');
  // Looking trains nothing.
  expect(await training.figure('step')).toBe(0);
  await press('Whole step');
  await expect(status).toContainText('Step 1 → 2: operation 13 of 13');
  expect(await training.figure('step')).toBe(1);
  const looked = await training.figure('loss');
  await training.rewind.click();
  await expect(status).toContainText('Step 0 → 1');
  await training.step.click();
  await expect(status).toContainText('Step 1 → 2');
  expect(await training.figure('loss')).toBe(looked);
});

test('shows every tensor from the start, and what the update leaves, in every plan', async ({ page }) => {
  for (const plan of ['layered', 'fused', 'resident']) {
    await page.goto(`/?${plan}#inside?v=1&plan=${plan}&hidden=6&init=he`);
    const controls = page.getByRole('region', { name: 'Within the step' });
    await expect(controls.getByRole('status')).toContainText(`operation 3 of 13, plan ${plan}.`);
    const flow = page.getByRole('region', { name: 'Where the computation stands' });
    await flow.getByRole('button', { name: /dW 0, comes later/ }).click();
    const map = page.getByRole('figure', { name: 'dW 0' });
    await expect(map).toContainText('comes later in the step');
    await expect(map).toContainText(/from −0\.\d+ to 0\.\d+/);
    await controls.getByRole('button', { name: 'Update' }).click();
    await flow.getByRole('button', { name: / b 1, computed/ }).click();
    await expect(page.getByRole('figure', { name: 'b 1 after' })).toContainText(/from −0\.\d+ to 0\.\d+/);
    // The first biases are still 0 after two lines of the mathematics.
    await controls.getByRole('button', { name: 'Forward pass' }).click();
    await flow.getByRole('button', { name: / b 1, computed/ }).click();
    await expect(page.getByRole('figure', { name: 'b 1', exact: true })).toContainText('from 0 to 0');
  }
});

test('reads a step during training, which goes on when the view is left', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&steps=0');
  await training.train.click();
  await expect(training.status).toContainText('Training');
  await page.getByRole('link', { name: 'Inside' }).click();
  const controls = page.getByRole('region', { name: 'Within the step' });
  await expect(controls.getByRole('status')).toContainText(/operation 3 of 13/);
  await expect(controls.getByRole('button', { name: 'Read again' })).toBeVisible();
  await page.getByRole('link', { name: 'Train' }).click();
  await expect(training.status).toContainText('Training.');
  const step = await training.figure('step');
  await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
  await training.pause.click();
});

for (const plan of ['layered', 'fused', 'resident'])
  test(`a run goes on from view to view, with the plan ${plan}`, {
    tag: plan === 'fused' ? [] : '@all',
  }, async ({ page }) => {
    const training = new TrainingPage(page);
    await training.openLink(`plan=${plan}&steps=0`);
    await training.train.click();
    await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
    for (const view of ['Inside', 'Benchmark', 'Inside', 'Train', 'Inside', 'Train']) {
      await page.getByRole('link', { name: view }).click();
      await expect(page.getByRole('link', { name: view })).toHaveAttribute('aria-current', 'page');
      // A look inside takes a moment, and the run must also survive a leave in the middle of it.
      if (view === 'Inside') await page.waitForTimeout(50);
      if (view === 'Benchmark') continue;
      await expect(training.status).toContainText('Training.');
      const step = await training.figure('step');
      await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
    }
    await training.pause.click();
  });

test('shows the tensors of the notes at iteration 0, close to float64', async ({ page }) => {
  await page.goto('/#inside?v=1&plan=layered');
  const flow = page.getByRole('region', { name: 'Where the computation stands' });
  await flow.getByRole('button', { name: /dscores, computed/ }).click();
  // Softmax writes dscores; dW 1, db 1 and dhidden 0 read it.
  await expect(page.getByText('reads or writes the selected tensor')).toHaveCount(4);
  const map = page.getByRole('figure', { name: 'dscores' });
  // NumPy's last row is 0.00111, 0.00111, −0.00222.
  await map.getByRole('img').focus();
  for (let i = 0; i < 300; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(map).toContainText('sample 299, class 1: 0.00111');
  await page.keyboard.press('ArrowRight');
  await expect(map).toContainText('sample 299, class 2: −0.00222');

  const sample = page.getByRole('region', { name: 'One sample on its way' });
  await sample.getByLabel('Sample').fill('299');
  await sample.getByLabel('Sample').press('Enter');
  await expect(sample.getByRole('row', { name: /^probabilities/ })).toContainText('0.334 0.333 0.333');
  await expect(sample).toContainText('class 2');
  for (const entry of ['300', '1e9', '299.5', '-1', '']) {
    await sample.getByLabel('Sample').fill(entry);
    await sample.getByLabel('Sample').press('Tab');
    await expect(sample.getByLabel('Sample')).toHaveAttribute('aria-invalid', 'true');
    await expect(sample.getByLabel('Sample')).toHaveAccessibleDescription(/A whole number from 0 to 299\./);
    await expect(sample).toContainText('class 2');
  }
  await sample.getByLabel('Sample').press('Escape');
  await expect(sample.getByLabel('Sample')).toHaveValue('299');

  const differences = page.getByRole('region', { name: 'Beside float64 on the CPU' });
  await openChecks(page);
  await expect(differences.getByRole('row')).toHaveCount(21);
  for (const row of await differences.getByRole('row').all()) {
    const cells = await row.getByRole('cell').allInnerTexts();
    if (cells.length > 0) expect(Number(cells[0].replace('−', '-'))).toBeLessThan(1e-6);
  }
});

test('shows what fusing does: fewer kernels for the same lines', async ({ page }) => {
  await page.goto('/#inside?v=1&plan=fused');
  const controls = page.getByRole('region', { name: 'Within the step' });
  const status = controls.getByRole('status');
  await expect(status).toContainText('plan fused');
  await expect(page.getByText('in the same kernel')).toHaveCount(11);
  await controls.getByLabel('Plan').selectOption('layered');
  await expect(status).toContainText('plan layered');
  await expect(page.getByText('in the same kernel')).toHaveCount(0);
  await expect(page).toHaveURL(/#inside\?.*plan=layered/);
});

test('shows a kernel as it was compiled, and times it', { tag: '@all' }, async ({ page }) => {
  await page.goto('/#inside?v=1&plan=layered');
  // The view begins behind the forward pass.
  await page.getByRole('region', { name: 'The step, line by line' }).getByRole('button').first().click();
  await page.getByRole('button', { name: 'Time the kernels' }).click();
  const kernel = page.getByRole('region', { name: 'matmul hidden 0', exact: true }).first();
  await expect(kernel).toContainText(/Time\s*[\d.,]+ µs/);
  await expect(kernel).toContainText('120,000 FLOPs');
  await expect(kernel.locator('.source')).toContainText('@compute');
});

test('checks the gradients, and the settings before a long run', { tag: '@all' }, async ({ page }) => {
  await page.goto('/#inside?v=1&hidden=12&init=he&precision=double&rate=0.1');
  const gradients = page.getByRole('region', { name: 'Gradient check' });
  await openChecks(page);
  await gradients.getByRole('button').click();
  await expect(gradients.getByRole('row')).toHaveCount(5);
  await expect(gradients.getByText('right', { exact: true })).toHaveCount(4);
  const sanity = page.getByRole('region', { name: 'Before a long run' });
  await sanity.getByRole('button').click();
  await expect(sanity.getByRole('listitem')).toHaveCount(5);
  await expect(sanity).toContainText('beside that of chance, 1.0986');
  await expect(sanity.getByText('✓ passed').first()).toBeVisible();
});

for (const [locale, verdicts, none] of [
  [
    'en-US',
    { failed: '✗', unusual: 'unusual', inapplicable: 'does not apply' },
    'no weights to compare with',
  ],
  ['ko-KR', { failed: '✗', unusual: '흔하지 않음', inapplicable: '해당 없음' }, '견줄 가중치가 없습니다'],
] as const)
  test.describe(`before a long run, in ${locale}`, () => {
    test.use({ locale });

    for (const [i, [name, link, expected]] of (
      [
        ['the notes’ linear classifier', 'hidden=0&steps=200', { failed: 0, unusual: 1, inapplicable: 1 }],
        ['the notes’ network', 'plan=fused', { failed: 0, unusual: 1, inapplicable: 0 }],
        ['zeros', 'hidden=24&init=normal&deviation=0', { failed: 2, unusual: 0, inapplicable: 2 }],
        ['a rate that diverges', 'hidden=8&init=he&rate=100', { failed: 1, unusual: 1, inapplicable: 0 }],
      ] as const
    ).entries())
      test(`${name}: what is no fault is not called one`, {
        tag: locale === 'ko-KR' || i > 0 ? '@all' : [],
      }, async ({ page }) => {
        await page.goto(`/#inside?v=1&${link}`);
        const sanity = page.locator('section.sanity');
        await page.locator('.checks > summary').click();
        await sanity.getByRole('button').click();
        await expect(sanity.getByRole('listitem').first()).toBeVisible();
        for (const [verdict, count] of Object.entries(expected)) {
          const word = verdicts[verdict as keyof typeof verdicts];
          await expect(sanity.getByRole('listitem').filter({ hasText: word })).toHaveCount(count);
        }
        await expect(sanity).not.toContainText(/NaN|Infinity/);
        if (name === 'zeros') await expect(sanity.getByText(none)).toHaveCount(2);
      });
  });

test('a gradient has a verdict if it was compared with differences, and no other', async ({ page }) => {
  const training = new TrainingPage(page);
  const gradients = page.getByRole('region', { name: 'Gradient check' });
  const check = async () => {
    await page.getByRole('link', { name: 'Inside' }).click();
    await openChecks(page);
    await gradients.getByRole('button').click();
    await expect(gradients.getByRole('row')).toHaveCount(5);
    const rows = (await gradients.getByRole('row').all()).slice(1);
    return Promise.all(rows.map(async (row) => (await row.getByRole('cell').allInnerTexts()).slice(1, 3)));
  };
  await page.goto('/');
  // In the rows at the origin all units are at their kink; only these rows are left out.
  expect(await check()).toEqual([
    ['right', '40'],
    ['right', '40'],
    ['right', '40'],
    ['right', '3'],
  ]);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await training.preset('All weights zero');
  expect(await check()).toEqual([
    ['not checked', '0'],
    ['not checked', '0'],
    ['right', '40'],
    ['right', '3'],
  ]);
});

for (const [i, [locale, colorScheme, width]] of (
  [
    ['en-US', 'light', 1440],
    ['ko-KR', 'dark', 1440],
    ['en-US', 'dark', 375],
    ['ko-KR', 'light', 320],
  ] as const
).entries())
  test.describe(`${locale}, ${colorScheme}, ${width} pixels`, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 720 } });

    test('the view has no barrier', { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
      await page.goto('/#inside?v=1&plan=layered&hidden=6-4&init=he');
      const controls = page.locator('.step-controls');
      await expect(controls.getByRole('status')).toContainText('20');
      await controls.getByRole('button').nth(4).click();
      await expect(page.locator('.differences tbody tr')).not.toHaveCount(0);
      await page.locator('.kernel-source summary').first().click();
      await page.locator('.checks > summary').click();
      expect(await new TrainingPage(page).overflow()).toBe(0);
      await expectAccessible(page);
    });
  });
