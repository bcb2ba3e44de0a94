import { defineConfig } from 'vite';
import { contentSecurityPolicy, licences, offlineFiles } from './scripts/page-build.js';

/** Everything that loads at the start is one file: several would compress less well. */
const start = (name: string) => ({
  groups: [{ name, tags: ['$initial' as const], test: /^(?!.*service-worker)/ }],
});

const BUNDLED = ['@preact/signals', '@preact/signals-core', 'preact', 'wgsl-preprocessor'];

/** The page. Its addresses are relative, so that dist/page works under any path of any site. */
export default defineConfig({
  base: './',
  publicDir: 'src/page/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    rolldownOptions: { output: { codeSplitting: start('runner') } },
  },
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
  plugins: [licences(...BUNDLED), contentSecurityPolicy(), offlineFiles()],
});
