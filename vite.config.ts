import { defineConfig } from 'vite';
import { contentSecurityPolicy, licences, offlineFiles } from './scripts/page-build.js';

const BUNDLED = ['@preact/signals', '@preact/signals-core', 'preact', 'wgsl-preprocessor'];

/** The page. Its addresses are relative, so that dist/page can be put under any path of any site. */
export default defineConfig({
  base: './',
  publicDir: 'src/page/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
  },
  // Not the benchmark's page, whose dependencies are apart.
  optimizeDeps: { entries: 'index.html' },
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    sourcemap: true,
    // Few files load at once, and what preloads them is code too.
    modulePreload: false,
    rolldownOptions: {
      input: ['index.html', 'src/page/offline/service-worker.ts'],
      // A service worker has charge of its own folder, and its address is what browsers know it by.
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  plugins: [licences(...BUNDLED), contentSecurityPolicy(), offlineFiles()],
});
