import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './process.js';

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */

/**
 * Makes node_modules what package-lock.json says; a few milliseconds when it is already.
 *
 * @param {string} [folder] where both are, from the repository's root
 * @throws {Error} when Node is too old or `npm ci` fails.
 */
export async function ensureDependencies(folder = '.') {
  const { engines } = readJson('package.json');
  if (!satisfies(process.versions.node, engines.node)) {
    throw new Error(`This needs Node.js ${engines.node}; this is Node.js ${process.versions.node}.`);
  }
  if (inLine(readJson(join(folder, 'package-lock.json')), readInstalled(folder))) return;
  console.log(`Installing the dependencies${folder === '.' ? '' : ` of ${folder}`} (npm ci) …`);
  const { code, output } = await run(
    'npm',
    // NODE_ENV=production would leave out everything that builds and tests.
    ['ci', '--prefix', folder, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { quiet: true, shell: process.platform === 'win32' },
  );
  if (code !== 0) throw new Error(`npm ci failed:\n${output.trim()}`);
}

/**
 * Whether what is installed is what the lock asks for. Optional packages are other platforms' binaries: they may
 * be absent, but not of another version.
 *
 * @param {Lock} lock
 * @param {Lock | undefined} installed npm's own record of what it put into node_modules
 */
export function inLine(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    return found ? found.version === wanted.version : wanted.optional === true;
  });
}

/**
 * @param {string} version such as 20.19.0
 * @param {string} range `>=` and `^` terms joined by `||`, which is all that package.json uses
 */
export function satisfies(version, range) {
  return range.split('||').some((term) => {
    const [, operator, lowest] = /^\s*(>=|\^)\s*([\d.]+)\s*$/.exec(term) ?? [];
    if (!lowest)
      throw new Error(`package.json: expected a Node.js range such as ">=20.19.0", got "${range}".`);
    const sameMajor = version.split('.')[0] === lowest.split('.')[0];
    return compareVersions(version, lowest) >= 0 && (operator === '>=' || sameMajor);
  });
}

/**
 * @param {string} a
 * @param {string} b
 */
function compareVersions(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** @param {string} name */
function readJson(name) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}

/**
 * @param {string} folder
 * @returns {Lock | undefined}
 */
function readInstalled(folder) {
  try {
    return readJson(join(folder, 'node_modules', '.package-lock.json'));
  } catch {
    return undefined;
  }
}
