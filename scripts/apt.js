import { errorLine, run } from './process.js';

const QUIETLY = { quiet: true, timeout: 600_000, env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } };

/**
 * Installs a package of Debian or Ubuntu, if the machine has apt and root.
 *
 * @param {string} name
 * @returns {Promise<string | undefined>} why the package could not be installed, in words
 */
export async function installWithApt(name) {
  const command = `apt-get install ${name}`;
  if ((await run('apt-get', ['--version'], QUIETLY)).code !== 0) return 'there is no apt-get here';
  if (process.getuid?.() !== 0) return `${command} needs root`;
  console.log(`Installing ${name} (${command}) …`);
  const update = await run('apt-get', ['update'], QUIETLY);
  const { output: policy } = await run('apt-cache', ['policy', name], QUIETLY);
  // Ubuntu has browsers as snaps, which containers cannot run; a package of that name only stands
  // in for the snap.
  if (!/Candidate: \d/.test(policy) || /Candidate: .*snap/.test(policy)) {
    return `apt has no package ${name} (apt-get update: ${errorLine(update.output)})`;
  }
  // Tests in other processes may install something at the same time.
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=240'];
  const { code, output } = await run('apt-get', ['install', ...options, name], QUIETLY);
  return code === 0 ? undefined : `${command} failed: ${errorLine(output)}`;
}
