import { pruneDeclarations } from './declarations.js';
import { runTool } from './process.js';

/**
 * Builds what the npm package holds beside the sources: one module, its source map, its declarations and the licences
 * of what it bundles.
 *
 * @param {string} folder from the repository's root; two levels deep, for the source map points from there to `src`
 * @throws {Error} when a tool fails; what it wrote is shown
 */
export async function buildLibrary(folder) {
  await step('vite', [
    'build',
    '--logLevel',
    'warn',
    '--config',
    'vite.library.config.ts',
    '--outDir',
    folder,
  ]);
  await step('typescript', ['--project', 'tsconfig.library.json', '--outDir', folder], 'tsc');
  pruneDeclarations(folder, 'src/index.d.ts');
}

/**
 * @param {string} packageName
 * @param {string[]} args
 * @param {string} [bin]
 * @throws {Error} when it fails
 */
export async function step(packageName, args, bin = packageName) {
  const { code } = await runTool(packageName, args, { bin });
  if (code !== 0) throw new Error(`The build stopped: ${[bin, ...args].join(' ')} failed.`);
}
