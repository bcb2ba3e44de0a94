import { join } from 'node:path';
import { installWithApt } from './apt.js';
import { findBrowser } from './browser.js';
import { ensureDependencies } from './dependencies.js';
import { errorLine, root, run } from './process.js';
import { wgpuEnvironment } from './webgpu-environment.js';

/**
 * Deno and Firefox run on wgpu with its WGSL compiler Naga: a second implementation of WebGPU,
 * beside the Dawn of Chromium and Node. Deno and Firefox's driver are npm packages of their own,
 * which only these tests need.
 *
 * @typedef {{ command: string, description: string, env: Record<string, string> }} Runtime
 *   a program, and the environment with which it finds an adapter
 */

/** The oldest version on which the tests have passed. */
const OLDEST_FIREFOX = 153;
export const DENO_FLAGS = ['run', '--allow-all', '--unstable-webgpu'];

/**
 * Installs Deno, and finds an adapter for it.
 *
 * @throws {Error} with the reason in one line, if one of them is not available
 */
export async function findDeno() {
  await ensureDependencies('tests/deno');
  const { platform, arch } = process;
  const folder = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;
  const command = join(root, 'tests/deno/node_modules', folder, platform === 'win32' ? 'deno.exe' : 'deno');
  const env = { ...(await wgpuEnvironment()), DENO_NO_UPDATE_CHECK: '1' };
  const args = [...DENO_FLAGS, 'tests/deno/adapter.js'];
  const { code, output } = await run(command, args, { quiet: true, timeout: 60_000, env });
  if (code !== 0) throw new Error(`Deno finds no WebGPU adapter here: ${errorLine(output)}`);
  return { command, description: output.trim(), env };
}

/**
 * Finds Firefox, or installs Debian's firefox-esr; and installs what drives it.
 *
 * @throws {Error} with the reason in one line, if one of them is not available
 */
export async function findFirefox() {
  const firefox = {
    variable: 'FIREFOX_PATH',
    names: ['firefox', 'firefox-esr'],
    places: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
    says: /Firefox ([\d.]+)\w*/,
  };
  const { path, version } = await findBrowser(firefox, [() => installWithApt('firefox-esr')]);
  const [description, number] = version;
  if (!(Number.parseInt(number, 10) >= OLDEST_FIREFOX)) {
    throw new Error(`${description} is older than ${OLDEST_FIREFOX}`);
  }
  await ensureDependencies('tests/firefox');
  return { command: path, description, env: { ...(await wgpuEnvironment()), FIREFOX_PATH: path } };
}
