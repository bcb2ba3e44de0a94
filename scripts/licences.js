import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.js';

/*
 * Whoever passes a bundle on must pass on the licences of what is in it. Vite's own `build.license` would write
 * them, but for what a worker's bundle holds.
 */

/**
 * Writes the licences of everything that is bundled into a file of the build.
 *
 * @param {string} fileName
 * @returns {{ bundle: import('vite').Plugin, worker: import('vite').Plugin }} plugins of the build and of its workers,
 *   which come first
 */
export function licences(fileName) {
  /** @type {Set<string>} */
  const folders = new Set();
  /** @param {Record<string, { type: string, moduleIds?: string[] }>} bundle */
  const collect = (bundle) => {
    for (const { moduleIds = [] } of Object.values(bundle)) {
      for (const id of moduleIds) {
        const folder = packageFolder(id);
        if (folder) folders.add(folder);
      }
    }
  };
  return {
    bundle: {
      name: 'spiralnet:licences',
      apply: 'build',
      generateBundle(_options, bundle) {
        collect(bundle);
        this.emitFile({ type: 'asset', fileName, source: licencesText([...folders].map(readLicence)) });
      },
    },
    worker: {
      name: 'spiralnet:licences-of-workers',
      generateBundle(_options, bundle) {
        collect(bundle);
      },
    },
  };
}

/**
 * The folder of the package that a module belongs to. Folders inside a package can have a package.json, too.
 *
 * @param {string} moduleId
 */
export function packageFolder(moduleId) {
  return /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(moduleId.replace('\0', ''))?.[1];
}

/**
 * @typedef {{ name: string, version: string, licence: string, text: string }} Licence
 *
 * @param {string} folder of a package
 * @returns {Licence} with the licence's SPDX expression and its text
 * @throws {Error} when the package lacks one of them
 */
export function readLicence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
  if (typeof license !== 'string' || !file) {
    throw new Error(
      `Expected the bundled package ${name} ${version} to name its licence in package.json and to have its text in a` +
        ` file LICENSE, got ${JSON.stringify(license)} and ${file ?? 'no such file'}: bundle another package.`,
    );
  }
  return { name, version, licence: license, text: readFileSync(join(folder, file), 'utf8').trim() };
}

/** @param {Licence[]} bundled */
function licencesText(bundled) {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  const parts = bundled
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}`);
  const line = '-'.repeat(80);
  return `${[`spiralnet\n\n${own}`, ...parts].join(`\n\n${line}\n\n`)}\n`;
}
