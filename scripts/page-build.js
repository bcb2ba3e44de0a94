import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/*
 * What the built page has beside what Vite makes of it. The page as `npm start` serves it has neither: what makes edits
 * appear at once needs inline code and a connection to its server.
 */

/** A host of static files sends no headers of ours, and so the policy stands in the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  // The one in src/page/trusted-scripts.ts.
  'trusted-types default',
].join('; ');

const WORKER = 'service-worker.js';

/**
 * Puts the content security policy before everything else in the page.
 *
 * @returns {import('vite').Plugin}
 */
export function contentSecurityPolicy() {
  return {
    name: 'spiralnet:content-security-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
          injectTo: 'head-prepend',
        },
      ],
    },
  };
}

/**
 * Tells the service worker which files there are, when all of them are written.
 *
 * @returns {import('vite').Plugin}
 */
export function offlineFiles() {
  let folder = '';
  return {
    name: 'spiralnet:offline-files',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const path = join(folder, WORKER);
        const code = readFileSync(path, 'utf8');
        const files = `FILES=${JSON.stringify(keptFiles(folder))};`;
        const version = hash('sha256', files + code, 'hex').slice(0, 16);
        writeFileSync(path, `const VERSION=${JSON.stringify(version)},${files}${code}`);
      },
    },
  };
}

/**
 * @param {string} folder
 * @returns {Record<string, string>} by path, the hash of the contents where it is not in the name
 */
function keptFiles(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    // Only developers' tools load maps, and browsers keep the service worker themselves.
    .filter((name) => !name.endsWith('.map') && name !== WORKER)
    .sort();
  return Object.fromEntries(
    names.map((name) => [
      // The page under the name that it is visited by.
      name === 'index.html' ? './' : name,
      name.startsWith('assets/')
        ? ''
        : `sha256-${hash('sha256', readFileSync(join(folder, name)), 'base64')}`,
    ]),
  );
}

/**
 * @param {string} algorithm
 * @param {string | Uint8Array} data
 * @param {'hex' | 'base64'} encoding
 */
function hash(algorithm, data, encoding) {
  return createHash(algorithm).update(data).digest(encoding);
}
