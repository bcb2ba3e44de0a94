import type { UpdateRule } from '../../shaders/update-rule.ts';
import type { TrainingSetup } from '../options.ts';
import type { PlanName } from '../types.ts';
import type { Evaluation, Source } from './evaluation.ts';
import type { GpuMemory } from './memory.ts';
import type { Operations } from './operations.ts';
import type { ParameterBuffers } from './parameters.ts';
import type { Schedule } from './schedule.ts';

/** What the steps of a network are made from. */
export interface PlanContext {
  memory: GpuMemory;
  operations: Operations;
  network: ParameterBuffers;
  schedule: Schedule;
  setup: TrainingSetup;
  rule: UpdateRule;
  /** The training data. */
  source: Source;
}

/** A way to compute training steps: which kernels, in which order. */
export interface Plan {
  readonly name: PlanName;
  /** Loss and accuracy over the training data. */
  readonly evaluation: Evaluation;
  /**
   * Records `count` updates, the first of them update number `first` in the schedule's slot `slot`.
   * @param evaluated whether {@link evaluation} has been recorded just before, at the same parameters
   */
  encode(pass: GPUComputePassEncoder, first: number, slot: number, count: number, evaluated: boolean): void;
}
