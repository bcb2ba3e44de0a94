import type { GradientCheck, Measurement, Operation, Precision, Recovery, Tensor } from '../../index.ts';
import type { Settings, Turn } from '../settings/settings.ts';
import type { Study } from '../settings/trainer-options.ts';
import type { FoundPlans } from './found-plans.ts';
import type { SanityCheck } from './sanity.ts';
import type { Difference } from './statistics.ts';

/** How much time a benchmark may take. */
export type Pace = 'thorough' | 'quick';

/** What is measured. */
export interface BenchmarkOptions {
  model: Study;
  pace: Pace;
}

/**
 * What the page asks of the worker. Every request but further steps, a look inside and what it is
 * to remember ends what is under way. `run` counts the runs that the page has opened.
 */
export type Command =
  | { type: 'remember'; found: FoundPlans }
  | { type: 'benchmark'; options: BenchmarkOptions }
  /** With a step, it is trained to at once, and the turns are taken on the way. */
  | { type: 'open'; run: number; settings: Settings; turns: readonly Turn[]; step: number }
  /** Takes over settings that need no new start, and goes on as it did. */
  | { type: 'adjust'; settings: Settings }
  | { type: 'train' }
  | { type: 'pause' }
  | { type: 'step'; steps: number }
  | { type: 'rewind' }
  | { type: 'time' }
  /** Reads the next step, beside what is under way. */
  | { type: 'inside' }
  | { type: 'check'; what: 'gradients' | 'sanity' | 'kernels' }
  /** Milliseconds between pictures, at least. */
  | { type: 'calm'; interval: number };

/** Where training runs. */
export interface AdapterReport {
  backend: 'webgpu' | 'cpu';
  /** Empty where the browser does not tell. */
  name: string;
  /** The adapter is a program on the CPU that stands in for a GPU. */
  software: boolean;
  /** Why it is not the GPU. */
  reason?: NoGpuReason;
}

export type NoGpuReason = 'none' | 'insecure' | 'adapter' | 'device' | 'failed' | 'lost' | 'chosen';

export type RunStatus =
  | 'preparing'
  | 'empty'
  | 'untrained'
  | 'starting'
  | 'training'
  | 'paused'
  | 'finished'
  | 'failed';

/** Why a run stopped by itself. */
export type StopReason = 'step' | 'loss' | 'accuracy' | 'patience';

/** How the steps of a run are computed, and why so. */
export interface Way {
  plan: string;
  chosen: string;
  reason: string;
}

/** What went wrong, as far as the page has something to say about it. */
export type Problem =
  /** With the first tensor that was not finite, where that is known. */
  | { kind: 'diverged'; step: number; tensor: string | undefined }
  | { kind: 'plan'; detail: string }
  | { kind: 'lost' | 'memory' | 'unsupported' | 'shader' | 'worker' | 'unknown' };

/** Steps per second over the rounds. */
export interface Speed {
  median: number;
  min: number;
  max: number;
}

/** Both backends on the same work. */
export interface Timing {
  rounds: number;
  precision: Precision;
  gpu: Speed;
  cpu: Speed;
  /** Both after the same number of steps from the same weights. */
  agreement: { steps: number; gpuLoss: number; cpuLoss: number };
}

export type TimingStatus =
  | { state: 'idle' }
  | { state: 'running'; progress: number; round: number; rounds: number }
  | { state: 'done'; timing: Timing }
  | { state: 'failed'; problem: Problem };

/** What a layer has learned, at one step. */
export interface LayerInsight {
  /** Euclidean norms: of the weights, of the loss's gradient on them, and of the last update. */
  weights: number;
  gradient: number;
  update: number;
  /** Share of the hidden units that are 0 for every training point; absent for the last layer. */
  dead?: number;
  /**
   * Of the first units: what each is over the plane, `shown × UNIT_NODES²`. In the last layer, the
   * classes' probabilities.
   */
  pictures: Float32Array;
  /** Weights between the units that are shown: `shown units before × shown`. */
  shownWeights: Float32Array;
}

/** What takes a closer look at the network than its loss does. */
export interface Insight {
  step: number;
  layers: LayerInsight[];
  /** `classes × classes` counts, row by true class; of the training and the test points. */
  confusion: { train: Uint32Array; test?: Uint32Array };
}

/** The state of a run at one moment. */
export interface Frame {
  latest: Measurement;
  /** Measured since the last frame, in order. */
  points: Measurement[];
  testPoints: Measurement[];
  /**
   * Logarithm of each class's probability at each node of the grid; absent where it could not be
   * computed any more.
   */
  evidence?: Float32Array<ArrayBuffer>;
  insight?: Insight;
  stepsPerSecond?: number;
  way: Way;
  /** What was taken over on the way; the first is the start. */
  turns: readonly Turn[];
  /** The devices that were lost on the way. */
  recoveries: readonly Recovery[];
}

/** A step with all its lines and tensors. */
export interface InsideState {
  /** Updates before this one. */
  step: number;
  plan: string;
  operations: readonly Operation[];
  tensors: readonly Tensor[];
  /** How far each is from the same step in float64 on the CPU, by its name. */
  differences: Record<string, Difference>;
}

/** Milliseconds of a dispatch, by its label. */
export type KernelMedians = Record<string, number>;

export type Checked =
  | { what: 'gradients'; result: GradientCheck }
  | { what: 'sanity'; result: SanityCheck[] }
  | { what: 'kernels'; result: KernelMedians };

/** What the worker tells the page. */
export type Report =
  | { type: 'adapter'; adapter: AdapterReport }
  | { type: 'status'; run: number; status: RunStatus; stopped?: StopReason }
  | {
      type: 'frame';
      run: number;
      /**
       * Whether this is the start of a run, so that what the page has of an earlier one no longer
       * holds.
       */
      fresh: boolean;
      frame: Frame;
      /** Where it is not told with the state, the status stays. */
      status?: RunStatus;
      stopped?: StopReason;
    }
  | { type: 'found'; key: string; candidate: string }
  | { type: 'timing'; run: number; status: TimingStatus }
  | { type: 'inside'; run: number; state: InsideState }
  /** Without a result, where it was broken off. */
  | { type: 'checked'; run: number; checked: Checked | undefined }
  | { type: 'problem'; run: number; problem: Problem };
