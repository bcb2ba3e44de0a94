import { expect, test } from 'vitest';
import { variables } from './webgpu-environment.js';

const bare = { folder: '/browser', env: {}, hasGpu: false, hasLoader: true };
const driver = '/browser/vk_swiftshader_icd.json';

test('without a GPU SwiftShader is the only driver, with one it is added', () => {
  expect(variables(bare)).toEqual({ VK_ICD_FILENAMES: driver, NODEVICE_SELECT: '1' });
  expect(variables({ ...bare, hasGpu: true })).toEqual({ VK_ADD_DRIVER_FILES: driver });
});

test('a driver that was chosen stays', () => {
  expect(variables({ ...bare, env: { VK_DRIVER_FILES: '/mine.json' } })).toEqual({});
});

test("the browser's loader is used only where the system has none", () => {
  const env = { VK_ICD_FILENAMES: '/mine.json', LD_LIBRARY_PATH: '/mine' };
  expect(variables({ ...bare, env, hasLoader: false })).toEqual({ LD_LIBRARY_PATH: '/mine:/browser' });
});
