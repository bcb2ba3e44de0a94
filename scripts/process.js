import { spawn } from 'node:child_process';
import { accessSync, existsSync, constants as files, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a separator at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const GRACE_MS = 5000;
const windows = process.platform === 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {NodeJS.Signals | undefined} */
let stopSignal;

/**
 * Runs a command in the repository's root until it ends.
 *
 * The child leads a process group of its own, so that it gets Ctrl-C from here alone: npm passes a signal on to
 * this process while the terminal sends it too, and tools take a second SIGINT for "leave everything lying".
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean, timeoutMs?: number, shell?: boolean }} [options]
 *   `quiet` keeps the output for the result instead of showing it.
 * @returns {Promise<{ code: number | null, output: string }>} `code` is null when the command could not be
 *   started, ran out of time or was killed by a signal.
 */
export function run(command, args, { env = {}, quiet = false, timeoutMs, shell = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      detached: !windows,
      shell,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const timer =
      timeoutMs === undefined ? undefined : setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs);
    /** @param {number | null} code */
    const end = (code) => {
      clearTimeout(timer);
      forget(child);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(null);
    });
    child.on('close', end);
    remember(child);
  });
}

/**
 * The command line of a tool in node_modules, run by this Node rather than by npx, which is slower and a shell
 * script on one system and a batch file on another.
 *
 * @param {string} packageName
 * @param {string} [bin]
 * @returns {[command: string, args: string[]]}
 */
export function tool(packageName, bin = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [process.execPath, [join(folder, manifest.bin[bin])]];
}

/**
 * Runs a tool of node_modules; see {@link run}.
 *
 * @param {string} packageName
 * @param {string[]} args
 * @param {Parameters<typeof run>[2] & { bin?: string }} [options]
 */
export function runTool(packageName, args, { bin, ...options } = {}) {
  const [command, first] = tool(packageName, bin);
  return run(command, [...first, ...args], options);
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {import('node:child_process').ChildProcess} child */
function remember(child) {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, stop);
  running.add(child);
}

/** @param {import('node:child_process').ChildProcess} child */
function forget(child) {
  running.delete(child);
  if (running.size > 0) return;
  if (stopSignal) process.exit(128 + constants.signals[stopSignal]);
  for (const signal of SIGNALS) process.off(signal, stop);
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  if (stopSignal) return;
  stopSignal = signal;
  // SIGINT whatever came: it is the one that test runners answer by closing their own servers and browsers.
  for (const child of running) signalGroup(child, 'SIGINT');
  setTimeout(() => {
    for (const child of running) signalGroup(child, 'SIGKILL');
  }, GRACE_MS).unref();
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended between the decision and the call.
  }
}

/**
 * Whether there is a program; on Windows, any file.
 *
 * @param {string} path
 */
export function isExecutable(path) {
  if (process.platform === 'win32') return existsSync(path);
  try {
    accessSync(path, files.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The line of a tool's output that says most about its failure.
 *
 * @param {string} output
 */
export function errorLine(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^(E:|Error|Failed)/.test(line)) ?? lines.at(-1) ?? 'it was stopped').trim();
}
