/** Flags of the WebGPU specification. Their global objects exist in browsers only; the numbers are fixed everywhere. */
export const BufferUsage = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyDestination: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
} as const;

export const MAP_READ = 0x0001;
export const SHADER_STAGE_COMPUTE = 0x4;
