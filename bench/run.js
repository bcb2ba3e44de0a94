import { cpus } from 'node:os';
import { ensureChromium } from '../scripts/chromium.js';
import { ensureDependencies } from '../scripts/dependencies.js';
import { run, tool } from '../scripts/process.js';
import { publish, readOptions } from './options.js';

const CONFIG = 'bench/vite.config.ts';

/** All contestants run in one page of one browser, so that they have the same conditions. */
async function main() {
  const { json, markdown, ...options } = readOptions(process.argv.slice(2), 'npm run bench --');
  await ensureDependencies();
  await ensureDependencies('bench');
  await step('typescript', ['--project', 'bench'], 'tsc');
  await step('vite', ['build', '--logLevel', 'warn', '--config', CONFIG]);
  const executablePath = await ensureChromium();
  const { preview } = await import('vite');
  const server = await preview({ configFile: CONFIG, preview: { host: 'localhost', open: false } });
  try {
    const result = await runInBrowser(executablePath, server.resolvedUrls?.local[0] ?? '', options);
    publish(result, { json, markdown });
  } finally {
    await server.close();
  }
}

/**
 * @param {string} executablePath
 * @param {string} url
 * @param {import('./suite.ts').SuiteOptions} options
 */
async function runInBrowser(executablePath, url, options) {
  const { chromium } = await import('playwright');
  // The flags of the tests; see playwright.config.ts.
  const browser = await chromium.launch({ executablePath, args: ['--enable-unsafe-webgpu'] });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.log(message.text()));
    const crashed = new Promise((_, reject) => {
      page.on('crash', () => reject(new Error('The page crashed.')));
      page.on('pageerror', (error) => console.error(`In the page: ${error.message}`));
    });
    await page.goto(url);
    await page.waitForFunction(() => globalThis.bench !== undefined);
    const host = {
      date: new Date().toISOString().slice(0, 10),
      runtime: `Chromium ${browser.version()}`,
      cpu: `${cpus().length} × ${cpus()[0].model}`,
    };
    const run = page.evaluate(
      ([options, host]) => globalThis.bench(options, host),
      /** @type {const} */ ([options, host]),
    );
    return await Promise.race([run, crashed]);
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} packageName
 * @param {string[]} args
 * @param {string} [bin]
 */
async function step(packageName, args, bin = packageName) {
  const { code } = await run(process.execPath, [tool(packageName, bin), ...args]);
  if (code !== 0) throw new Error(`The benchmark stopped: ${[bin, ...args].join(' ')} failed.`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
