import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { errorLine, isExecutable, run, runTool } from './process.js';

/**
 * What findChromium asks of the machine. Tests hand in a machine of their own.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {Record<string, string | undefined>} env
 * @property {string} home
 * @property {boolean} root
 * @property {(path: string) => boolean} exists
 * @property {(path: string) => Promise<boolean>} starts whether the executable is a browser that starts here
 * @property {() => Promise<string>} playwrightPath where Playwright's own download lies, or would
 * @property {(args: string[]) => Promise<Result>} playwright
 * @property {(command: string, args: string[]) => Promise<Result>} run
 * @property {(line: string) => void} say
 *
 * @typedef {{ code: number | null, output: string }} Result
 * @typedef {{ executablePath: string, source: 'CHROMIUM_PATH' | 'installed' | 'playwright' | 'apt' }} Chromium
 */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const INSTALL_TIMEOUT_MS = 4 * 60_000;

/**
 * Finds a full Chromium or Chrome; Playwright's headless shell would not do, for it has no WebGPU. First the
 * one in CHROMIUM_PATH, then an installed one, then Playwright's own download; with `install`, it is downloaded,
 * or installed by apt where that is possible.
 *
 * @param {{ install?: boolean, machine?: Machine }} [options]
 * @returns {Promise<Chromium>}
 * @throws {Error} saying what to install or set, when there is none.
 */
export async function findChromium({ install = false, machine = thisMachine } = {}) {
  const chosen = machine.env.CHROMIUM_PATH;
  if (chosen) {
    if (!machine.exists(chosen))
      throw new Error(`CHROMIUM_PATH is ${chosen}, but there is no executable file.`);
    return { executablePath: chosen, source: 'CHROMIUM_PATH' };
  }
  const installed = await firstThatStarts(installedCandidates(machine), machine);
  if (installed) return { executablePath: installed, source: 'installed' };
  const downloaded = await firstThatStarts([await machine.playwrightPath()], machine);
  if (downloaded) return { executablePath: downloaded, source: 'playwright' };
  /** @type {string[]} */
  const failures = [];
  if (install) {
    const found = (await download(machine, failures)) ?? (await installWithApt(machine, failures));
    if (found) return found;
  }
  throw new Error(
    [
      'There is no Chromium or Chrome here that starts.',
      ...failures.map((failure) => `- ${failure}`),
      'Install Chrome, or Chromium (on Debian: apt-get install chromium; anywhere: npx playwright install --with-deps chromium),',
      "or set CHROMIUM_PATH to a browser's executable.",
    ].join('\n'),
  );
}

/**
 * @param {Machine} machine
 * @returns {string[]} likely executables, best first; most of them do not exist
 */
function installedCandidates({ platform, env, home }) {
  const path = platform === 'win32' ? win32 : posix;
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter(Boolean);
  const suffix = platform === 'win32' ? '.exe' : '';
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name + suffix)));
  return [...onPath, ...usualPlaces(platform, env, home)];
}

/**
 * @param {NodeJS.Platform} platform
 * @param {Record<string, string | undefined>} env
 * @param {string} home
 */
function usualPlaces(platform, env, home) {
  if (platform === 'darwin') {
    return ['/Applications', posix.join(home, 'Applications')].flatMap((folder) => [
      posix.join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
      posix.join(folder, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
    ]);
  }
  if (platform === 'win32') {
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        win32.join(folder, 'Chromium\\Application\\chrome.exe'),
        win32.join(folder, 'Google\\Chrome\\Application\\chrome.exe'),
      ]);
  }
  return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'];
}

/**
 * @param {string[]} candidates
 * @param {Machine} machine
 */
async function firstThatStarts(candidates, machine) {
  for (const candidate of candidates) {
    if (machine.exists(candidate) && (await machine.starts(candidate))) return candidate;
  }
  return undefined;
}

/**
 * @param {Machine} machine
 * @param {string[]} failures
 * @returns {Promise<Chromium | undefined>}
 */
async function download(machine, failures) {
  machine.say('There is no Chromium here: downloading one (npx playwright install chromium) …');
  const { code, output } = await machine.playwright(['install', '--no-shell', '--no-progress', 'chromium']);
  if (code !== 0) {
    failures.push(`npx playwright install chromium failed: ${errorLine(output)}`);
    return undefined;
  }
  const path = await machine.playwrightPath();
  if (await machine.starts(path)) return { executablePath: path, source: 'playwright' };
  if (machine.platform === 'linux' && machine.root) {
    machine.say('Installing the libraries that it needs (npx playwright install-deps chromium) …');
    await machine.playwright(['install-deps', 'chromium']);
    if (await machine.starts(path)) return { executablePath: path, source: 'playwright' };
  }
  failures.push(`${path} does not start; npx playwright install-deps chromium, as root, may help.`);
  return undefined;
}

/**
 * @param {Machine} machine
 * @param {string[]} failures
 * @returns {Promise<Chromium | undefined>}
 */
async function installWithApt(machine, failures) {
  if (machine.platform !== 'linux' || !machine.exists('/usr/bin/apt-get')) return undefined;
  if (!machine.root) {
    failures.push('apt-get install chromium needs root.');
    return undefined;
  }
  machine.say('Installing Chromium (apt-get install chromium) …');
  const update = await machine.run('apt-get', ['update']);
  // Ubuntu has a snap in its place, which containers cannot run.
  const { output: policy } = await machine.run('apt-cache', ['policy', 'chromium']);
  if (!/Candidate: \d/.test(policy)) {
    const reason = update.code === 0 ? '' : ` (apt-get update: ${errorLine(update.output)})`;
    failures.push(`apt has no package chromium here${reason}.`);
    return undefined;
  }
  const { code, output } = await machine.run('apt-get', [
    'install',
    '-y',
    '--no-install-recommends',
    'chromium',
  ]);
  const path = await firstThatStarts(installedCandidates(machine), machine);
  if (path) return { executablePath: path, source: 'apt' };
  failures.push(
    `apt-get install chromium ${code === 0 ? 'gave no browser that starts' : `failed: ${errorLine(output)}`}`,
  );
  return undefined;
}

/** @type {Machine} */
const thisMachine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  root: process.getuid?.() === 0,
  exists: isExecutable,
  async starts(path) {
    // On Windows, Chrome answers --version by opening a window.
    if (process.platform === 'win32') return true;
    // Ubuntu's chromium-browser can be a script that only asks for a snap.
    const { code, output } = await run(path, ['--version'], { quiet: true, timeoutMs: 20_000 });
    return code === 0 && /Chrom(e|ium)\b.* \d+\./.test(output);
  },
  async playwrightPath() {
    const { chromium } = await import('playwright');
    return chromium.executablePath();
  },
  playwright: (args) =>
    runTool('playwright', args, {
      quiet: true,
      timeoutMs: INSTALL_TIMEOUT_MS,
      // It tries five times; behind a firewall that drops packets, that is long enough.
      env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    }),
  run: (command, args) =>
    run(command, args, {
      quiet: true,
      timeoutMs: INSTALL_TIMEOUT_MS,
      env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    }),
  say: (line) => console.log(line),
};
