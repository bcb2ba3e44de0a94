import { defineConfig } from 'vite';
import { papaparse } from '../scripts/page-build.js';
import { wasmKernels, wasmVariants } from '../scripts/wasm.js';

/** The page that `npm run bench` opens. */
export default defineConfig({
  root: 'bench/browser',
  plugins: [wasmKernels(), wasmVariants(), papaparse()],
  build: {
    outDir: '../../dist/bench',
    emptyOutDir: true,
    target: 'es2022',
    // TensorFlow.js makes workers from the source text of its functions, which must stay as
    // written.
    minify: false,
    chunkSizeWarningLimit: 10_000,
  },
  preview: {
    headers: {
      // These headers give a clock of 5 µs instead of 100 µs, and WebAssembly with threads.
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
});
