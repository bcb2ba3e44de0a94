const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** Whether an adapter is a program on the CPU that stands in for a GPU. */
export function isSoftwareAdapter(info: GPUAdapterInfo | undefined): boolean {
  if (!info) return false;
  return (
    info.isFallbackAdapter || SOFTWARE.test([info.vendor, info.architecture, info.description].join(' '))
  );
}
