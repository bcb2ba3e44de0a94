import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('what the notes do not use is one press away', async ({ page }) => {
  const training = new TrainingPage(page);
  await page.goto('/');
  const activation = training.settings.getByLabel('Activation');
  await expect(activation).toHaveCount(1);
  for (const name of ['Activation', 'Dropout', 'Schedule', 'Warm-up', 'L1', 'Weight decay', 'Loss'])
    await expect(training.settings.getByLabel(name, { exact: true }).first(), name).toBeHidden();
  await training.settings.getByText('More: activation').click();
  await expect(activation).toBeVisible();
  // A linear model has no hidden units.
  await training.settings.getByRole('button', { name: 'Remove layer 1' }).click();
  await expect(activation).toHaveCount(0);
  await training.openLink('activation=elu&l1=0.001&init=he');
  await expect(activation).toBeVisible();
  await expect(training.settings.getByRole('spinbutton', { name: 'L1' })).toHaveValue('0.001');
  // Settings that go back to the notes' stay in view.
  await training.choose('Activation', 'relu');
  await expect(activation).toBeVisible();
});

test('each optimizer has its own factors, and begins with the epsilon of its authors', {
  tag: '@all',
}, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&rate=0.01');
  const FACTORS = ['Momentum', 'β₁', 'β₂', 'Decay of squares', 'ε'];
  for (const [optimizer, ...shown] of [
    ['sgd'],
    ['momentum', 'Momentum'],
    ['nesterov', 'Momentum'],
    ['adagrad', 'ε'],
    ['rmsprop', 'Decay of squares', 'ε'],
    ['adam', 'β₁', 'β₂', 'ε'],
  ]) {
    await training.choose('Optimizer', optimizer);
    for (const name of FACTORS) {
      const field = training.settings.getByRole('spinbutton', { name, exact: true });
      await expect(field, `${optimizer}: ${name}`).toHaveCount(shown.includes(name) ? 1 : 0);
    }
    await expect(training.status).toContainText('Untrained');
    await training.step.click();
    await expect(training.status).toContainText('Paused at step 1 ');
  }
  await training.choose('Optimizer', 'adagrad');
  await expect(page).toHaveURL(/optimizer=adagrad&epsilon=1e-10$/);
  await training.choose('Optimizer', 'adam');
  await expect(page).toHaveURL(/optimizer=adam$/);
});

test('a refused number says the whole range', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&optimizer=adam');
  await training.enter('ε', '0');
  await expect(training.settings.getByText('A number from 1e−10 to 1.')).toBeVisible();
  await training.enter('β₂', '1');
  await expect(training.settings.getByText('A number from 0 to 0.9999.')).toBeVisible();
});

test('the terms, the schedule and the factors change during a run, which a link repeats', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&optimizer=momentum&rate=0.1&steps=4000&speed=200');
  const [paused] = [await training.trainAndPause()];
  await training.enter('L1', '0.002');
  await training.enter('Weight decay', '0.01');
  await training.enter('Momentum', '0.5');
  await training.choose('Schedule', 'cosine');
  await training.enter('Cosine steps', '3000');
  await expect(training.status).toContainText('Paused');
  expect(await training.figure('step')).toBe(paused);
  const later = await training.trainAndPause();
  expect(later).toBeGreaterThan(paused);
  const loss = await training.figure('loss');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain(
    `at=${later}&then=${paused},0.1,0.001,auto,schedule:cosine,cosine:3000,l1:0.002,wd:0.01,momentum:0.5`,
  );
  await page.goto('about:blank');
  await page.goto(link);
  await expect(training.status).toContainText(`Paused at step ${later.toLocaleString('en')} `);
  expect(await training.figure('loss')).toBe(loss);
  await expect(training.settings.getByRole('spinbutton', { name: 'L1' })).toHaveValue('0.002');
});

