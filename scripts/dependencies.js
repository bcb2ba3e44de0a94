import { statSync } from 'node:fs';
import { join } from 'node:path';
import { errorLine, root, run } from './process.js';

/**
 * Installs the packages of package-lock.json, unless npm did so after its last change. npm itself
 * checks the version of Node.js (engine-strict in .npmrc).
 *
 * @param {string} [folder] with the lock file, relative to the repository's root
 * @throws {Error} when `npm ci` fails
 */
export async function ensureDependencies(folder = '.') {
  // npm writes its record of the installed packages last.
  const [installed = 0, wanted = 0] = ['node_modules/.package-lock.json', 'package-lock.json'].map(
    (name) => statSync(join(root, folder, name), { throwIfNoEntry: false })?.mtimeMs,
  );
  if (installed && installed >= wanted) return;
  const where = folder === '.' ? '' : ` of ${folder}`;
  console.log(`Installing the npm packages${where} (npm ci) …`);
  // With NODE_ENV=production, npm would leave out the development dependencies.
  const args = ['ci', '--prefix', folder, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run('npm', args, { quiet: true });
  if (code !== 0) throw new Error(`npm ci${where} failed: ${errorLine(output)}\n${output.trim()}`);
}

if (process.argv[1] === import.meta.filename) {
  await ensureDependencies().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
