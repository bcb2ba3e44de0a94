import { defineConfig } from 'vite';
import { licences } from './scripts/page-build.js';

/**
 * What the npm package holds: a module for each source, of which a bundler takes what is used, left readable for the
 * consumer's debugger; and all of it in one file, for pages without a bundler.
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
          // Of what is bundled the package has no source, and the map itself has it.
          sourcemapPathTransform: (path) => path.replace(/^.*[\\/]node_modules[\\/]/, 'npm:'),
        },
        { codeSplitting: false, entryFileNames: 'spiralnet.js', minify: true, sourcemap: false },
      ],
    },
  },
});
