import type { Binding, Kernel } from '../../../shaders/lib/kernel.ts';
import { OutOfMemoryError, ShaderError } from '../../errors.ts';
import { Recent } from '../../recent.ts';
import { Rate } from '../device/rate.ts';
import { SHADER_STAGE_COMPUTE } from '../memory/constants.ts';

/** A compiled kernel. */
export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  kernel: Kernel;
  /** How fast it is here. */
  rate: Rate;
}

/** Kernels kept for each device: a network needs a tenth of it, and a page goes from one network to the next. */
const MOST_KEPT = 300;

const caches = new WeakMap<GPUDevice, Recent<Promise<Pipeline>>>();

/**
 * Compiles a kernel, once for each device and text as long as the text is among the last; compilations run side by side.
 * @throws {ShaderError} with the line, if the device refuses the text
 * @throws {OutOfMemoryError} if there is no memory left for it
 */
export function compile(device: GPUDevice, kernel: Kernel, label: string): Promise<Pipeline> {
  let cache = caches.get(device);
  if (!cache) {
    cache = new Recent(MOST_KEPT);
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
    entries: kernel.bindings.map((binding, index) => ({
      binding: index,
      visibility: SHADER_STAGE_COMPUTE,
      buffer: bufferLayout(binding),
    })),
  });
  const module = device.createShaderModule({ label, code: kernel.code });
  const compilation = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({
      label,
      bindGroupLayouts: kernel.parts ? [layout, partLayout(device)] : [layout],
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
  return { pipeline: pipeline.value, layout, kernel, rate: new Rate() };
}

const partLayouts = new WeakMap<GPUDevice, GPUBindGroupLayout>();

/** The layout of group 1 of kernels in parts. */
export function partLayout(device: GPUDevice): GPUBindGroupLayout {
  let layout = partLayouts.get(device);
  if (!layout) {
    const buffer = bufferLayout('step');
    const entries = [{ binding: 0, visibility: SHADER_STAGE_COMPUTE, buffer }];
    layout = device.createBindGroupLayout({ label: 'part', entries });
    partLayouts.set(device, layout);
  }
  return layout;
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
