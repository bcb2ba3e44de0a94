export {
  checkGradients,
  type GradientCheck,
  type GradientCheckOptions,
  type GradientEntry,
  type TensorGradientCheck,
} from './check-gradients.ts';
export { createTrainer } from './create-trainer.ts';
export { blobs } from './data/blobs.ts';
export { type CaseStudy, caseStudy } from './data/case-study.ts';
export { chequerboard } from './data/chequerboard.ts';
export { circles } from './data/circles.ts';
export type { Dataset, FloatArray } from './data/dataset.ts';
export type { Initialization, LayerParameters } from './data/initialization.ts';
export { moons } from './data/moons.ts';
export type { PlaneOptions } from './data/plane.ts';
export { RandomState } from './data/random-state.ts';
export { type SpiralOptions, spiral } from './data/spiral.ts';
export { split } from './data/split.ts';
export { xor } from './data/xor.ts';
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
  Dissection,
  KernelCall,
  Measurement,
  Operation,
  Optimizer,
  PlanName,
  Precision,
  Prediction,
  Recovery,
  RecoveryOptions,
  Tensor,
  TensorShape,
  Trainer,
  TrainerOptions,
  TunedCandidate,
  Tuning,
  TuningOptions,
} from './types.ts';
export { VERSION } from './version.ts';
