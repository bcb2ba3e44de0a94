import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptHas, installWithApt } from './apt.js';
import { ensureDependencies } from './dependencies.js';
import { wgpuEnvironment } from './lavapipe.js';
import { isExecutable, run, runTool } from './process.js';

/** What drives it has dependencies of its own, which only these tests need. */
const FOLDER = 'tests/firefox';

/** The first version whose WebGPU these tests were seen to pass on. */
const OLDEST = 153;

const PLACES = {
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
};

/**
 * @typedef {object} Firefox
 * @property {string} executablePath
 * @property {Record<string, string>} env what it has to start with, to find an adapter
 * @property {string} version as it says
 */

/**
 * Finds Firefox, in FIREFOX_PATH or where it usually is, or installs Debian's firefox-esr, and what drives it.
 *
 * @returns {Promise<Firefox>}
 * @throws {Error} with the reason in one line, where one of them cannot be had
 */
export async function findFirefox() {
  const chosen = process.env.FIREFOX_PATH;
  const found = (await firstThatStarts()) ?? (chosen ? undefined : await install());
  if (!found) throw new Error(`FIREFOX_PATH is ${chosen}, which is no Firefox that starts`);
  const version = Number(/\d+/.exec(found.version)?.[0]);
  if (!(version >= OLDEST)) throw new Error(`${found.version} is older than ${OLDEST}`);
  try {
    await ensureDependencies(FOLDER);
  } catch (error) {
    const lines = String(error).trim().split('\n');
    throw new Error(`what drives Firefox cannot be installed (npm ci in ${FOLDER}): ${lines.at(-1)}`);
  }
  return { ...found, env: await wgpuEnvironment() };
}

/**
 * Runs the tests of the built page in Firefox.
 *
 * @param {Firefox} firefox
 * @param {string[]} args of vitest
 * @returns {Promise<{ code: number | null }>}
 */
export async function runFirefoxTests({ executablePath, env }, args) {
  const types = await runTool('typescript', ['--project', FOLDER], { bin: 'tsc' });
  if (types.code !== 0) return types;
  return runTool('vitest', ['run', '--config', `${FOLDER}/vitest.config.ts`, ...args], {
    env: { ...env, FIREFOX_PATH: executablePath },
  });
}

async function install() {
  const name = 'firefox-esr';
  const reason = (await aptHas(name)) ? await installWithApt([name]) : `apt has no package ${name} here`;
  const found = reason ? undefined : await firstThatStarts();
  if (found) return found;
  throw new Error(`there is no Firefox that starts, and ${reason ?? `${name} gave none`}`);
}

async function firstThatStarts() {
  for (const executablePath of candidates()) {
    const { code, output } = await run(executablePath, ['--version'], { quiet: true, timeoutMs: 20_000 });
    const [version] = /Firefox [\d.]+\w*/.exec(output) ?? [];
    if (code === 0 && version) return { executablePath, version };
  }
  return undefined;
}

function candidates() {
  if (process.env.FIREFOX_PATH) return [process.env.FIREFOX_PATH];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)));
  const usual = PLACES[/** @type {keyof typeof PLACES} */ (process.platform)] ?? [];
  // A snap keeps to its own folders, and does not start with a profile in another.
  return [...onPath, ...usual].filter((path) => isExecutable(path) && !realpathSync(path).includes('snap'));
}
