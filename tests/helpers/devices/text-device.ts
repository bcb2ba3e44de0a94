/** The label and the text of a kernel, as the program gave them to the device. */
export interface KernelText {
  label: string;
  code: string;
}

/**
 * A device that keeps the text of every kernel and computes nothing, so that the texts do not
 * depend on the machine. Every read gives words with all bits set: no number, and no divergence.
 */
export function textDevice(adapterInfo: Partial<GPUAdapterInfo>): { device: GPUDevice; texts: KernelText[] } {
  const texts: KernelText[] = [];
  const nothing = () => {};
  const pass = {
    setPipeline: nothing,
    setBindGroup: nothing,
    dispatchWorkgroups: nothing,
    end: nothing,
  };
  const encoder = {
    beginComputePass: () => pass,
    copyBufferToBuffer: nothing,
    clearBuffer: nothing,
    finish: () => ({}),
  };
  const device = {
    adapterInfo,
    features: new Set(['subgroups']),
    // Every device has these limits.
    limits: {
      maxComputeInvocationsPerWorkgroup: 256,
      maxBufferSize: 2 ** 28,
      maxStorageBufferBindingSize: 2 ** 27,
      maxComputeWorkgroupStorageSize: 16_384,
      maxComputeWorkgroupsPerDimension: 65_535,
    },
    lost: new Promise(nothing),
    queue: { submit: nothing, writeBuffer: nothing, onSubmittedWorkDone: async () => undefined },
    createBuffer: ({ label, size }: GPUBufferDescriptor) => ({
      label,
      size,
      mapAsync: async () => undefined,
      getMappedRange: () => new Uint8Array(size).fill(0xff).buffer,
      unmap: nothing,
      destroy: nothing,
    }),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createBindGroup: () => ({}),
    createShaderModule: ({ label = '', code }: GPUShaderModuleDescriptor) => {
      texts.push({ label, code });
      return {};
    },
    createComputePipelineAsync: async () => ({}),
    createCommandEncoder: () => encoder,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
  };
  return { device: device as object as GPUDevice, texts };
}
