import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installWithApt } from './apt.js';
import { findChromium } from './chromium.js';

const SWIFTSHADER = 'vk_swiftshader_icd.json';

/** Folders of browsers whose executable is a script or a link elsewhere. */
const BROWSER_FOLDERS = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/opt/google/chrome'];
const LIBRARY_FOLDERS = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '.'].map((name) => join('/usr/lib', name));
const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/**
 * The environment variables with which a Node process finds an adapter through the package
 * `webgpu`.
 *
 * On Linux it needs a Vulkan loader and a driver, and every Chromium brings both: its own loader
 * and SwiftShader, which computes on the CPU. Other systems have both, and the result is empty.
 *
 * @returns {Promise<Record<string, string>>}
 */
export async function webgpuEnvironment() {
  const folder = process.platform === 'linux' ? await vulkanFolder() : undefined;
  if (!folder) return {};
  const { LD_LIBRARY_PATH = '' } = process.env;
  const folders = [...LD_LIBRARY_PATH.split(delimiter), ...LIBRARY_FOLDERS, '/usr/lib64', '/usr/local/lib'];
  const hasLoader = folders.some((path) => path && existsSync(join(path, 'libvulkan.so.1')));
  return variables({ folder, env: process.env, hasGpu: hasGpu(), hasLoader });
}

/** The folder of a Chromium's Vulkan loader and SwiftShader. */
export async function vulkanFolder() {
  const path = await findChromium().catch(() => undefined);
  const folders = path ? [dirname(realpathSync(path)), ...BROWSER_FOLDERS] : BROWSER_FOLDERS;
  return folders.find((folder) => existsSync(join(folder, SWIFTSHADER)));
}

/**
 * @typedef {object} Machine
 * @property {string} folder the browser's folder, with SwiftShader in it
 * @property {Record<string, string | undefined>} env
 * @property {boolean} hasGpu
 * @property {boolean} hasLoader
 */

/**
 * @param {Machine} machine
 * @returns {Record<string, string>}
 */
export function variables({ folder, env, hasGpu, hasLoader }) {
  /** @type {Record<string, string>} */
  const result = {};
  const driver = join(folder, SWIFTSHADER);
  const chosen = env.VK_ICD_FILENAMES || env.VK_DRIVER_FILES || env.VK_ADD_DRIVER_FILES;
  // With a GPU, SwiftShader is only added, and Dawn prefers the GPU. Without one, it is made the
  // only driver: Dawn cannot use Mesa 22's software driver, and loaders before 1.3.207 cannot add.
  if (!chosen) Object.assign(result, hasGpu ? { VK_ADD_DRIVER_FILES: driver } : onlyDriver(driver));
  if (!hasLoader) result.LD_LIBRARY_PATH = [env.LD_LIBRARY_PATH, folder].filter(Boolean).join(delimiter);
  return result;
}

/**
 * The environment variables with which wgpu, in Deno and Firefox, finds an adapter: the machine's
 * GPU, else Mesa's software driver lavapipe (llvmpipe), which is installed if possible, else
 * Chromium's SwiftShader.
 *
 * @returns {Promise<Record<string, string>>}
 */
export async function wgpuEnvironment() {
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES } = process.env;
  if (process.platform !== 'linux' || hasGpu() || VK_ICD_FILENAMES || VK_DRIVER_FILES) return {};
  if (!findLavapipe()) await installWithApt('mesa-vulkan-drivers');
  const driver = findLavapipe();
  return driver ? onlyDriver(driver) : webgpuEnvironment();
}

function findLavapipe() {
  const files = DRIVER_FOLDERS.flatMap((folder) => entries(folder).map((name) => join(folder, name)));
  return files.find((path) => /lvp_icd.*\.json$/.test(path));
}

/**
 * Makes a Vulkan driver the only one.
 *
 * @param {string} driver its JSON file
 */
function onlyDriver(driver) {
  // Mesa's layer that chooses a device looks for a display first, and complains without one.
  return { VK_ICD_FILENAMES: driver, NODEVICE_SELECT: '1' };
}

function hasGpu() {
  return [...entries('/dev/dri'), ...entries('/dev')].some((name) => /^(renderD|nvidia\d|dxg$)/.test(name));
}

/** @param {string} folder */
function entries(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
