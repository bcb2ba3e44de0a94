import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findPython } from '../../scripts/python.js';

const LARGEST_OUTPUT = 2 ** 26;

/**
 * Runs a script of Python with packages, such as numpy and torch. For the tier all: apt installs what
 * is absent.
 * @param folder the working directory of the script
 * @returns what the script prints
 */
export async function runPython(packages: string[], script: string, folder: string): Promise<string> {
  const command = await findPython(...packages);
  const options = { cwd: folder, maxBuffer: LARGEST_OUTPUT };
  const { stdout } = await promisify(execFile)(command, ['-c', script], options);
  return stdout;
}
