import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import webpack from 'webpack';

/*
 * Bundles what a program takes of the package, in a project that has it installed, and prints as JSON how large all files of
 * the bundle are together: minified, and compressed as well.
 *   node bundle.js <project> <statement that imports and uses it>
 */
const [project, code] = process.argv.slice(2);
const folder = mkdtempSync(join(project, 'bundle-'));
const entry = join(folder, 'entry.js');
writeFileSync(entry, code);

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
  const compiler = webpack({ mode: 'production', context: folder, entry, output: { path } });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  );
  if (stats.hasErrors()) throw new Error(stats.toString());
  return readdirSync(path).map((name) => readFileSync(join(path, name)));
}

const bundlers = { esbuild: withEsbuild, rollup: withRollup, webpack: withWebpack };
const sizes = {};
for (const [name, bundle] of Object.entries(bundlers)) {
  const files = (await bundle()).filter(({ length }) => length > 0);
  const sum = (size) => files.reduce((total, file) => total + size(file), 0);
  sizes[name] = {
    files: files.length,
    minified: sum((file) => file.length),
    compressed: sum((file) => gzipSync(file).length),
  };
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify(sizes));
