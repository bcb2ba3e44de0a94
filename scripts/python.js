import { installWithApt } from './apt.js';
import { errorLine, run } from './process.js';

/** The packages of apt are for the system's own Python, before which the path may have another. */
const COMMANDS = ['python3', '/usr/bin/python3'];
const QUIETLY = { quiet: true, timeout: 120_000 };

/**
 * Finds a Python that has packages, such as numpy and torch. If there is none, apt installs them
 * (`python3-numpy`, `python3-torch`).
 *
 * @param {...string} packages
 * @returns {Promise<string>} its command
 */
export async function findPython(...packages) {
  const found = await pythonWith(packages);
  if (found) return found;
  for (const name of packages) {
    const failure = await installWithApt(`python3-${name}`);
    if (failure) throw new Error(`There is no Python with ${packages.join(' and ')}, and ${failure}.`);
  }
  const installed = await pythonWith(packages);
  if (installed) return installed;
  const { output } = await run(COMMANDS[1], ['-c', `import ${packages.join()}`], QUIETLY);
  throw new Error(`Python does not import ${packages.join(' and ')}: ${errorLine(output)}`);
}

/** @param {string[]} packages */
async function pythonWith(packages) {
  for (const command of COMMANDS) {
    const { code } = await run(command, ['-c', `import ${packages.join()}`], QUIETLY);
    if (code === 0) return command;
  }
  return undefined;
}
