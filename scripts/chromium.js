import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installWithApt } from './apt.js';
import { errorLine, run, runTool } from './process.js';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'chrome.exe',
];
/**
 * Finds a full Chromium or Chrome; Playwright's headless shell would not do, for it has no WebGPU. First the
 * one in CHROMIUM_PATH, then an installed one, then Playwright's own, then what an installer brings.
 *
 * @param {(() => Promise<string | undefined>)[]} [installers] each says why it brought none
 * @param {() => Promise<string[]>} [places] beside those in PATH
 * @returns {Promise<string>} the path of the executable
 * @throws {Error} that says what to install or set, when there is none
 */
export async function findChromium(installers = [], places = usualPlaces) {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (await starts(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, which is no Chromium or Chrome that starts.`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = [...inPath, ...(await places())];
  const failures = [];
  for (const install of [undefined, ...installers]) {
    failures.push(await install?.());
    for (const path of candidates) if (await starts(path)) return path;
  }
  const reasons = failures.map((reason) => (reason ? `; ${reason}` : '')).join('');
  throw new Error(
    `There is no Chromium or Chrome here that starts${reasons}. Install one, or set CHROMIUM_PATH to a browser's executable.`,
  );
}

/** As {@link findChromium}; where there is none, Playwright downloads one, else apt installs it. */
export function ensureChromium() {
  return findChromium([download, () => installWithApt('chromium')]);
}

async function usualPlaces() {
  const { PROGRAMFILES = '', 'PROGRAMFILES(X86)': programs32 = '', LOCALAPPDATA = '' } = process.env;
  const { chromium } = await import('playwright');
  return [
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
    ...['/Applications', join(homedir(), 'Applications')].flatMap((folder) => [
      join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
      join(folder, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
    ]),
    ...[PROGRAMFILES, programs32, LOCALAPPDATA].flatMap((folder) => [
      join(folder, 'Chromium/Application/chrome.exe'),
      join(folder, 'Google/Chrome/Application/chrome.exe'),
    ]),
    chromium.executablePath(),
  ];
}

/** @param {string} path */
async function starts(path) {
  if (!existsSync(path)) return false;
  // On Windows, Chrome answers --version by opening a window.
  if (process.platform === 'win32') return true;
  // Ubuntu's chromium-browser can be a script that only asks for a snap.
  const { code, output } = await run(path, ['--version'], { quiet: true, timeout: 20_000 });
  return code === 0 && /Chrom(e|ium)\b.* \d+\./.test(output);
}

/** @returns {Promise<string | undefined>} why Playwright could not download one, in words */
async function download() {
  console.log('Installing Chromium (npx playwright install chromium) …');
  // As root, with the libraries that it needs. It tries five times, each of them at most so long.
  const args = ['install', '--no-shell', 'chromium', ...(process.getuid?.() === 0 ? ['--with-deps'] : [])];
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' };
  const { code, output } = await runTool('playwright', args, { quiet: true, timeout: 600_000, env });
  return code === 0 ? undefined : `npx playwright install chromium failed: ${errorLine(output)}`;
}
