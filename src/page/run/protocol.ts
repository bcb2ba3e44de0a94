import type {
  Backend,
  GradientCheck,
  Measurement,
  Operation,
  Precision,
  Recovery,
  Tensor,
  Tuning,
} from '../../index.ts';
import type { Settings, Turn } from '../settings/settings.ts';
import type { Study } from '../settings/trainer-options.ts';
import type { FoundPlans } from './found-plans.ts';
import type { SanityCheck } from './side-checks/sanity.ts';
import type { Difference } from './side-checks/statistics.ts';

/** The length of a benchmark. */
export type Pace = 'thorough' | 'quick';

/** The model that is measured, and how thoroughly. */
export interface BenchmarkOptions {
  model: Study;
  pace: Pace;
}

/**
 * The page's messages to the worker. Each one ends the present training, check or timing; `step`,
 * `inside`, `calm` and `remember` do not. `run` counts the runs that the page has opened.
 */
export type Command =
  | { type: 'remember'; found: FoundPlans }
  | { type: 'benchmark'; options: BenchmarkOptions }
  /** The run trains to `step` at once and takes the turns on the way. */
  | { type: 'open'; run: number; settings: Settings; turns: readonly Turn[]; step: number }
  /** Applies settings that need no new run. Training goes on. */
  | { type: 'adjust'; settings: Settings }
  | { type: 'train' }
  | { type: 'pause' }
  /** Ends the opening of a run. */
  | { type: 'cancel' }
  | { type: 'step'; steps: number }
  | { type: 'rewind' }
  | { type: 'time' }
  /** Reads the next step, beside training. */
  | { type: 'inside' }
  | { type: 'check'; what: 'gradients' | 'sanity' | 'kernels' }
  /** Milliseconds between pictures, at least. */
  | { type: 'calm'; interval: number };

/** The backend on which training runs, and its adapter. */
export interface AdapterReport {
  backend: 'webgpu' | 'cpu';
  /** Empty if the browser does not tell. */
  name: string;
  /** The adapter is a program on the CPU that stands in for a GPU. */
  software: boolean;
  /** Why training runs on the CPU. */
  reason?: NoGpuReason;
  /** The same in English, in the words of the library or the browser. */
  detail?: string;
}

/** `silent`: the browser has not answered; `driver`: the library does not trust or take the GPU. */
export type NoGpuReason =
  | 'none'
  | 'insecure'
  | 'adapter'
  | 'device'
  | 'silent'
  | 'driver'
  | 'lost'
  | 'chosen';

export type RunStatus =
  /** The link's work waits for an answer. */
  | 'asking'
  | 'preparing'
  /** The visitor has ended the opening of a run. */
  | 'cancelled'
  | 'empty'
  | 'untrained'
  | 'starting'
  | 'training'
  | 'paused'
  | 'finished'
  | 'failed';

/** Why a run stopped by itself. */
export type StopReason = 'step' | 'loss' | 'accuracy' | 'patience';

/** The plan of a run, and why it was chosen. */
export interface PlanReport {
  backend: Backend;
  /** The plan in use. */
  plan: string;
  /** The tuner's choice, which is in use from the end of tuning on. */
  tuning: Pick<Tuning, 'plan' | 'chosen' | 'reason'>;
}

/** An error for which the page has a sentence. */
export type Problem =
  | { kind: 'diverged'; step: number }
  | { kind: 'plan'; detail: string }
  /** A sandboxed frame allows no worker. */
  | { kind: 'frame' }
  | { kind: 'lost' | 'memory' | 'unsupported' | 'shader' | 'worker' | 'unknown' };

/** Steps per second over the rounds. */
export interface BackendSpeed {
  median: number;
  min: number;
  max: number;
}

/** Both backends on the same work. */
export interface Timing {
  rounds: number;
  precision: Precision;
  gpu: BackendSpeed;
  cpu: BackendSpeed;
  /** Both losses after the same number of steps from the same weights. */
  agreement: { steps: number; gpuLoss: number; cpuLoss: number };
}

export type TimingStatus =
  | { state: 'idle' }
  | { state: 'running'; progress: number; round: number; rounds: number }
  | { state: 'done'; timing: Timing }
  | { state: 'failed'; problem: Problem };

/** The state of a layer at one step. */
export interface LayerInsight {
  /** Euclidean norms: of the weights, of the loss's gradient on them, and of the last update. */
  weights: number;
  gradient: number;
  update: number;
  /** Share of the hidden units that are 0 for every training point; absent for the last layer. */
  dead?: number;
  /**
   * The outputs of the first units over the plane, `shown × UNIT_NODES²`; in the last layer, the
   * classes' probabilities.
   */
  pictures: Float32Array;
  /** Weights between the units that are shown: `shown units before × shown`. */
  shownWeights: Float32Array;
  /** The biases of the units that are shown. */
  shownBiases: Float32Array;
}

/** A closer look at the network at one step. */
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
   * Logarithm of each class's probability at each node of the grid; absent if it could not be
   * computed any more.
   */
  evidence?: Float32Array<ArrayBuffer>;
  insight?: Insight;
  stepsPerSecond?: number;
  /** Seconds of a step, guessed from the time of the first measurement. */
  stepSeconds: number;
  /** Nodes along each side of the grid at which the network is computed for `evidence`. */
  nodes: number;
  planReport: PlanReport;
  /** The settings over the course of the run; the first entry is the start. */
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
  /**
   * Each tensor's difference from the same step in float64 on the CPU, by name; empty if there is
   * nothing to compare with.
   */
  differences: Record<string, Difference>;
}

/** Milliseconds of a dispatch, by its label. */
type KernelMedians = Record<string, number>;

export type Checked =
  | { what: 'gradients'; result: GradientCheck }
  | { what: 'sanity'; result: SanityCheck[] }
  | { what: 'kernels'; result: KernelMedians };

/** The worker's messages to the page. */
export type Report =
  | { type: 'adapter'; adapter: AdapterReport }
  | { type: 'status'; run: number; status: RunStatus; stopped?: StopReason }
  | {
      type: 'frame';
      run: number;
      /** Whether a run starts here, so that the page forgets the curves of the run before. */
      fresh: boolean;
      frame: Frame;
      /** The new status; undefined: the status stays. */
      status?: RunStatus;
      stopped?: StopReason;
    }
  | { type: 'found'; key: string; candidate: string }
  | { type: 'timing'; run: number; status: TimingStatus }
  | { type: 'inside'; run: number; state: InsideState }
  /** `checked` is undefined if the check was ended. */
  | { type: 'checked'; run: number; checked: Checked | undefined }
  /**
   * `aside`: of work beside the run, which stays as it is; `refused`: of settings that the run could
   * not take over, so that it keeps its own.
   */
  | { type: 'problem'; run: number; problem: Problem; aside?: true; refused?: Refused };

/** The settings that a run was asked to take over, and those that it has. */
export interface Refused {
  refused: Settings;
  kept: Settings;
}
