export { blobs } from './data/generators/blobs.ts';
export { type CaseStudy, caseStudy } from './data/generators/case-study.ts';
export { chequerboard } from './data/generators/chequerboard.ts';
export { circles } from './data/generators/circles.ts';
export { moons } from './data/generators/moons.ts';
export type { PlaneOptions } from './data/generators/plane.ts';
export { type SpiralOptions, spiral } from './data/generators/spiral.ts';
export { xor } from './data/generators/xor.ts';
export { RandomState } from './data/random-state.ts';
export { split } from './data/split.ts';
export * from './errors.ts';
export { isSoftwareAdapter } from './gpu/device/adapter.ts';
export { adapterInfo, type DeviceRequest, deviceDescriptor, requestDevice } from './gpu/device/device.ts';
export { workDone } from './gpu/device/work-done.ts';
export { type KernelTimes, type KernelTimesOptions, timeKernels } from './gpu/profile/kernel-times.ts';
export { measurePeak } from './gpu/profile/peak.ts';
export {
  checkGradients,
  type GradientCheck,
  type GradientCheckOptions,
  type GradientEntry,
  type TensorGradientCheck,
} from './trainer/check-gradients.ts';
export { createTrainer } from './trainer/create-trainer.ts';
export type * from './types.ts';
export { VERSION } from './version.ts';
