import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Removes every declaration that the entry does not lead to: the compiler writes one for each module that it reads,
 * and those of the library's insides would only be in the way of an editor's suggestions.
 *
 * @param {string} folder
 * @param {string} entry a declaration in it
 */
export function pruneDeclarations(folder, entry) {
  const needed = reachable(resolve(folder, entry));
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const file of all.filter((found) => found.isFile() && found.name.endsWith('.d.ts'))) {
    const path = resolve(file.parentPath, file.name);
    if (!needed.has(path)) rmSync(path);
  }
  const folders = all
    .filter((found) => found.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const path of folders.sort((a, b) => b.length - a.length)) {
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}

/**
 * @param {string} entry
 * @returns {Set<string>} the entry and all that it imports, and so on
 * @throws {Error} when one is missing
 */
export function reachable(entry) {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} path */
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const specifier of relativeImports(readFileSync(path, 'utf8'))) {
      visit(resolve(dirname(path), specifier.replace(/\.ts$/, '.d.ts')));
    }
  };
  visit(entry);
  return seen;
}

/** @param {string} declarations */
function relativeImports(declarations) {
  const imports = declarations.matchAll(/\b(?:from|import)\s*\(?\s*(['"])(\.[^'"]*)\1/g);
  return Array.from(imports, ([, , specifier]) => specifier);
}
