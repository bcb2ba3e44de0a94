/** Lowers the device's limits for buffers and bindings, and refuses larger buffers. */
export function lowerLimits(device: GPUDevice, bytes: number): void {
  const { limits } = device;
  const lowered = new Proxy(limits, {
    get: (real, name) => {
      if (name === 'maxBufferSize' || name === 'maxStorageBufferBindingSize') return bytes;
      return Reflect.get(real, name, real);
    },
  });
  Object.defineProperty(device, 'limits', { value: lowered });
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    if (descriptor.size > bytes) throw new Error(`'${descriptor.label}' has ${descriptor.size} bytes.`);
    return createBuffer(descriptor);
  };
}
