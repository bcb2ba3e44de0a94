import type { PlanName, Precision, Tuning } from '../../../index.ts';
import type { Spread } from '../../measure/statistics.ts';
import type { Settings } from '../../settings/settings.ts';
import type { AdapterReport, BenchmarkOptions, Problem } from '../protocol.ts';

/** The ways of the CPU: WebAssembly on one thread, on all threads, and plain loops. */
const CPU_WAYS = ['cpu', 'threads', 'plain'] as const;
type CpuWay = (typeof CPU_WAYS)[number];

/** How a step is computed: by a plan on the GPU, or on the CPU. */
export type Way = PlanName | CpuWay;

export const isOnCpu = (way: Way): way is CpuWay => (CPU_WAYS as readonly Way[]).includes(way);

/** A way, in one precision. */
export interface Entrant {
  way: Way;
  precision: Precision;
}

/** The stages of an entrant, each timed by itself. */
export const STAGES = ['compile', 'upload', 'firstStep', 'step', 'readback'] as const;
export type Stage = (typeof STAGES)[number];

/** Why an entrant is not timed, or not to the end. */
export type Failure =
  /** Its plan refuses the model. */
  | { kind: 'plan'; detail: string }
  /** It computes just as the CPU on one thread does. */
  | { kind: 'same' }
  /** There are fewer threads than cores. */
  | { kind: 'threads'; detail: string }
  /** A step takes longer than so many seconds. */
  | { kind: 'slow'; seconds: number }
  | { kind: 'diverged'; step: number }
  | { kind: 'memory' | 'unknown' };

/** What computes, in the library's words, and the numbers by which it divides its work. */
interface Form {
  chosen?: string;
  tiling?: NonNullable<Tuning['tiling']>;
}

/** An entrant's times on the network, in milliseconds. Times it did not reach are absent. */
export interface EntrantResult extends Entrant, Form {
  times: Partial<Record<Stage, Spread>>;
  /** The loss after {@link BenchmarkResults.agreement}'s steps. */
  loss?: number;
  /** Why the entrant stopped. */
  failure?: Failure;
}

/** Milliseconds of a step of networks that differ in their hidden layers only. */
export interface SweepPoint extends Entrant, Form {
  /** Units of each hidden layer. */
  hidden: number;
  step: Spread;
}

/** Milliseconds of one of a plan's dispatches. */
export interface KernelResult extends Entrant {
  label: string;
  time: Spread;
}

/** The browser and the operating system, as far as the browser tells. */
export interface Browser {
  name?: string;
  version?: string;
  system?: string;
}

/** The network that is measured. */
export interface MeasuredNetwork {
  /** Features, units of the hidden layers, and outputs. */
  sizes: number[];
  /** The rows of its data, and of a step. */
  rows: number;
  batch: number;
  /** The rows of Train, where the benchmark takes only some of them. */
  of?: number;
  /** The settings of Train. */
  settings?: Settings;
}

export interface BenchmarkResults {
  options: BenchmarkOptions;
  network: MeasuredNetwork;
  /** ISO 8601. */
  date: string;
  version: string;
  browser: Browser;
  /** The browser's `hardwareConcurrency`. */
  threads: number;
  /** Whether workers may share memory, without which there is one thread. */
  isolated: boolean;
  adapter: AdapterReport;
  /** Milliseconds between two readings of the browser's clock. */
  clock: number;
  /** The loss in float64 after `steps` steps, as `way` has it. */
  agreement?: { steps: number; loss: number; way: Way };
  entrants: EntrantResult[];
  sweep: SweepPoint[];
  kernels: KernelResult[];
  /** The adapter's measured peak, in operations a second. */
  peak?: number;
}

/** The present measurement. */
export type Work =
  | { kind: 'start' }
  | { kind: 'prepare'; entrant: Entrant }
  | { kind: 'stages' | 'steps'; entrant: Entrant; repetition: number; of: number }
  | { kind: 'sizes'; hidden: number }
  | { kind: 'peak' }
  | { kind: 'kernels'; entrant: Entrant };

/** The progress of the benchmark. */
export interface BenchmarkProgress {
  /** 0 … 1. */
  done: number;
  work: Work;
  /** Seconds left; absent at the beginning. */
  left?: number;
}

/** A benchmark's message from the worker to the page. */
export type BenchmarkReport =
  | { type: 'progress'; progress: BenchmarkProgress }
  | { type: 'results'; results: BenchmarkResults; finished: boolean }
  | { type: 'found'; key: string; candidate: string }
  | { type: 'failed'; problem: Problem };

/**
 * Multiplications and additions of a step's matrix products: forward, the gradients of weights, and
 * of hidden outputs.
 */
export function operationsOfStep(rows: number, sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, fanOut, layer) => {
    const products = layer === 0 ? 2 : 3;
    return sum + products * 2 * rows * sizes[layer] * fanOut;
  }, 0);
}

/** Largest difference from the float64 loss that rounding explains in a network that calms it. */
const AGREEMENT = { single: 1e-4, double: 1e-8 };
/** How many times the difference of the plain loops in float32 another way may have. */
const MARGIN = 100;
/** The roundings of double-single arithmetic beside those of float32. */
const FINER = 2 ** -20;

/**
 * Whether a loss agrees with the one in float64, within its precision. Some networks magnify every rounding:
 * plain loops in float32, which round as seldom as can be, show by how much.
 */
export function agrees(
  { precision, loss }: EntrantResult,
  { agreement, entrants }: Pick<BenchmarkResults, 'agreement' | 'entrants'>,
): boolean {
  if (loss === undefined || agreement === undefined) return false;
  const difference = (other = Number.NaN) =>
    Math.abs(other - agreement.loss) / Math.max(1, Math.abs(agreement.loss));
  const plain = entrants.find(({ way, precision }) => way === 'plain' && precision === 'single');
  const magnified = MARGIN * difference(plain?.loss) * (precision === 'single' ? 1 : FINER) || 0;
  return difference(loss) <= Math.max(AGREEMENT[precision], magnified);
}
