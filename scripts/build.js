import { ensureDependencies } from './dependencies.js';
import { buildLibrary, step } from './library-build.js';
import { messageOf } from './process.js';

/** dist/page is the page, dist/library what the npm package holds: one module and its declarations. */
async function build() {
  await ensureDependencies();
  await step('vite', ['build', '--logLevel', 'warn']);
  await buildLibrary('dist/library');
  console.log('Built dist/page and dist/library.');
}

build().catch((error) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
