import { ensureDependencies } from './dependencies.js';
import { findFirefox, runFirefoxTests } from './firefox.js';
import { messageOf } from './process.js';

/*
 * The tests of the built page in Firefox, or some of them, such as
 *   npm run build && npm run test:firefox -- -t Korean
 */
try {
  await ensureDependencies();
  const firefox = await findFirefox();
  console.log(firefox.version);
  const { code } = await runFirefoxTests(firefox, process.argv.slice(2));
  process.exitCode = code ?? 1;
} catch (error) {
  console.error(`Not run: ${messageOf(error)}`);
  process.exitCode = 1;
}
