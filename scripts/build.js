import { ensureDependencies } from './dependencies.js';
import { messageOf, runTool } from './process.js';

/** dist/page is the page, dist/library what the npm package holds: one module and its declarations. */
async function build() {
  await ensureDependencies();
  await step('vite', ['build', '--logLevel', 'warn']);
  await step('vite', ['build', '--logLevel', 'warn', '--config', 'vite.library.config.ts']);
  await step('typescript', ['--project', 'tsconfig.library.json'], 'tsc');
  console.log('Built dist/page and dist/library.');
}

/**
 * @param {string} packageName
 * @param {string[]} args
 * @param {string} [bin]
 */
async function step(packageName, args, bin = packageName) {
  const { code } = await runTool(packageName, args, { bin });
  if (code !== 0) throw new Error(`The build stopped: ${[bin, ...args].join(' ')} failed.`);
}

build().catch((error) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
