import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './process.js';

/*
 * Parts of a build beside Vite's own. `npm start` has none of them: Vite's hot reload needs inline
 * code and a connection to its server, which the policy forbids.
 */

/** A host of static files sends no headers of ours, so that the policy stands in the page. */
const POLICY = [
  "default-src 'none'",
  // The kernels of the CPU are WebAssembly, whose compilation the policy must allow by name; it allows no
  // code from text.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  // The policy of src/page/trusted-scripts.ts.
  'trusted-types default',
].join('; ');

/**
 * Puts the content security policy before everything else in the page.
 *
 * @returns {import('vite').Plugin}
 */
export function contentSecurityPolicy() {
  const attrs = { 'http-equiv': 'Content-Security-Policy', content: POLICY };
  return {
    name: 'spiralnet:content-security-policy',
    apply: 'build',
    transformIndexHtml: { order: 'post', handler: () => [{ tag: 'meta', attrs, injectTo: 'head-prepend' }] },
  };
}

/** The licence of src/tables/digits-text.ts wants its authors named wherever the data goes. */
const DIGITS =
  'Handwritten digits: "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, 1998), UCI Machine\n' +
  'Learning Repository, https://doi.org/10.24432/C50P49, the test part as scikit-learn ships it, packed as text.\n' +
  'Creative Commons Attribution 4.0 International, https://creativecommons.org/licenses/by/4.0/';

/**
 * Writes our licence, and those of bundled packages, into licences.txt. Vite's own `build.license`
 * omits packages that only a worker has.
 *
 * @param {string[]} bundled names of packages; a test compares them with the bundles
 * @returns {import('vite').Plugin}
 */
export function licences(...bundled) {
  const parts = [`spiralnet\n\n${readFileSync(join(root, 'LICENSE'), 'utf8').trim()}`];
  for (const name of bundled) {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = readFileSync(join(folder, 'LICENSE'), 'utf8').trim();
    parts.push(`${name} ${version} (${license})\n\n${text}`);
  }
  parts.push(DIGITS);
  const source = `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
  return {
    name: 'spiralnet:licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
    },
  };
}

/**
 * Makes a module of papaparse: neither a loader of the page's own nor Node's streams, which we do not
 * use, are looked for. All lines stay where they are.
 *
 * @returns {import('vite').Plugin}
 */
export function papaparse() {
  const changes = [
    ["typeof define === 'function' && define.amd", 'false'],
    ['}(this, function', '}({}, function'],
    ["require('stream').Duplex", 'undefined'],
  ];
  return {
    name: 'spiralnet:papaparse',
    apply: 'build',
    transform: {
      filter: { id: /node_modules\/papaparse\/papaparse\.js$/ },
      handler(source) {
        let code = source;
        for (const [from, to] of changes) {
          if (!code.includes(from)) throw new Error(`papaparse.js has no ${from}`);
          code = code.replace(from, to);
        }
        code = `const module = { exports: {} }, { exports } = module; ${code}\nexport default module.exports;\n`;
        return { code, map: null };
      },
    },
  };
}

const WORKER = 'service-worker.js';

/** @param {string | Uint8Array} contents */
const integrity = (contents) => `sha256-${createHash('sha256').update(contents).digest('base64')}`;

/**
 * Writes the list of the build's files into the service worker, when all are written: by path, with
 * a hash of the contents if the name has none.
 *
 * @returns {import('vite').Plugin}
 */
export function offlineFiles() {
  return {
    name: 'spiralnet:offline-files',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir = '' }) {
        const files = readdirSync(dir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
          // Only developer tools load maps, and browsers store the service worker themselves.
          .filter((name) => !name.endsWith('.map') && name !== WORKER)
          .sort()
          .map((name) => [
            // Visitors ask for the folder, not for index.html.
            name === 'index.html' ? './' : name,
            name.startsWith('assets/') ? '' : integrity(readFileSync(join(dir, name))),
          ]);
        const worker = readFileSync(join(dir, WORKER), 'utf8');
        const list = `FILES=${JSON.stringify(Object.fromEntries(files))};${worker}`;
        writeFileSync(join(dir, WORKER), `const VERSION=${JSON.stringify(integrity(list))},${list}`);
      },
    },
  };
}
