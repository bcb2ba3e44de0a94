import { join } from 'node:path';
import { installWithApt } from './apt.js';
import { findBrowser } from './browser.js';
import { errorLine, run, tool } from './process.js';

/**
 * Finds a full Chromium or Chrome; Playwright's headless shell has no WebGPU.
 *
 * @param {Parameters<typeof findBrowser>[1]} [installers]
 * @returns {Promise<string>} the path of the executable
 * @throws {Error} as {@link findBrowser} does
 */
export async function findChromium(installers) {
  const { PROGRAMFILES = '', LOCALAPPDATA = '' } = process.env;
  const { chromium } = await import('playwright');
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  const places = [
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ...[PROGRAMFILES, LOCALAPPDATA].map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
    chromium.executablePath(),
  ];
  const says = /Chrom(e|ium)\b.* \d+\./;
  return (await findBrowser({ variable: 'CHROMIUM_PATH', names, places, says }, installers)).path;
}

/**
 * Finds Chromium as {@link findChromium}; if there is none, Playwright downloads it, else apt
 * installs it.
 */
export function ensureChromium() {
  return findChromium([download, () => installWithApt('chromium')]);
}

/** @returns {Promise<string | undefined>} why Playwright could not download one, in words */
async function download() {
  console.log('Installing Chromium (npx playwright install chromium) …');
  // As root, Playwright also installs libraries. It tries five times, with this timeout each.
  const libraries = process.getuid?.() === 0 ? ['--with-deps'] : [];
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' };
  const command = [tool('playwright'), 'install', '--no-shell', 'chromium', ...libraries];
  const { code, output } = await run(process.execPath, command, { quiet: true, timeout: 600_000, env });
  return code === 0 ? undefined : `npx playwright install chromium failed: ${errorLine(output)}`;
}
