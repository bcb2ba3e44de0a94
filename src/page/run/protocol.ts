import type {
  AnyDataset,
  Backend,
  Checkpoint,
  GradientCheck,
  LearningRateSearch,
  Operation,
  Precision,
  Recovery,
  Tensor,
  Tuning,
} from '../../index.ts';
import type { ModelFormat } from '../../models/index.ts';
import type { Measured } from '../settings/network.ts';
import type { Settings, Turn } from '../settings/settings.ts';
import type { Study } from '../settings/study.ts';
import type { DividedRows, Plane, RowSet } from '../settings/study-data.ts';
import type { FoundPlans } from './found-plans.ts';
import type { SanityCheck } from './side-checks/sanity.ts';
import type { Difference } from './side-checks/statistics.ts';

/** The length of a benchmark. */
export type Pace = 'thorough' | 'quick';

/** The model that is measured: of the notes, of sizes that a person chose, or as Train has it. */
export type BenchmarkModel = Study | 'own' | 'train';

/** The sizes of a network with one hidden layer. */
export interface OwnSizes {
  hidden: number;
  points: number;
  features: number;
}

/** The model that is measured, and how thoroughly. */
export interface BenchmarkOptions {
  model: BenchmarkModel;
  pace: Pace;
  /** Of the model `own`. */
  own?: OwnSizes;
}

/** The network of Train, with its rows or some of them. */
export interface TrainedNetwork {
  settings: Settings;
  data: AnyDataset;
  /** All rows that Train has. */
  of: number;
}

/**
 * The page's messages to the worker. Each one ends the present training, check or timing; `step`,
 * `inside`, `take`, `ask`, `watch`, `rows`, `divide` and `remember` do not. `run` counts the runs that the page has
 * opened.
 */
export type Command =
  | { type: 'remember'; found: FoundPlans }
  /** The rows of the runs that are opened from now on, if their settings need them. */
  | { type: 'rows'; rows: RowSet }
  /** Divides rows that were posted, as settings need them. The answer has the same number. */
  | { type: 'divide'; number: number; settings: Settings }
  | { type: 'benchmark'; options: BenchmarkOptions; trained?: TrainedNetwork | undefined }
  /**
   * The run trains to `step` at once and takes the turns on the way; or it stands at once where
   * `checkpoint` was, with the turns behind it.
   */
  | {
      type: 'open';
      run: number;
      settings: Settings;
      turns: readonly Turn[];
      step: number;
      checkpoint?: Checkpoint;
    }
  /** Applies settings that need no new run. Training goes on. */
  | { type: 'adjust'; settings: Settings }
  | { type: 'train' }
  | { type: 'pause' }
  /** Ends the opening of a run. */
  | { type: 'cancel' }
  | { type: 'step'; steps: number }
  | { type: 'rewind' }
  /**
   * Shows a step of the run so far. Training, and a change of settings that a step depends on, go on from
   * there: what came after is no part of the run any more.
   */
  | { type: 'look'; step: number }
  | { type: 'time' }
  /** Looks for a learning rate, beside the run. */
  | { type: 'find' }
  /** Reads the next step, beside training; where steps take batches, with a row as a batch of its own. */
  | { type: 'inside'; row?: number | undefined }
  /**
   * Reads the present step to take it away, beside training; with a format, writes the model of the
   * step that was read last.
   */
  | { type: 'take'; format?: ModelFormat }
  /** Asks about the present network, beside training. The answer has the same number. */
  | { type: 'ask'; number: number; question: Question }
  | { type: 'check'; what: 'gradients' | 'sanity' | 'kernels' }
  /** Milliseconds between pictures, at least, and whether anybody sees pictures. */
  | { type: 'watch'; interval: number; seen: boolean };

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

/**
 * `silent`: the browser has not answered; `driver`: the library does not trust or take the GPU; `faster`: the
 * CPU is, and the report names the adapter that it was compared with.
 */
export type NoGpuReason =
  | 'none'
  | 'insecure'
  | 'adapter'
  | 'device'
  | 'silent'
  | 'driver'
  | 'lost'
  | 'chosen'
  | 'faster';

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

/** The trial of learning rates from the parameters of a step on. */
export type RateTrial = LearningRateSearch & { step: number };

export type TrialStatus =
  | { state: 'idle' }
  | { state: 'running'; progress: number }
  | { state: 'done'; trial: RateTrial }
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
   * classes' probabilities, or the value.
   */
  pictures: Float32Array;
  /** Weights between the units that are shown: `shown units before × shown`; of all inputs. */
  shownWeights: Float32Array;
  /** The biases of the units that are shown. */
  shownBiases: Float32Array;
}

