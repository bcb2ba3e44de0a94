import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { root, tool } from '../../scripts/process.js';

/** The folders of the working copy that are never in a package and too large to copy. */
const LEFT_OUT = new Set(['.git', 'dist', 'node_modules', 'test-results']);

export interface Packed {
  /** A new folder outside the repository, which the test may also use. */
  folder: string;
  tarball: string;
  /** Paths in the tarball, with sizes in bytes. */
  files: { path: string; size: number }[];
  /** The sizes of the tarball and of its contents, in bytes. */
  size: number;
  unpackedSize: number;
  remove(): Promise<void>;
}

/**
 * Builds the library and packs it like `npm pack`, from a copy of the working copy, so that the
 * result of `npm run build` stays as it is. The build has the same depth there as in the working
 * copy.
 */
export async function packLibrary(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'spiralnet-package-'));
  const stage = join(folder, 'repository');
  await mkdir(join(root, 'dist'), { recursive: true });
  const build = await mkdtemp(join(root, 'dist', 'library-'));
  try {
    await buildLibrary(relative(root, build));
    await cp(root, stage, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
    await cp(build, join(stage, 'dist', 'library'), { recursive: true });
    const output = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], stage);
    const [{ filename, files, size, unpackedSize }] = JSON.parse(output);
    return {
      folder,
      tarball: join(folder, filename),
      files,
      size,
      unpackedSize,
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
    await rm(build, { recursive: true, force: true });
  }
}

/**
 * Builds like `npm run build:library` into another folder, two levels deep because the source maps
 * point from there to `src`.
 */
async function buildLibrary(folder: string): Promise<void> {
  const vite = ['build', '--logLevel', 'error', '--config', 'vite.library.config.ts', '--outDir', folder];
  const tsc = ['--project', 'tsconfig.library.json', '--outDir', folder];
  for (const args of [
    [tool('vite'), ...vite],
    [tool('vite'), ...vite, '--mode', 'single-file'],
    [tool('typescript', 'tsc'), ...tsc],
  ]) {
    await promisify(execFile)(process.execPath, args, { cwd: root });
  }
}

/** Installs a tarball offline as a dependency of the project in a folder. */
export async function install(tarball: string, folder: string): Promise<void> {
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], folder);
}

export async function readJson(...path: string[]) {
  return JSON.parse(await readFile(join(...path), 'utf8'));
}

async function npm(args: string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', args, { cwd, shell: process.platform === 'win32' });
  return stdout;
}
