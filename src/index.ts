export {
  checkGradients,
  type GradientCheck,
  type GradientCheckOptions,
  type GradientEntry,
  type TensorGradientCheck,
} from './check-gradients.ts';
export { createTrainer } from './create-trainer.ts';
export { type CaseStudy, caseStudy } from './data/case-study.ts';
export type { Dataset, FloatArray } from './data/dataset.ts';
export type { Initialization, LayerParameters } from './data/initialization.ts';
export { RandomState } from './data/random-state.ts';
export { type SpiralOptions, spiral } from './data/spiral.ts';
export {
  BusyError,
  DestroyedError,
  DeviceLostError,
  LimitError,
  NonFiniteError,
  OptionError,
  OutOfMemoryError,
  PlanError,
  ShaderError,
  SpiralnetError,
  UnsupportedError,
} from './errors.ts';
export { isSoftwareAdapter } from './gpu/adapter.ts';
export { deviceDescriptor } from './gpu/device.ts';
export { type KernelTimes, type KernelTimesOptions, timeKernels } from './gpu/kernel-times.ts';
export { measurePeak } from './gpu/peak.ts';
export type {
  Backend,
  Checkpoint,
  Measurement,
  Optimizer,
  PlanName,
  Precision,
  Prediction,
  Trainer,
  TrainerOptions,
  TunedCandidate,
  Tuning,
  TuningOptions,
} from './types.ts';
export { VERSION } from './version.ts';