test('the schedule is drawn before it is used, with the point of now and its numbers', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&rate=0.5&steps=1000');
  await training.choose('Schedule', 'step');
  await training.enter('Decay after', '500');
  await training.enter('Warm-up', '100');
  const curve = training.settings.getByRole('img', { name: /^Learning rate:/ });
  await expect(curve).toHaveAccessibleName(
    'Learning rate: 0.005 at step 0, 0.5 at step 100, 0.5 at step 250, 0.5 at step 500, 0.25 at step 750, 0.25 at step 1,000.',
  );
  const now = () => curve.locator('circle').evaluate((circle) => Number(circle.getAttribute('cx')));
  const [width, start] = [(await curve.boundingBox())?.width ?? 0, await now()];
  expect(start).toBeLessThan(0.1 * width);
  await expect(training.settings).toContainText('Now 0.005 at step 0; drawn to step 1,000');
  await training.trainToTheEnd();
  await expect(training.settings).toContainText('Now 0.25 at step 1,000; drawn to step 1,000');
  await expect.poll(now).toBeGreaterThan(0.9 * width);
  await expectAccessible(page);
});

test('a class weighs as much as is chosen, and weights go with other classes', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=8&init=he&balance=1,2,5');
  const weight = (label: number) =>
    training.settings.getByRole('spinbutton', { name: `class ${label}`, exact: true });
  await expect(weight(2)).toHaveValue('5');
  await training.enter('class 2', '1');
  await training.enter('class 1', '1');
  await expect(page).toHaveURL(/#train\?v=1&hidden=8&init=he$/);
  await training.enter('class 0', '3');
  await expect(page).toHaveURL(/balance=3,1,1/);
  await training.enter('Classes', '4');
  await expect(page).not.toHaveURL(/balance/);
  await expect(weight(3)).toHaveValue('1');
});

test('the inputs are switched beside the network, one at least', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(
    'data=xor&classes=2&noise=0.03&hidden=0&init=he&rate=0.1&l2=0&optimizer=adam&steps=600',
  );
  const network = page.getByRole('figure', { name: 'The network' });
  const input = (name: string) => network.getByRole('switch', { name, exact: true });
  const inputs = network.getByRole('button', { name: /^input / });
  await expect(inputs).toHaveCount(2);
  await expect(input('x times y')).toBeHidden();
  await network.getByText('Inputs: x, y').click();
  await training.step.click();
  await expect(training.status).toContainText('Paused at step 1 ');
  const plain = await training.picture();
  await input('x times y').click();
  await expect(training.status).toContainText('Rewound: Inputs changed. Untrained.');
  await expect(page).toHaveURL(/inputs=x-y-xy/);
  await expect(inputs).toHaveCount(3);
  for (const name of ['x', 'y']) await input(name).click();
  await expect(page).toHaveURL(/inputs=xy&/);
  await expect(inputs).toHaveText(['']);
  await expect(inputs).toHaveAccessibleName('input xy');
  await input('x times y').press('Space');
  await expect(input('x times y')).toHaveAttribute('aria-checked', 'true');
  await expect(input('x times y')).toHaveAttribute('title', 'The network needs an input.');
  await training.trainToTheEnd();
  expect(await training.figure('accuracy')).toBe(100);
  // Its border is a cross, which no line through the plane is.
  expect((await training.picture()).fingerprint).not.toBe(plain.fingerprint);
  // Points are edited in the plane as before.
  await page.getByLabel('add', { exact: true }).check();
  await training.regions.click({ position: { x: 40, y: 40 } });
  await expect(page).toHaveURL(/inputs=xy&.*edits=a|edits=a.*inputs=xy&/);
  await expect(training.status).toContainText('Untrained');
  await expectAccessible(page);
  // All inputs have their pictures and their weights.
  await training.openLink('inputs=x-y-x2-y2-xy-sinx-siny-r-angle&hidden=3&init=he');
  await expect(inputs).toHaveCount(9);
  await network.getByText('Weights between the units shown').click();
  await expect(network.getByRole('row', { name: /^input θ/ })).toHaveCount(1);
});

test('the formula of a unit has its inputs and its activation', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('inputs=x-sinx&hidden=3&init=he&activation=tanh');
  const network = page.getByRole('figure', { name: 'The network' });
  const unit = network.getByRole('button', { name: 'unit 1 of hidden layer 1' });
  await unit.hover();
  await expect(page.getByText(/; tanh\(−?[\d.e−]+x [+−] [\d.e−]+ sin πx \+ 0\): white is 0/)).toBeVisible();
  await training.openLink('inputs=x-y-x2-y2-xy&hidden=3&init=he');
  await page.mouse.move(0, 0);
  await unit.hover();
  await expect(page.getByText(/; white is 0/)).toBeVisible();
});
