export { blobs } from './data/generators/blobs.ts';
export { type CaseStudy, caseStudy } from './data/generators/case-study.ts';
export { chequerboard } from './data/generators/chequerboard.ts';
export { circles } from './data/generators/circles.ts';
export { moons } from './data/generators/moons.ts';
export type { PlaneOptions } from './data/generators/plane.ts';
export { type SpiralOptions, spiral } from './data/generators/spiral.ts';
export { hills, type SurfaceOptions, tiltedPlane, wave } from './data/generators/surfaces.ts';
export { xor } from './data/generators/xor.ts';
export { RandomState } from './data/random-state.ts';
export { split } from './data/split.ts';
export * from './errors.ts';
export { isSoftwareAdapter } from './gpu/device/adapter.ts';
export { adapterInfo, type DeviceRequest, deviceDescriptor, requestDevice } from './gpu/device/device.ts';
export { workDone } from './gpu/device/work-done.ts';
export { type KernelTimes, type KernelTimesOptions, timeKernels } from './gpu/profile/kernel-times.ts';
export { measurePeak } from './gpu/profile/peak.ts';
export { cosineDecay, exponentialDecay, stepDecay, warmup } from './options/schedules.ts';
export { createTrainer } from './trainer/create-trainer.ts';
export {
  findLearningRate,
  type LearningRateSearch,
  type LearningRateSearchOptions,
} from './trainer/find-learning-rate.ts';
export { type Fit, type FitOptions, type FitProgress, type FitReport, fit } from './trainer/fit.ts';
export {
  checkGradients,
  type GradientCheck,
  type GradientCheckOptions,
  type GradientEntry,
  type TensorGradientCheck,
} from './trainer/gradient-check/check-gradients.ts';
export {
  type PrincipalComponents,
  type PrincipalComponentsOptions,
  principalComponents,
} from './trainer/principal-components.ts';
export { type Classifier, type ClassReport, type Report, report } from './trainer/report.ts';
export * from './training-errors.ts';
export type * from './types.ts';
export { VERSION } from './version.ts';
