import { defineConfig } from 'vite';

/** What the npm package holds: one module that imports nothing, left readable for the consumer's debugger. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/library',
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'spiralnet.js' },
    minify: false,
    rolldownOptions: { output: { codeSplitting: false } },
    sourcemap: true,
  },
});
