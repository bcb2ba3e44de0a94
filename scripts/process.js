import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a separator at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command in the repository's root until it ends.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean, timeout?: number }} [options]
 *   `quiet` keeps the output for the result instead of showing it; `timeout` is in milliseconds.
 * @returns {Promise<{ code: number | null, output: string }>} `code` is null when the command
 *   could not be started, ran out of time or was killed by a signal.
 */
export function run(command, args, { env = {}, quiet = false, timeout } = {}) {
  return new Promise((resolve) => {
    const shown = quiet ? 'pipe' : 'inherit';
    // On Windows npm is a batch file, which only a shell can start.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', shown, shown],
      shell,
      timeout,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    // A terminal sends Ctrl-C to the tool as well, and a second signal would keep the tool from
    // tidying up.
    const interrupted = () => child.once('exit', () => process.exit(130));
    // Test runners close their servers and browsers at SIGINT.
    const terminated = () => interrupted().kill('SIGINT');
    process.once('SIGINT', interrupted).once('SIGTERM', terminated);
    /** @param {number | null} code */
    const end = (code) => {
      process.off('SIGINT', interrupted).off('SIGTERM', terminated);
      resolve({ code, output });
    };
    child.on('close', end);
    child.on('error', (error) => {
      output += error.message;
      end(null);
    });
  });
}

/**
 * The script of a tool in node_modules, for this Node to run: npx is slower and differs between
 * systems.
 *
 * @param {string} packageName
 * @param {string} [bin]
 */
export function tool(packageName, bin = packageName) {
  const folder = join(root, 'node_modules', packageName);
  return join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin[bin]);
}

/**
 * The line of a tool's output that tells most about a failure.
 *
 * @param {string} output
 */
export function errorLine(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^(E:|Error|Failed)/.test(line)) ?? lines.at(-1) ?? 'no output').trim();
}
