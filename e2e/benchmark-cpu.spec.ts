import { test as base, type Page } from 'playwright/test';
import { expectAccessible } from './accessibility.ts';
import { BenchmarkPage } from './benchmark-page.ts';
import { expect, test } from './fixture.ts';
import { StaticSite } from './static-site.ts';
import { changeWorker } from './training-page.ts';

/** A browser without a graphics adapter, on a machine of two cores. */
const TWO_CORES_ALONE = `GPU.prototype.requestAdapter = async () => null;
Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 });`;

test('without WebGPU the benchmark measures the CPU alone and says why, and why on one thread', async ({
  page,
}) => {
  await changeWorker(page, TWO_CORES_ALONE);
  const benchmark = new BenchmarkPage(page);
  await benchmark.open('Linear classifier');
  await expect(page.getByRole('main')).toContainText('CPU: one thread');
  await benchmark.measureToTheEnd();
  await expect(benchmark.facts).toContainText('no graphics adapter that it can use. Only the CPU');
  await expect(benchmark.facts).toContainText('one thread of 2: this page is not isolated from other sites');
  await expect(benchmark.headline).toContainText(/^Only the CPU was measured\.\s*A step takes .* on the CPU/);
  await expect(benchmark.stages.getByRole('rowheader')).toContainText([
    'CPU, one thread, float32',
    'CPU, plain loops, float32',
    'CPU, one thread, float64',
    'CPU, plain loops, float64',
  ]);
  await expect(benchmark.stages.getByRole('rowheader', { name: 'CPU, one thread, float32' })).toContainText(
    /WebAssembly, (relaxed )?SIMD, one thread/,
  );
  await expect(benchmark.headline).toContainText('All 4 ways that were measured reach the same loss');
  await expect(benchmark.crossover).not.toContainText('is faster from');
  await expect(benchmark.kernels).toHaveCount(0);
  await expectAccessible(page);
});

/** Opens the view in a page that may have two threads. */
async function openIsolated(page: Page, model: 'Own sizes' | 'Two-layer network') {
  const site = new StaticSite('dist/page', '/spiralnet/');
  site.headers['cross-origin-opener-policy'] = 'same-origin';
  site.headers['cross-origin-embedder-policy'] = 'require-corp';
  await site.start();
  await changeWorker(page, TWO_CORES_ALONE);
  const benchmark = new BenchmarkPage(page);
  await benchmark.open(model, `${site.url}#benchmark`);
  return { site, benchmark };
}

// The site has an origin of its own, for which the fixture would fail the test.
base('an isolated page measures all threads, where a network is large enough', async ({ page }) => {
  const { site, benchmark } = await openIsolated(page, 'Own sizes');
  await benchmark.enter({ 'Hidden units': 64, Points: 1000, Features: 64 });
  await benchmark.measureToTheEnd();
  await expect(benchmark.facts).toContainText(/CPU\s*2 threads/);
  const threads = benchmark.stages.getByRole('rowheader', { name: 'CPU, all threads, float32' });
  await expect(threads).toContainText(/WebAssembly, (relaxed )?SIMD, 2 threads/);
  await expect(benchmark.headline).toContainText('All 6 ways that were measured reach the same loss');
  await benchmark.crossover.getByText('The figures').click();
  // At 8 units no operation is large enough for two threads.
  const cells = (size: string) => benchmark.crossover.getByRole('row', { name: size }).getByRole('cell');
  await expect(cells('8')).toContainText([/s/, '–', /s/]);
  await expect(cells('64')).toContainText([/s/, /s/, /s/]);
  await site.stop();
});

base('a network that is too small for threads is not timed twice', { tag: '@all' }, async ({ page }) => {
  const { site, benchmark } = await openIsolated(page, 'Two-layer network');
  await benchmark.measureToTheEnd();
  for (const arithmetic of ['float32', 'float64']) {
    const row = benchmark.stages.getByRole('row', { name: `CPU, all threads, ${arithmetic}` });
    await expect(row).toContainText('The same as one thread: no operation of a step is large enough');
  }
  await site.stop();
});

// A browser writes violations of a policy to the console, for which the fixture would fail the test.
base(
  'where WebAssembly is forbidden, the CPU has plain loops alone, and says so',
  { tag: '@all' },
  async ({ page }) => {
    const site = new StaticSite('dist/page', '/spiralnet/');
    site.headers['content-security-policy'] = "script-src 'self'; worker-src 'self'";
    await site.start();
    await changeWorker(page, TWO_CORES_ALONE);
    const benchmark = new BenchmarkPage(page);
    await benchmark.open('Linear classifier', `${site.url}#benchmark`);
    await benchmark.measureToTheEnd();
    await expect(benchmark.stages.getByRole('rowheader', { name: 'CPU, one thread, float32' })).toContainText(
      'plain loops',
    );
    await expect(benchmark.stages.getByRole('row', { name: 'CPU, plain loops, float32' })).toContainText(
      'WebAssembly is not allowed here',
    );
    await expect(benchmark.headline).toContainText('All 2 ways that were measured reach the same loss');
    await site.stop();
  },
);
