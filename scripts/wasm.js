import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './process.js';

/*
 * The kernels of the CPU: AssemblyScript, compiled for each precision into one module that the
 * library imports when it trains on the CPU.
 */

const FOLDER = join(root, 'src/cpu/wasm');
const MODULE = join(FOLDER, 'binaries.js');
const PAGES = 65_536;

/** The `real` of the sources, and the features of each variant. */
const VARIANTS = {
  single: ['--use', 'real=f32'],
  relaxed: ['--use', 'real=f32', '--enable', 'relaxed-simd'],
  double: ['--use', 'real=f64'],
};

/** Compiles the kernels, unless the module is younger than its sources. @throws {Error} at a fault in them */
export async function compileKernels() {
  const sources = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.as.ts'))
    .map((name) => join(FOLDER, name));
  const inputs = [...sources, import.meta.filename, join(root, 'package-lock.json')];
  const changed = Math.max(...inputs.map((name) => statSync(name).mtimeMs));
  if (existsSync(MODULE) && statSync(MODULE).mtimeMs > changed) return;
  const binaries = [];
  for (const [name, options] of Object.entries(VARIANTS)) {
    const memory = ['--importMemory', '--sharedMemory', '--maximumMemory', `${PAGES}`];
    const threads = ['--enable', 'threads'];
    binaries.push({
      name,
      binary: await compile('index.as.ts', FOLDER, [...options, ...memory, ...threads]),
    });
  }
  // Another process may read the module meanwhile.
  const unfinished = `${MODULE}.${process.pid}`;
  // Packed together, as they are much alike.
  const packed = gzipSync(Buffer.concat(binaries.map(({ binary }) => binary)), { level: 9 });
  const sizes = binaries.map(({ name, binary }) => [name, binary.length]);
  const lines = [
    `export const SIZES = ${JSON.stringify(Object.fromEntries(sizes))};`,
    `export const PACKED = '${packed.toString('base64')}';`,
  ];
  writeFileSync(unfinished, `${lines.join('\n')}\n`);
  renameSync(unfinished, MODULE);
}

/**
 * Compiles a file of AssemblyScript with all that it imports.
 *
 * @param {string} file
 * @param {string} folder to which its path, and those of its imports, are relative
 * @param {string[]} options of the compiler
 * @returns {Promise<Uint8Array>}
 * @throws {Error} at a fault in the sources
 */
async function compile(file, folder, options) {
  const { default: asc } = await import('assemblyscript/asc');
  /** @type {Uint8Array | undefined} */
  let binary;
  const args = [
    file,
    '--outFile',
    'kernels.wasm',
    '--runtime',
    'stub',
    '-O3',
    '--noAssert',
    '--enable',
    'simd',
  ];
  const { error, stderr } = await asc.main([...args, ...options], {
    readFile: (path) => {
      const source = join(folder, path);
      return existsSync(source) ? readFileSync(source, 'utf8') : null;
    },
    writeFile: (_, contents) => {
      binary = /** @type {Uint8Array} */ (contents);
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${file} in ${folder} does not compile:\n${stderr ?? error}`);
  return binary;
}

/**
 * Imports of `FILE.as.ts?variants`: the file compiled for each variant, as text in base64 by the
 * variant's name.
 *
 * @returns {import('vite').Plugin}
 */
export function wasmVariants() {
  const suffix = '.as.ts?variants';
  return {
    name: 'spiralnet:wasm-variants',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(suffix)) return undefined;
      /** @type {Record<string, string>} */
      const texts = {};
      for (const [name, options] of Object.entries(VARIANTS)) {
        const file = relative(root, id.replace('?variants', ''));
        texts[name] = Buffer.from(await compile(file, root, options)).toString('base64');
      }
      return `export default ${JSON.stringify(texts)}`;
    },
  };
}

/**
 * Has the kernels compiled before anything is served, tested or built.
 *
 * @returns {import('vite').Plugin}
 */
export function wasmKernels() {
  return { name: 'spiralnet:wasm-kernels', config: compileKernels };
}

/**
 * Keeps the address of a thread's module in the library, from where the bundlers of others find it:
 * Vite itself would put a bundle at an address of a site.
 *
 * @param {string} address relative to the file that starts the thread
 * @returns {import('vite').Plugin}
 */
export function libraryWorker(address) {
  const [own, kept] = ["new URL('./cpu-worker.ts', import.meta.url)", 'CPU_WORKER_ADDRESS'];
  return {
    name: 'spiralnet:library-worker',
    enforce: 'pre',
    transform(code, id) {
      if (!code.includes(own)) return undefined;
      // Each line is the one that it was.
      const mappings = `AAAA${';AACA'.repeat(code.split('\n').length - 1)}`;
      const map = { version: 3, sources: [id], sourcesContent: [code], names: [], mappings };
      return { code: code.replace(own, kept), map: JSON.stringify(map) };
    },
    renderChunk: (code) =>
      code.includes(kept)
        ? { code: code.replace(kept, `new URL('${address}', import.meta.url)`), map: null }
        : undefined,
  };
}
