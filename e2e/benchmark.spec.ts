import type { EntrantResult, SweepPoint } from '../src/page/run/benchmark/results.ts';
import { BenchmarkPage } from './benchmark-page.ts';
import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

const TIME = /^(under )?[\d.,]+ (µs|ms|s)$/;

test('measures every plan and the CPU, with losses that agree, and tells from which size on the GPU is faster', {
  tag: '@all',
}, async ({ page }) => {
  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Two-layer network');
  await benchmark.measure.click();
  await expect(benchmark.progress).toBeVisible();
  await expect(page.getByText(/left$/)).toBeVisible();
  // Progress never falls.
  let done = 0;
  while ((await benchmark.progress.count()) > 0 && done < 0.2) {
    const now = Number(await benchmark.progress.getAttribute('value').catch(() => done));
    expect(now).toBeGreaterThanOrEqual(done);
    done = now;
  }
  await expect(benchmark.status).toContainText('Measured in', { timeout: 270_000 });
  await expect(benchmark.progress).toHaveCount(0);

  await expect(page.getByRole('main')).toContainText('This is a software adapter');
  await expect(page.getByRole('main')).toContainText(/Chrome \d+ on Linux/);
  for (const [way, numbers] of [
    ['GPU, layered', 'double-single'],
    ['GPU, fused', 'double-single'],
    ['GPU, resident', 'double-single'],
    ['CPU, one thread', 'float64'],
    ['CPU, plain loops', 'float64'],
  ]) {
    for (const arithmetic of ['float32', numbers]) {
      const cells = await benchmark.row(`${way}, ${arithmetic}`);
      const [compile, ...stages] = cells.slice(0, 5);
      if (way.startsWith('CPU')) expect(compile).toBe('–');
      else expect(compile).toMatch(TIME);
      for (const stage of stages) expect(stage).toMatch(TIME);
      const [repeated, rate, difference] = cells.slice(5);
      expect(Number(repeated)).toBeGreaterThanOrEqual(3);
      expect(Number(rate)).toBeGreaterThan(0);
      const tolerance = arithmetic === 'float32' ? 1e-4 : 1e-8;
      expect(Number(difference.replace('−', '-'))).toBeLessThanOrEqual(tolerance);
    }
  }
  await expect(benchmark.stages).toContainText('% of peak');
  await expect(benchmark.stages.getByRole('table')).not.toContainText('wrong');

  // The software adapter is called one, and the result has its uncertainty.
  const [result] = await benchmark.headline.locator('p').allInnerTexts();
  expect(result).toContain('Google SwiftShader, a software adapter and not a GPU');
  expect(result).toMatch(
    /(trains this network [\d.]+ times \([\d.]+ to [\d.]+\) as fast as|is shown to be faster)/,
  );
  await expect(benchmark.headline).toContainText('All 10 ways that were measured reach the same loss');
  await expect(benchmark.facts).toContainText('2 → 100 → 3, 300 rows, all in every step');

  await expect(benchmark.crossover).toContainText(
    /On this machine, of the sizes measured, (the GPU is faster|the CPU is faster|neither is shown to be faster) (at|from) 8 /,
  );
  await expect(benchmark.crossover.getByRole('img', { name: /logarithmic/ })).toBeVisible();
  await benchmark.crossover.getByText('The figures').click();
  const sizes = benchmark.crossover.getByRole('rowheader');
  await expect(sizes).toHaveText(['8', '64', '100', '512']);

  await expect(benchmark.kernels).toContainText('batched repetition');
  const layered = benchmark.kernels.getByRole('table', { name: 'GPU, layered, float32' });
  await expect(layered.getByRole('row')).toHaveCount(14);
  await expect(page.getByRole('main')).not.toContainText('NaN');

  const results = JSON.parse(await benchmark.copied('JSON'));
  expect(results.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(results.adapter).toMatchObject({ name: 'Google SwiftShader', software: true });
  expect(Math.abs(Date.parse(results.date) - Date.now())).toBeLessThan(600_000);
  expect(results.entrants).toHaveLength(10);
  expect(results.network).toMatchObject({ sizes: [2, 100, 3], batch: 300 });
  expect(results.agreement).toMatchObject({ way: 'plain' });
  expect(['gpu', 'cpu', 'tie']).toContain(results.comparison.outcome);
  // The width of the network itself has the times of the table, in the sweep too.
  const own = results.sweep.filter(({ hidden }: SweepPoint) => hidden === 100);
  expect(own).toHaveLength(5);
  for (const { way, step } of own) {
    const found = results.entrants.find((entrant: EntrantResult) => entrant.way === way);
    expect(found.times.step).toEqual(step);
  }
  expect(results.verdict.stretches[0].first).toBe(8);
  const report = await benchmark.copied('Markdown');
  expect(report).toContain('Google SwiftShader (software, not a GPU)');
  expect(report).toContain(result);
  expect(report.match(/^\| GPU, fused, float32 \|/gm)).toHaveLength(3);

  for (const width of [1280, 900, 375, 320]) {
    await page.setViewportSize({ width, height: 700 });
    const training = new TrainingPage(page);
    await expect.poll(() => training.overflow(), { message: `at ${width} pixels` }).toBe(0);
  }
});

test('a benchmark can be cancelled at any moment, and started again', { tag: '@all' }, async ({ page }) => {
  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Linear classifier');
  await benchmark.measure.focus();
  await page.keyboard.press('Enter');
  await expect(benchmark.progress).toBeVisible();
  await expect(benchmark.cancel).toBeFocused();
  await benchmark.worker();
  await page.keyboard.press('Enter');
  await expect(benchmark.status).toHaveText('Cancelled.');
  await expect(benchmark.progress).toHaveCount(0);
  await expect.poll(() => page.workers().length).toBe(1);

  await benchmark.measure.click();
  await expect(benchmark.stages).toBeVisible();
  await benchmark.cancel.click();
  await expect(benchmark.status).toHaveText('Cancelled.');
  await expect(benchmark.stages).toBeVisible();
});

test('a lost GPU is reported in words, and can be measured again', { tag: '@all' }, async ({ page }) => {
  await changeWorker(
    page,
    `const request = GPUAdapter.prototype.requestDevice;
     GPUAdapter.prototype.requestDevice = async function (...options) {
       const device = await request.apply(this, options);
       self.firstDevice ??= device;
       return device;
     };`,
  );
  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Linear classifier');
  await benchmark.measure.click();
  await expect(page.getByText(/warming up/)).toBeVisible();
  const worker = await benchmark.worker();
  await worker.evaluate(() => (Reflect.get(self, 'firstDevice') as GPUDevice).destroy());
  await expect(page.getByRole('alert')).toContainText(/lost the GPU.* is kept\. Start it again/);
  await expect(benchmark.status).toHaveText('Stopped.');
  await benchmark.measure.click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText(/warming up/)).toBeVisible();
});

