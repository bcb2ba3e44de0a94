import { defineConfig } from 'vite';
import { licences } from './scripts/page-build.js';

/**
 * The contents of the npm package: a readable module for each source, so that bundlers take only
 * the used ones, and all of it in one file, for pages without a bundler.
 */
export default defineConfig({
  publicDir: false,
  plugins: [licences('wgsl-preprocessor')],
  build: {
    outDir: 'dist/library',
    target: 'es2022',
    lib: { entry: 'src/index.ts' },
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      output: [
        {
          preserveModules: true,
          // npm packs no folder node_modules that lies in a package.
          entryFileNames: ({ name }) => `${name.replace('node_modules', 'bundled')}.js`,
          // The package has no source of a bundled package; the map itself holds it.
          sourcemapPathTransform: (path) => path.replace(/^.*[\\/]node_modules[\\/]/, 'npm:'),
        },
        { codeSplitting: false, entryFileNames: 'spiralnet.js', minify: true, sourcemap: false },
      ],
    },
  },
});
