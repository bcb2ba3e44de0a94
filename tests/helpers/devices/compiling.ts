import { testDevice } from './gpu.ts';

/** A device whose compiler sees another text. */
export async function compiling(change: (code: string, label: string) => string): Promise<GPUDevice> {
  const device = await testDevice();
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = ({ label = '', code }) => create({ label, code: change(code, label) });
  return device;
}
