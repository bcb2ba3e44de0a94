import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ensureDependencies } from '../scripts/dependencies.js';
import { root } from '../scripts/process.js';
import { wasmKernels, wasmVariants } from '../scripts/wasm.js';
import { vulkanFolder } from '../scripts/webgpu-environment.js';

const USAGE =
  'Usage: npm run bench:pack -- [--node]   --node packs this Node.js too, for a machine without one';
const TARGET = 'dist/bench-pack';
const FILES = ['run.mjs', 'run.sh', 'README.md'];
/** The files of the package webgpu that the benchmark needs on Linux. */
const WEBGPU = ['package.json', 'index.js', 'LICENSE.md', 'dist/linux-x64'];
const LOADER = 'libvulkan.so.1';

/**
 * Makes a folder that runs the benchmark on another machine, without a network; see
 * bench/node/README.md.
 */
async function pack() {
  const withNode = readOptions();
  await ensureDependencies();
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [wasmKernels(), wasmVariants()],
    ssr: { noExternal: true, external: ['webgpu'] },
    build: {
      ssr: 'bench/node/main.ts',
      outDir: TARGET,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'bench.mjs' } },
    },
  });
  const target = join(root, TARGET);
  for (const file of FILES) cpSync(join(root, 'bench/node', file), join(target, file));
  chmodSync(join(target, 'run.sh'), 0o755);
  for (const part of WEBGPU) {
    cpSync(join(root, 'node_modules/webgpu', part), join(target, 'node_modules/webgpu', part), {
      recursive: true,
    });
  }
  const loader = join((await vulkanFolder()) ?? '', LOADER);
  const hasLoader = existsSync(loader);
  if (hasLoader) cpSync(loader, join(target, 'lib', LOADER));
  if (withNode)
    writeFileSync(join(target, 'node.gz'), gzipSync(readFileSync(process.execPath), { level: 9 }));
  console.log(
    `${TARGET}: ${(sizeOf(target) / 2 ** 20).toFixed(0)} MiB${hasLoader ? '' : `, without ${LOADER}`}.`,
  );
}

function readOptions() {
  try {
    return parseArgs({ options: { node: { type: 'boolean' } } }).values.node ?? false;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/**
 * @param {string} path
 * @returns {number} bytes
 */
function sizeOf(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

pack().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
