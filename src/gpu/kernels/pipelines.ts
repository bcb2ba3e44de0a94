import { type Binding, type Kernel, PIECE_BINDING } from '../../../shaders/lib/kernel.ts';
import { OutOfMemoryError } from '../../errors.ts';
import { Recent } from '../../recent.ts';
import { ShaderError } from '../../training-errors.ts';
import { queueOf } from '../device/queue.ts';

/** `GPUShaderStage.COMPUTE`, whose object exists in browsers only. */
const SHADER_STAGE_COMPUTE = 0x4;

/** A kernel that is being compiled or has been compiled. */
export interface Pipeline {
  kernel: Kernel;
  layout: GPUBindGroupLayout;
  /** The compiled pipeline, after {@link compilation}. */
  compiled: GPUComputePipeline | undefined;
  /**
   * Resolves when the kernel is compiled; rejects with a {@link ShaderError} or {@link
   * OutOfMemoryError}.
   */
  compilation: Promise<void>;
}

/** The number of kernels kept for each device: those of about ten networks. */
const MOST_KEPT = 300;

const caches = new WeakMap<GPUDevice, Recent<Pipeline>>();

/**
 * Begins to compile a kernel, unless the device has recently compiled the same text. Compilations
 * run side by side.
 */
export function compile(device: GPUDevice, kernel: Kernel, label: string): Pipeline {
  let cache = caches.get(device);
  if (!cache) {
    cache = new Recent(MOST_KEPT);
    caches.set(device, cache);
  }
  let pipeline = cache.get(kernel.code);
  if (!pipeline) {
    pipeline = begin(device, kernel, label);
    cache.set(kernel.code, pipeline);
    // A kernel that found no memory may find some at the next attempt.
    const { code } = kernel;
    pipeline.compilation.catch(() => cache.delete(code));
  }
  return pipeline;
}

function begin(device: GPUDevice, kernel: Kernel, label: string): Pipeline {
  // The error of a module also appears when its pipeline is made; the scopes keep it from being
  // reported twice.
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const layout = device.createBindGroupLayout({
    label,
    entries: [
      ...kernel.bindings.map((binding, index) => layoutEntry(index, binding)),
      layoutEntry(PIECE_BINDING, 'uniform'),
    ],
  });
  const module = device.createShaderModule({ label, code: kernel.code });
  const compiled = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({
      label,
      bindGroupLayouts: [layout],
    }),
    compute: { module, entryPoint: 'main' },
  });
  const answers = Promise.allSettled([compiled, device.popErrorScope(), device.popErrorScope()]);
  const compilation = queueOf(device)
    .answer(answers)
    .then(async ([outcome, shortage]) => {
      if (shortage.status === 'fulfilled' && shortage.value) {
        throw new OutOfMemoryError(`the kernel '${label}'`, shortage.value.message);
      }
      if (outcome.status === 'rejected')
        throw await shaderError(device, module, kernel, label, outcome.reason);
      pipeline.compiled = outcome.value;
    });
  const pipeline: Pipeline = { kernel, layout, compiled: undefined, compilation };
  return pipeline;
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
  device: GPUDevice,
  module: GPUShaderModule,
  kernel: Kernel,
  label: string,
  reason: unknown,
): Promise<ShaderError> {
  const { messages } = await queueOf(device).answer(module.getCompilationInfo());
  const lines = kernel.code.split('\n');
  const found = messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, message }) => `line ${lineNum}: ${message}\n    ${lines[lineNum - 1]?.trim() ?? ''}`);
  const details = found.length > 0 ? found.join('\n') : String(reason);
  return new ShaderError(`The kernel '${label}' does not compile on this device.\n${details}`);
}
