import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './dependencies.js';
import { wgpuEnvironment } from './lavapipe.js';
import { root, run, tool } from './process.js';

/** Its dependencies are of their own: the runtime has 90 MB, which only these tests need. */
const FOLDER = 'tests/deno';

const FLAGS = ['run', '--allow-all', '--unstable-webgpu'];

/**
 * Deno, whose WebGPU is wgpu and whose WGSL compiler is Naga: what Firefox has, and not what Chromium and Node's tests have.
 *
 * @typedef {object} Deno
 * @property {string} executablePath
 * @property {Record<string, string>} env what it has to start with, to find an adapter
 * @property {string} description its version and the adapter's
 */

/**
 * Finds Deno and an adapter for it, and installs what is missing.
 *
 * @returns {Promise<Deno>}
 * @throws {Error} with the reason in one line, where one of them cannot be had
 */
export async function findDeno() {
  try {
    await ensureDependencies(FOLDER);
  } catch (error) {
    throw new Error(`Deno cannot be installed (npm ci in ${FOLDER}): ${lastLine(String(error))}`);
  }
  const executablePath = binary();
  if (!existsSync(executablePath)) {
    throw new Error(`the npm package deno has no binary for ${process.platform} on ${process.arch}`);
  }
  const env = { ...(await wgpuEnvironment()), DENO_NO_UPDATE_CHECK: '1' };
  const probe = [...FLAGS, join(FOLDER, 'adapter.js')];
  const { code, output } = await run(executablePath, probe, { quiet: true, timeoutMs: 60_000, env });
  const description = lastLine(output);
  if (code !== 0) throw new Error(`Deno finds no WebGPU adapter here: ${description}`);
  return { executablePath, env, description };
}

/**
 * Runs vitest on Deno.
 *
 * @param {Deno} deno
 * @param {string[]} args
 * @param {Record<string, string>} [variables] of the environment
 * @returns {Promise<{ code: number | null }>}
 */
export function runVitest({ executablePath, env }, args, variables = {}) {
  const [, vitest] = tool('vitest');
  return run(executablePath, [...FLAGS, ...vitest, 'run', ...args], {
    // Software adapters of this kind compile slowly; unit tests on Dawn try many more cases.
    env: { ...env, PROPERTY_RUNS: process.env.PROPERTY_RUNS ?? '10', ...variables },
  });
}

function binary() {
  const { platform, arch } = process;
  const name = `${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;
  const file = platform === 'win32' ? 'deno.exe' : 'deno';
  return join(root, FOLDER, 'node_modules', '@deno', name, file);
}

/** @param {string} text */
function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? 'no output').trim();
}
