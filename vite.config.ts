import { defineConfig } from 'vite';
import { contentSecurityPolicy, licences, offlineFiles, papaparse } from './scripts/page-build.js';
import { wasmKernels } from './scripts/wasm.js';

/** Everything that loads at the start is one file: several would compress less well. */
const start = (name: string) => ({
  groups: [{ name, tags: ['$initial' as const], test: /^(?!.*service-worker)/ }],
});

const BUNDLED = ['@preact/signals', '@preact/signals-core', 'papaparse', 'preact', 'wgsl-preprocessor'];

/** The page. Its addresses are relative, so that dist/page works under any path of any site. */
export default defineConfig({
  base: './',
  publicDir: 'src/page/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    plugins: () => [papaparse()],
    rolldownOptions: { output: { codeSplitting: start('runner') } },
  },
  // The headers that isolate a page, as the service worker adds them: threads of the CPU need them.
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  // The built page is tested as a host of static files serves it.
  preview: { headers: {} },
  // The benchmark's page is left out, as its dependencies are installed separately.
  optimizeDeps: { entries: 'index.html' },
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    sourcemap: true,
    // Few files load at once, and a preload would need code of its own.
    modulePreload: false,
    rolldownOptions: {
      input: ['index.html', 'src/page/offline/service-worker.ts'],
      // A service worker controls its own folder, and browsers know it by its address.
      output: {
        codeSplitting: start('page'),
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  plugins: [wasmKernels(), papaparse(), licences(...BUNDLED), contentSecurityPolicy(), offlineFiles()],
});
