import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installWithApt } from './apt.js';
import { hasGpu, onlyDriver, webgpuEnvironment } from './webgpu-environment.js';

const FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/**
 * The environment variables with which wgpu, in Deno and Firefox, finds an adapter: that of the machine where it has a GPU,
 * else Mesa's software driver lavapipe (llvmpipe), which is installed where that is possible, else Chromium's SwiftShader.
 *
 * @returns {Promise<Record<string, string>>}
 */
export async function wgpuEnvironment() {
  if (process.platform !== 'linux' || hasGpu()) return {};
  if (process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES) return {};
  const driver =
    findDriver() ??
    ((await installWithApt(['mesa-vulkan-drivers'])) === undefined ? findDriver() : undefined);
  return driver ? onlyDriver(driver) : webgpuEnvironment();
}

function findDriver() {
  for (const folder of FOLDERS.filter((folder) => existsSync(folder))) {
    const file = readdirSync(folder).find((name) => /^lvp_icd.*\.json$/.test(name));
    if (file) return join(folder, file);
  }
  return undefined;
}
