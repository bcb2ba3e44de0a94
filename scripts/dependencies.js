import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorLine, messageOf, root, run } from './process.js';

/** @typedef {Record<string, { version?: string, optional?: boolean }>} Packages of a lock file, by path */

/**
 * Installs what package-lock.json says, unless node_modules is that already. Which Node.js is wanted, npm checks itself
 * (engine-strict in .npmrc).
 *
 * @param {string} [folder] that has the two, from the repository's root
 * @throws {Error} when `npm ci` fails
 */
export async function ensureDependencies(folder = '.') {
  const wanted = packagesOf(folder, 'package-lock.json');
  // npm's own record of what it has put there.
  const found = packagesOf(folder, 'node_modules/.package-lock.json');
  // An optional package is another platform's.
  const missing = Object.entries(wanted).filter(
    ([path, { version, optional }]) =>
      path !== '' && found[path]?.version !== version && !(optional && !found[path]),
  );
  if (missing.length === 0) return;
  const where = folder === '.' ? '' : ` of ${folder}`;
  console.log(`Installing the npm packages${where} (npm ci) …`);
  // With NODE_ENV=production, npm would leave out everything that builds and tests.
  const args = ['ci', '--prefix', folder, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run('npm', args, { quiet: true });
  if (code !== 0) throw new Error(`npm ci${where} failed: ${errorLine(output)}\n${output.trim()}`);
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {Packages}
 */
function packagesOf(folder, name) {
  const path = join(root, folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

if (process.argv[1] === import.meta.filename) {
  await ensureDependencies().catch((error) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
}
