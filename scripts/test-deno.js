import { findDeno, runVitest } from './deno.js';
import { ensureDependencies } from './dependencies.js';
import { messageOf } from './process.js';

/*
 * Some of the tests on a second implementation of WebGPU, wgpu and Naga, such as
 *   npm run test:deno -- shaders/matmul -t 'the whole sum'
 */
try {
  await ensureDependencies();
  const deno = await findDeno();
  console.log(deno.description);
  const { code } = await runVitest(deno, process.argv.slice(2));
  process.exitCode = code ?? 1;
} catch (error) {
  console.error(`Not run: ${messageOf(error)}`);
  process.exitCode = 1;
}
