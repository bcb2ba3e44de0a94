import { defineConfig } from 'vite';
import { licences } from './scripts/licences.js';

/** What the npm package holds: one module that imports nothing, left readable for the consumer's debugger. */
export default defineConfig({
  publicDir: false,
  plugins: [licences('licences.txt').bundle],
  build: {
    outDir: 'dist/library',
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'spiralnet.js' },
    minify: false,
    rolldownOptions: {
      output: {
        codeSplitting: false,
        // Of what is bundled the package has no file, and the map itself has the source.
        sourcemapPathTransform: (path) => path.replace(/^.*[\\/]node_modules[\\/]/, 'npm:'),
      },
    },
    sourcemap: true,
  },
});
