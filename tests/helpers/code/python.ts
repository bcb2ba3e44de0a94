import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../../../scripts/python.js';

const LARGEST_OUTPUT = 2 ** 26;

/** A Python that has a package, or why there is none. */
export type Python = { command: string } | { absent: string };

/**
 * Finds a Python with a package, which apt installs where it is absent. On CI, as root, its absence is an
 * error, because nothing else would show that its installation has broken.
 */
export async function pythonWith(name: string): Promise<Python> {
  try {
    return { command: await findPython(name) };
  } catch (error) {
    if (process.env.CI && process.platform === 'linux' && process.getuid?.() === 0) throw error;
    return { absent: String(error) };
  }
}

/**
 * Runs a script in a folder of its own. Deprecated calls are errors, as the next version of a package
 * may lack them.
 * @param files other files of the folder, by name
 * @returns the lines that it prints
 */
export async function runScript(
  command: string,
  script: string,
  files: Record<string, string | Uint8Array> = {},
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spiralnet-python-'));
  try {
    for (const [name, content] of Object.entries({ ...files, 'script.py': script })) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const args = ['-W', 'error::DeprecationWarning:__main__', 'script.py'];
    const { stdout } = await promisify(execFile)(command, args, { cwd: folder, maxBuffer: LARGEST_OUTPUT });
    return stdout.trimEnd().split('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
