import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { defineConfig } from 'playwright/test';
import { findChromium } from './scripts/chromium.js';
import { tool } from './scripts/process.js';

if (!existsSync('dist/page/index.html')) throw new Error('There is no built page to test: npm run build.');

// Playwright reads this file again in each of its workers, which must come to the same answers.
process.env.CHROMIUM_PATH ??= await findChromium();
process.env.PAGE_PORT ??= String(await freePort());

const [node, vite] = tool('vite');
const port = process.env.PAGE_PORT;

/** The address bar's suggestions: pages of their own, which cost as much as the page that is tested, once a test. */
const SUGGESTIONS = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
/** What Playwright does without on Linux: of such lists only the last one counts. */
const PLAYWRIGHTS =
  'AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect OptimizationHints NetworkTimeServiceQuerying AimEnabled PreconnectToSearch'.split(
    ' ',
  );

export default defineConfig({
  testDir: 'e2e',
  // Those that show each promise once, unless TEST_TIER=all asks for every one.
  grepInvert: process.env.TEST_TIER === 'all' ? [] : /@all/,
  timeout: 600_000,
  // What takes a second here may take a minute where other work goes on; only what fails waits as long.
  expect: { timeout: 100_000 },
  // One waits much, for pictures and clocks; more than two compete for the cores.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    // What was done, asked for and logged. Pictures of the page at every step take a third of the tests' time:
    // `npx playwright test --trace on -g NAME` has them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    // Answers from one are beyond the reach of routes. Tests of the page without a network have them.
    serviceWorkers: 'block',
    launchOptions: {
      // Given a full Chromium, Playwright's --headless is the new headless mode, which has WebGPU. It also lets
      // Chromium use SwiftShader, keeps it off the network and starts it without the sandbox, which root and
      // many containers do not allow; the only page here is our own.
      executablePath: process.env.CHROMIUM_PATH,
      args: ['--enable-unsafe-webgpu', `--disable-features=${[...SUGGESTIONS, ...PLAYWRIGHTS]}`],
    },
  },
  webServer: {
    command: [node, ...vite, 'preview', '--host', 'localhost', '--port', port, '--strictPort']
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