test('other work ends the benchmark, which says which', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  const benchmark = new BenchmarkPage(page);
  for (const [view, work, ended] of [
    [
      'Inside',
      () => expect(page.getByRole('region', { name: 'Within the step' })).toBeVisible(),
      'Ended, because the view Inside read a step.',
    ],
    [
      'Train',
      () => training.timing.getByRole('button', { name: 'Time both' }).click(),
      'Ended, because GPU and CPU were timed.',
    ],
  ] as const) {
    await page.getByRole('link', { name: 'Benchmark' }).click();
    await benchmark.measure.click();
    await expect(benchmark.progress).toBeVisible();
    await page.getByRole('link', { name: view }).click();
    await work();
    await page.getByRole('link', { name: 'Benchmark' }).click();
    await expect(benchmark.status).toHaveText(ended);
  }
});

test('the benchmark pauses training, and training ends the benchmark', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.open('Two-layer network');
  await training.train.click();
  await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Benchmark' }).click();
  const benchmark = new BenchmarkPage(page);
  const height = () => benchmark.bar.evaluate((element) => element.clientHeight);
  const still = await height();
  await benchmark.measure.click();
  await expect(benchmark.progress).toBeVisible();
  // What stands below the bar stays where it is.
  expect(await height()).toBe(still);
  await page.getByRole('link', { name: 'Train' }).click();
  await expect(training.status).toContainText('Paused');
  await training.step.click();
  await page.getByRole('link', { name: 'Benchmark' }).click();
  await expect(benchmark.status).toHaveText('Ended, because training went on.');
});
