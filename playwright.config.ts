import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { defineConfig } from 'playwright/test';
import { findChromium } from './scripts/chromium.js';
import { tool } from './scripts/process.js';

if (!existsSync('dist/page/index.html')) throw new Error('There is no built page to test: npm run build.');

// Playwright reads this file again in each worker. The variables give all workers the same answers.
process.env.CHROMIUM_PATH ??= await findChromium();
process.env.PAGE_PORT ??= String(await freePort());

const port = process.env.PAGE_PORT;

/**
 * The address bar's suggestions are pages of their own. In each test they cost as much as the
 * tested page.
 */
const SUGGESTIONS = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
/**
 * The features that Playwright itself disables on Linux, because only the last such list counts.
 */
const PLAYWRIGHTS =
  'AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect OptimizationHints NetworkTimeServiceQuerying AimEnabled PreconnectToSearch'.split(
    ' ',
  );

export default defineConfig({
  testDir: 'e2e',
  // The default tier shows each promise; TEST_TIER=all runs every test.
  grepInvert: process.env.TEST_TIER === 'all' ? [] : /@all/,
  timeout: 600_000,
  // A second of work may take a minute on a busy machine. Only a failing test waits as long.
  expect: { timeout: 100_000 },
  // A worker often waits for pictures and clocks; more than two compete for the cores.
  workers: 2,
  // Else the longest file is the last one, and a worker has it alone.
  fullyParallel: true,
  retries: Number(process.env.TEST_RETRIES ?? 0),
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    // A trace has actions, requests and logs. Screenshots at every step take a third of the tests'
    // time: `npx playwright test --trace on -g NAME` has them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    // Playwright's routes do not see a service worker's answers. The tests without a network use
    // one.
    serviceWorkers: 'block',
    launchOptions: {
      // With a full Chromium, Playwright's --headless is the new headless mode, which has WebGPU.
      // Playwright also lets Chromium use SwiftShader, keeps it off the network and starts it
      // without the sandbox, which root and many containers do not allow. The only page here is our
      // own.
      executablePath: process.env.CHROMIUM_PATH,
      args: ['--enable-unsafe-webgpu', `--disable-features=${[...SUGGESTIONS, ...PLAYWRIGHTS]}`],
    },
  },
  webServer: {
    command: [
      process.execPath,
      tool('vite'),
      'preview',
      '--host',
      'localhost',
      '--port',
      port,
      '--strictPort',
    ]
      .map((word) => JSON.stringify(word))
      .join(' '),
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}
