import { existsSync } from 'node:fs';
import { errorLine, run } from './process.js';

const TIMEOUT_MS = 4 * 60_000;

/**
 * Installs packages of Debian or Ubuntu.
 *
 * @param {string[]} packages
 * @returns {Promise<string | undefined>} why that was not possible, in words
 */
export async function installWithApt(packages) {
  const command = `apt-get install ${packages.join(' ')}`;
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'there is no apt-get here';
  if (process.getuid?.() !== 0) return `${command} needs root`;
  console.log(`Installing what is missing (${command}) …`);
  const options = {
    quiet: true,
    timeoutMs: TIMEOUT_MS,
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  };
  await run('apt-get', ['update'], options);
  const { code, output } = await run(
    'apt-get',
    ['install', '-y', '--no-install-recommends', ...packages],
    options,
  );
  if (code === 0) return undefined;
  return `${command} failed: ${errorLine(output)}`;
}

/**
 * Whether apt has a program as a package, not as a stand-in for a snap, which containers cannot run.
 *
 * @param {string} name
 */
export async function aptHas(name) {
  const { output } = await run('apt-cache', ['policy', name], { quiet: true, env: { LC_ALL: 'C' } });
  return /Candidate: \d/.test(output) && !/Candidate: .*snap/.test(output);
}
