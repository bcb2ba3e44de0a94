import * as library from '../../../src/index.ts';
import * as models from '../../../src/models/index.ts';
import * as tables from '../../../src/tables/index.ts';

const MODULES: Record<string, object> = {
  spiralnet: library,
  'spiralnet/data': tables,
  'spiralnet/models': models,
};

const AsyncFunction = (async () => {}).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;

/**
 * Runs a script for this library with the library's sources.
 * @param files what `readFile` of `node:fs/promises` reads
 * @returns the lines that it prints
 */
export async function runModule(script: string, files: Record<string, Uint8Array> = {}): Promise<string[]> {
  const readFile = async (name: string) => {
    if (Object.hasOwn(files, name)) return files[name];
    throw new Error(`There is no file ${name}.`);
  };
  const modules: Record<string, object> = { ...MODULES, 'node:fs/promises': { readFile } };
  const body = script.replace(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = modules[$2];');
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  await new AsyncFunction('modules', 'console', body)(modules, { log });
  return lines;
}
