import { defineConfig } from 'vite';

/** The page. Its addresses are relative, so that dist/page can be put under any path of any site. */
export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  // Not the benchmark's page, whose dependencies are apart.
  optimizeDeps: { entries: 'index.html' },
  // Few files load at once, and what preloads them is code too.
  build: { outDir: 'dist/page', target: 'es2022', sourcemap: true, modulePreload: false },
});
