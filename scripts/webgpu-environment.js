import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findChromium } from './chromium.js';

const LOADER = 'libvulkan.so.1';
const DRIVER = 'vk_swiftshader_icd.json';

/** Where browsers keep SwiftShader when their executable is a script or a link elsewhere. */
const BROWSER_FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
];

/**
 * The environment variables that a Node process must start with so that the `webgpu` package finds an adapter.
 *
 * On Linux it needs a Vulkan loader and a driver, and every Chromium brings both: its own loader and SwiftShader,
 * which computes on the CPU. Elsewhere the system has what is needed, and the result is empty.
 *
 * @param {string} [executablePath] the browser; looked for when absent
 * @returns {Promise<Record<string, string>>}
 */
export async function webgpuEnvironment(executablePath) {
  if (process.platform !== 'linux') return {};
  const folder = await vulkanFolder(executablePath);
  if (!folder) return {};
  return variables({ folder, env: process.env, hasGpu: hasGpu(), hasLoader: hasLoader(process.env) });
}

/**
 * Where a Chromium keeps its Vulkan loader and SwiftShader.
 *
 * @param {string} [executablePath] the browser; looked for when absent
 */
export async function vulkanFolder(executablePath) {
  const path = executablePath ?? (await findPath());
  return [path && dirname(realpathSync(path)), ...BROWSER_FOLDERS].find(
    (folder) => folder && existsSync(join(folder, DRIVER)),
  );
}

/**
 * @param {{ folder: string, env: Record<string, string | undefined>, hasGpu: boolean, hasLoader: boolean }} machine
 *   `folder` is the browser's, with SwiftShader in it.
 * @returns {Record<string, string>}
 */
export function variables({ folder, env, hasGpu, hasLoader }) {
  /** @type {Record<string, string>} */
  const result = {};
  const driver = join(folder, DRIVER);
  const chosen = env.VK_ICD_FILENAMES || env.VK_DRIVER_FILES || env.VK_ADD_DRIVER_FILES;
  if (!chosen) {
    // With a GPU, SwiftShader is only added, and Dawn prefers the GPU. Without one, it is made the only driver:
    // Dawn cannot use Mesa 22's software driver, and loaders before 1.3.207 cannot add.
    if (hasGpu) result.VK_ADD_DRIVER_FILES = driver;
    else Object.assign(result, onlyDriver(driver));
  }
  if (!hasLoader) result.LD_LIBRARY_PATH = [env.LD_LIBRARY_PATH, folder].filter(Boolean).join(delimiter);
  return result;
}

/**
 * Makes a Vulkan driver the only one.
 *
 * @param {string} driver its JSON file
 * @returns {Record<string, string>}
 */
export function onlyDriver(driver) {
  // Mesa's layer that chooses among devices looks for a display first, and complains where there is none.
  return { VK_ICD_FILENAMES: driver, NODEVICE_SELECT: '1' };
}

async function findPath() {
  try {
    return (await findChromium()).executablePath;
  } catch {
    return undefined;
  }
}

export function hasGpu() {
  return contains('/dev/dri', /^renderD/) || contains('/dev', /^(nvidia\d|dxg$)/);
}

/** @param {Record<string, string | undefined>} env */
function hasLoader(env) {
  const folders = [...(env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean), ...LIBRARY_FOLDERS];
  return folders.some((folder) => existsSync(join(folder, LOADER)));
}

/**
 * @param {string} folder
 * @param {RegExp} name
 */
function contains(folder, name) {
  try {
    return readdirSync(folder).some((entry) => name.test(entry));
  } catch {
    return false;
  }
}
