import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/*
 * Starts bench.mjs where it finds a graphics card: a running process cannot change where its own
 * libraries are looked for. What the environment says already stays.
 */

const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/local/lib'];
const DRIVER_FOLDERS = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
/**
 * NVIDIA's driver under both names; containers often have the library without the file that
 * announces it.
 */
const NVIDIA = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0'];

/** @type {Record<string, string>} */
const env = {};
if (process.platform === 'linux') {
  const { LD_LIBRARY_PATH = '' } = process.env;
  const folders = [...LD_LIBRARY_PATH.split(delimiter).filter(Boolean), ...LIBRARY_FOLDERS];
  /** @param {string} library */
  const find = (library) => folders.map((folder) => join(folder, library)).find(existsSync);
  if (!find('libvulkan.so.1')) {
    env.LD_LIBRARY_PATH = [LD_LIBRARY_PATH, join(import.meta.dirname, 'lib')].filter(Boolean).join(delimiter);
  }
  const chosen =
    process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES || process.env.VK_ADD_DRIVER_FILES;
  const announced = [...DRIVER_FOLDERS, join(homedir(), '.local/share/vulkan/icd.d')].some(hasDriver);
  const library = NVIDIA.map(find).find((path) => path !== undefined);
  if (!chosen && !announced && library) {
    env.VK_ICD_FILENAMES = join(mkdtempSync(join(tmpdir(), 'spiralnet-bench-')), 'nvidia_icd.json');
    const ICD = { library_path: library, api_version: '1.3.0' };
    writeFileSync(env.VK_ICD_FILENAMES, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  }
}

const bench = join(import.meta.dirname, 'bench.mjs');
spawn(process.execPath, [bench, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...env },
}).on('exit', (code) => {
  process.exitCode = code ?? 1;
});

/** @param {string} folder */
function hasDriver(folder) {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json'));
}
