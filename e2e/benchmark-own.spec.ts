import { BenchmarkPage } from './benchmark-page.ts';
import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

const NO_GPU = 'GPU.prototype.requestAdapter = async () => null;';

test('sizes can be chosen within limits, and the expected time follows them', async ({ page }) => {
  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Own sizes');
  await benchmark.enter({ 'Hidden units': 8, Points: 10, Features: 1 });
  const small = await benchmark.expected();
  await benchmark.enter({ 'Hidden units': 1024, Points: 5000, Features: 784 });
  const large = await benchmark.expected();
  expect(small).toBeGreaterThan(0);
  expect(large).toBeGreaterThan(small);
  await benchmark.choose('Thorough');
  expect(await benchmark.expected()).toBeGreaterThan(large);

  const points = page.getByRole('spinbutton', { name: 'Points' });
  await points.fill('5001');
  await points.press('Enter');
  await expect(points).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText(/10 (to|and) 5,000/).first()).toBeVisible();
  expect(await benchmark.expected()).toBeGreaterThan(large);
});

test('a network of chosen sizes is measured as chosen', async ({ page }) => {
  await changeWorker(page, NO_GPU);
  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Own sizes');
  await benchmark.enter({ 'Hidden units': 24, Points: 50, Features: 7 });
  await benchmark.measureToTheEnd();
  await expect(benchmark.facts).toContainText('7 → 24 → 3, 50 rows, all in every step');
  await expect(benchmark.headline).toContainText('reach the same loss');
  await benchmark.crossover.getByText('The figures').click();
  await expect(benchmark.crossover.getByRole('rowheader')).toHaveText(['8', '24', '64', '512']);
  const results = JSON.parse(await benchmark.copied('JSON'));
  expect(results.options.own).toEqual({ hidden: 24, points: 50, features: 7 });
  expect(await benchmark.copied('Markdown')).toContain('- Network: 7 → 24 → 3, 50 rows');
});

test('the network from Train is measured with its settings', { tag: '@all' }, async ({ page }) => {
  await changeWorker(page, NO_GPU);
  const training = new TrainingPage(page);
  await training.openLink(
    'data=blobs&classes=4&points=30&hidden=12-12&activation=tanh&optimizer=adam&rate=0.01&batch=32&objective=hinge&init=he',
  );
  await expect(training.status).toContainText('Untrained');
  await page.getByRole('link', { name: 'Benchmark' }).click();
  const benchmark = new BenchmarkPage(page);
  await benchmark.choose('From Train');
  await benchmark.choose('Quick');
  await expect(page.getByRole('main')).toContainText('2 → 12 → 12 → 4');
  await benchmark.measureToTheEnd();
  await expect(benchmark.facts).toContainText('2 → 12 → 12 → 4, 120 rows, 32 of them a step; Adam');
  await expect(benchmark.facts).toContainText('tanh');
  await expect(benchmark.facts).toContainText(/hinge/i);
  const [loss] = (await benchmark.row('CPU, one thread, float32')).slice(-1);
  expect(Number(loss.replace('−', '-'))).toBeLessThan(1e-4);
  await expect(benchmark.headline).toContainText('All 4 ways that were measured reach the same loss');

  const { network, agreement } = JSON.parse(await benchmark.copied('JSON'));
  expect(network.settings).toContain('activation=tanh');
  // A trainer of the library has the same loss after as many steps.
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await training.choose('Precision', 'double');
  await expect(training.status).toContainText('Untrained');
  for (let i = 0; i < agreement.steps; i++) await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(agreement.steps);
  expect(Math.abs((await training.figure('loss')) - agreement.loss)).toBeLessThan(1e-6);
});

test('without points there is nothing to measure, and the view says so', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('data=own');
  await page.getByRole('link', { name: 'Benchmark' }).click();
  const benchmark = new BenchmarkPage(page);
  await benchmark.choose('From Train');
  await expect(benchmark.measure).toBeDisabled();
  await expect(page.getByRole('main')).toContainText('Train has no points yet');
  await benchmark.choose('Two-layer network');
  await expect(benchmark.measure).toBeEnabled();
});

test('a network from Train that diverges is not timed, and the reason stands there', async ({ page }) => {
  await changeWorker(page, NO_GPU);
  const training = new TrainingPage(page);
  await training.openLink('rate=100&l2=0.1');
  await expect(training.status).toContainText('Untrained');
  await page.getByRole('link', { name: 'Benchmark' }).click();
  const benchmark = new BenchmarkPage(page);
  await benchmark.choose('From Train');
  await benchmark.choose('Quick');
  await benchmark.measureToTheEnd();
  await expect(benchmark.stages.getByRole('row', { name: 'CPU, one thread, float32' })).toContainText(
    /Training diverged at step \d+, so there is nothing to time/,
  );
  await expect(page.getByRole('main')).not.toContainText('NaN');
});
