import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import webpack from 'webpack';

/*
 * Bundles programs that use the package, in a project that has it installed, and prints as JSON the
 * size of all files of each bundle together, minified, and compressed as well; and `start`, the
 * compressed size of the file that loads first.
 * node bundle.js <project> <program>…
 */
const [project, ...programs] = process.argv.slice(2);
const folder = mkdtempSync(join(project, 'bundle-'));
const entry = join(folder, 'entry.js');

async function withEsbuild() {
  const options = { bundle: true, minify: true, write: false };
  const { outputFiles } = await esbuild.build({ ...options, entryPoints: [entry], format: 'esm' });
  return outputFiles.map(({ contents }) => contents);
}

async function withRollup() {
  const bundle = await rollup({ input: entry, plugins: [nodeResolve()] });
  const { output } = await bundle.generate({ format: 'es' });
  // Rollup itself does not minify.
  const minified = output.map(async (chunk) => {
    const { code } = await esbuild.transform(chunk.code, { minify: true, format: 'esm' });
    return Buffer.from(code);
  });
  return Promise.all(minified);
}

async function withWebpack() {
  const path = join(folder, 'webpack');
  rmSync(path, { recursive: true, force: true });
  const compiler = webpack({ mode: 'production', context: folder, entry, output: { path } });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  );
  if (stats.hasErrors()) throw new Error(stats.toString());
  // Other files load later, by their numbers.
  const names = readdirSync(path).sort((a, b) => Number(b === 'main.js') - Number(a === 'main.js'));
  return names.map((name) => readFileSync(join(path, name)));
}

/**
 * @param {() => Promise<Uint8Array[]>} bundle gives the files, the one that loads first in front
 */
async function measure(bundle) {
  const files = (await bundle()).filter(({ length }) => length > 0);
  const sum = (size) => files.reduce((total, file) => total + size(file), 0);
  return {
    files: files.length,
    minified: sum((file) => file.length),
    compressed: sum((file) => gzipSync(file).length),
    start: files.length > 0 ? gzipSync(files[0]).length : 0,
  };
}

const results = [];
for (const program of programs) {
  writeFileSync(entry, program);
  results.push({
    esbuild: await measure(withEsbuild),
    rollup: await measure(withRollup),
    webpack: await measure(withWebpack),
  });
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify(results));
