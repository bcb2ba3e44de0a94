import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './process.js';

/*
 * What a build has beside what Vite makes of it. The page as `npm start` serves it has none of this: what makes edits
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

/**
 * Writes our licence, and those of what is bundled, into licences.txt. Vite's own `build.license` lacks what only a worker has.
 *
 * @param {string[]} bundled names of packages; a test compares them with what is in the bundles
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
  const source = `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
  return {
    name: 'spiralnet:licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
    },
  };
}

const WORKER = 'service-worker.js';

/**
 * Tells the service worker which files there are, when all of them are written: by path, the hash of the contents where it
 * is not in the name.
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
          // Only developers' tools load maps, and browsers keep the service worker themselves.
          .filter((name) => !name.endsWith('.map') && name !== WORKER)
          .sort()
          // The page under the name that it is visited by.
          .map((name) => [
            name === 'index.html' ? './' : name,
            name.startsWith('assets/') ? '' : integrity(dir, name),
          ]);
        const worker = readFileSync(join(dir, WORKER), 'utf8');
        const list = `FILES=${JSON.stringify(Object.fromEntries(files))};`;
        const version = createHash('sha256')
          .update(list + worker)
          .digest('hex')
          .slice(0, 16);
        writeFileSync(join(dir, WORKER), `const VERSION=${JSON.stringify(version)},${list}${worker}`);
      },
    },
  };
}

/**
 * @param {string} folder
 * @param {string} name
 */
function integrity(folder, name) {
  return `sha256-${createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('base64')}`;
}
