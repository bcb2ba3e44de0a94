import { defineConfig } from 'vite';
import { licences, papaparse } from './scripts/page-build.js';
import { libraryWorker, wasmKernels } from './scripts/wasm.js';

/**
 * The contents of the npm package: a readable module for each source, so that bundlers take only
 * the used ones; and, in the mode `single-file`, all of `spiralnet` in one file, for pages without a
 * bundler.
 */
export default defineConfig(({ mode }) => {
  const single = mode === 'single-file';
  return {
    publicDir: false,
    plugins: [
      wasmKernels(),
      libraryWorker(single ? './src/cpu/wasm/cpu-worker.js' : './cpu-worker.js'),
      papaparse(),
      ...(single ? [] : [licences('papaparse', 'wgsl-preprocessor')]),
    ],
    build: {
      outDir: 'dist/library',
      emptyOutDir: !single,
      target: 'es2022',
      lib: {
        entry: single
          ? 'src/index.ts'
          : ['src/index.ts', 'src/tables/index.ts', 'src/models/index.ts', 'src/cpu/wasm/cpu-worker.ts'],
        formats: ['es'],
      },
      minify: false,
      sourcemap: !single,
      rolldownOptions: {
        output: single
          ? { codeSplitting: false, entryFileNames: 'spiralnet.js', minify: true }
          : {
              preserveModules: true,
              preserveModulesRoot: '.',
              // npm packs no folder node_modules that lies in a package.
              entryFileNames: ({ name }) => `${name.replace('node_modules', 'bundled')}.js`,
              // The package has no source of a bundled package; the map itself holds it.
              sourcemapPathTransform: (path) => path.replace(/^.*[\\/]node_modules[\\/]/, 'npm:'),
            },
      },
    },
  };
});
