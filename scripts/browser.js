import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './process.js';

/**
 * A browser to look for: the environment variable with its path, its names in PATH, usual paths,
 * and a pattern for its `--version`.
 *
 * @typedef {{ variable: string, names: string[], places: string[], says: RegExp }} Browser
 */

/**
 * Finds a browser that starts: first by its variable, then in PATH, then at usual paths, then by
 * installing one.
 *
 * @param {Browser} browser
 * @param {(() => Promise<string | undefined>)[]} installers run in turn; each returns why it
 * installed none
 * @returns {Promise<{ path: string, version: RegExpExecArray }>}
 * @throws {Error} that says what to install or set, when there is none
 */
export async function findBrowser({ variable, names, places, says }, installers = []) {
  const chosen = process.env[variable];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const inPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const failures = [];
  for (const install of [undefined, ...(chosen ? [] : installers)]) {
    failures.push(await install?.());
    for (const path of chosen ? [chosen] : [...inPath, ...places]) {
      const version = says.exec(await versionOf(path));
      if (version) return { path, version };
    }
  }
  if (chosen) throw new Error(`${variable} is ${chosen}, which is no ${names[0]} that starts.`);
  const reasons = failures.map((reason) => (reason ? `; ${reason}` : '')).join('');
  throw new Error(
    `There is no ${names[0]} here that starts${reasons}. Install one, or set ${variable} to a browser's executable.`,
  );
}

/**
 * A program's `--version`; an empty text if the program does not start.
 *
 * @param {string} path
 */
async function versionOf(path) {
  // A snap may only use its own folders and does not start with a profile elsewhere.
  if (!existsSync(path) || realpathSync(path).includes('snap')) return '';
  // On Windows, Chrome answers by opening a window.
  if (/chrome\.exe$/i.test(path)) return 'Chrome 1.0';
  const { code, output } = await run(path, ['--version'], { quiet: true, timeout: 20_000 });
  return code === 0 ? output : '';
}