/** A closer look at the network at one step. */
export interface Insight {
  step: number;
  layers: LayerInsight[];
  /** `classes × classes` counts, row by true class; of the training and the test points. */
  confusion?: { train: Uint32Array; test?: Uint32Array };
  /** The values that a regression gives the training and the test points, in their order. */
  values?: { train: Float32Array; test?: Float32Array };
}

/** The state of a run at one moment. */
export interface Frame {
  latest: Measured;
  /** Measured since the last frame, in order. */
  points: Measured[];
  testPoints: Measured[];
  /** The test points at an earlier step. */
  tested?: Measured;
  /**
   * Logarithm of each class's probability at each node of the grid, or the value; absent if it could not be
   * computed any more.
   */
  evidence?: Float32Array<ArrayBuffer>;
  insight?: Insight;
  stepsPerSecond?: number;
  /** The first step that can be shown. */
  first: number;
  /** The last step of the run, while an earlier one is shown. */
  end?: number;
  /** Seconds of a step, guessed from the time of the first measurement. */
  stepSeconds: number;
  /** Nodes along each side of the grid at which the network is computed for `evidence`. */
  nodes: number;
  planReport: PlanReport;
  /** The plane of the pictures; absent for points of the plane. */
  plane: Plane | undefined;
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
  /** The training row that is all of the batch, in place of the next one. */
  alone?: number;
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

/** The answer to `take`: a frame all of whose parts are of one step, or a file; neither if there is no run. */
export type Taken = { frame?: Frame; file?: Uint8Array<ArrayBuffer>; problem?: Problem };

/** A question about the present network. */
export type Question =
  /** What the network gives for rows, `count × inputs`, as it gets them. */
  | { what: 'outputs'; inputs: Float32Array }
  /** The rows of a cell of a confusion matrix, at most so many, the worst first. */
  | { what: 'cell'; cell: Cell; most: number }
  /** The plane as the last hidden layer sees it. */
  | { what: 'hidden'; over: SpacePlane }
  /** How long a step takes on either backend. */
  | { what: 'speeds' };

/** The training or test rows of a class that the network takes for a class. */
export interface Cell {
  part: 'train' | 'test';
  label: number;
  taken: number;
}

export type Answer =
  /** `count × outputs` probabilities, scores of the hinge loss, or values. */
  | { what: 'outputs'; outputs: Float32Array }
  | CellRows
  | HiddenSpace
  /** Milliseconds of a step. */
  | { what: 'speeds'; gpu: number; cpu: number };

/**
 * The plane in which a hidden layer is drawn: in which the weights of the classes differ most; in which the
 * training points do; or over two units.
 */
export type SpacePlane = 'borders' | 'components' | readonly [number, number];

/** Points and a grid of the plane among the outputs of the last hidden layer, in two directions. */
export interface HiddenSpace {
  what: 'hidden';
  step: number;
  /** Units of the layer; without a hidden layer, inputs of the network. */
  width: number;
  /** One of so many training points is here, from the first on. */
  stride: number;
  /** `count × 2`. */
  points: Float32Array;
  /** `SPACE_NODES² × 2`, see `settings/plane.ts`, in the order of a picture's pixels. */
  grid: Float32Array;
  /** A class's score at (x, y) is a·x + b·y + c: `classes × 3`. A regression has none. */
  scores?: Float32Array;
  /** The part of the variance of the outputs, or of the classes' weights, that lies in the plane. */
  share?: number;
  /** The points from which the components were computed. */
  from?: number;
}

/**
 * Rows of a cell: wrong ones by falling loss, right ones by rising certainty.
 */
export interface CellRows {
  what: 'cell';
  step: number;
  /** All rows of the cell. */
  count: number;
  /** Their places among the training or test rows. */
  rows: Uint32Array;
  /** `rows × classes` probabilities, or scores of the hinge loss. */
  outputs: Float32Array;
}

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
  | { type: 'trial'; run: number; status: TrialStatus }
  | { type: 'inside'; run: number; state: InsideState }
  | { type: 'taken'; taken: Taken }
  /** `divided` is undefined if the rows are not here, or there is no memory for them. */
  | { type: 'divided'; number: number; divided: DividedRows | undefined }
  /** `answer` is undefined if there is no network, or it could not be computed. */
  | { type: 'answer'; number: number; answer: Answer | undefined }
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
