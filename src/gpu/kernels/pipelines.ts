import { type Binding, type Kernel, PART_BINDING } from '../../../shaders/lib/kernel.ts';
import { OutOfMemoryError, ShaderError } from '../../errors.ts';
import { SHADER_STAGE_COMPUTE } from '../memory/constants.ts';

/** A compiled kernel. */
export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  kernel: Kernel;
}

const caches = new WeakMap<GPUDevice, Map<string, Promise<Pipeline>>>();

/**
 * Compiles a kernel, once for each device and text; compilations run side by side.
 * @throws {ShaderError} with the line, if the device refuses the text
 * @throws {OutOfMemoryError} if there is no memory left for it
 */
export function compile(device: GPUDevice, kernel: Kernel, label: string): Promise<Pipeline> {
  let cache = caches.get(device);
  if (!cache) {
    cache = new Map();
    caches.set(device, cache);
  }
  let compiled = cache.get(kernel.code);
  if (!compiled) {
    compiled = create(device, kernel, label);
    cache.set(kernel.code, compiled);
    // What there was no memory for may compile another time.
    const { code } = kernel;
    compiled.catch(() => cache.delete(code));
  }
  return compiled;
}

async function create(device: GPUDevice, kernel: Kernel, label: string): Promise<Pipeline> {
  // The module's own errors surface when the pipeline is made; the scopes keep them from being reported twice.
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const layout = device.createBindGroupLayout({
    label,
    entries: [
      ...kernel.bindings.map((binding, index) => layoutEntry(index, binding)),
      layoutEntry(PART_BINDING, 'uniform'),
    ],
  });
  const module = device.createShaderModule({ label, code: kernel.code });
  const compilation = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({
      label,
      bindGroupLayouts: [layout],
    }),
    compute: { module, entryPoint: 'main' },
  });
  const [pipeline, shortage] = await Promise.allSettled([
    compilation,
    device.popErrorScope(),
    device.popErrorScope(),
  ]);
  if (shortage.status === 'fulfilled' && shortage.value) {
    throw new OutOfMemoryError(`the kernel '${label}'`, shortage.value.message);
  }
  if (pipeline.status === 'rejected') throw await shaderError(module, kernel, label, pipeline.reason);
  return { pipeline: pipeline.value, layout, kernel };
}

function layoutEntry(index: number, binding: Binding): GPUBindGroupLayoutEntry {
  return { binding: index, visibility: SHADER_STAGE_COMPUTE, buffer: bufferLayout(binding) };
}

function bufferLayout(binding: Binding): GPUBufferBindingLayout {
  switch (binding) {
    case 'read':
      return { type: 'read-only-storage' };
    case 'read_write':
      return { type: 'storage' };
    case 'uniform':
      return { type: 'uniform' };
    case 'step':
      return { type: 'uniform', hasDynamicOffset: true };
  }
}

async function shaderError(
  module: GPUShaderModule,
  kernel: Kernel,
  label: string,
  reason: unknown,
): Promise<ShaderError> {
  const { messages } = await module.getCompilationInfo();
  const lines = kernel.code.split('\n');
  const found = messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, message }) => `line ${lineNum}: ${message}\n    ${lines[lineNum - 1]?.trim() ?? ''}`);
  const details = found.length > 0 ? found.join('\n') : String(reason);
  return new ShaderError(`The kernel '${label}' does not compile on this device.\n${details}`);
}
