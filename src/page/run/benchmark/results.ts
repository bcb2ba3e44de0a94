import type { PlanName, Precision, Tuning } from '../../../index.ts';
import type { Spread } from '../../measure/statistics.ts';
import type { AdapterReport, BenchmarkOptions, Problem } from '../protocol.ts';

export type Way = PlanName | 'cpu';

/** A plan on the GPU, or the CPU, in one precision. */
export interface Entrant {
  way: Way;
  precision: Precision;
}

/** The stages of an entrant, each timed by itself. */
export const STAGES = ['compile', 'upload', 'firstStep', 'step', 'readback'] as const;
export type Stage = (typeof STAGES)[number];

/** Why an entrant is not timed: its plan refuses the model, or an unknown error. */
export type Failure = { kind: 'plan'; detail: string } | { kind: 'unknown' };

/** An entrant's times on the case study, in milliseconds. Times it did not reach are absent. */
export interface EntrantResult extends Entrant {
  /** The tuner's choice for the plan, in words. */
  chosen?: string;
  /** The numbers of that choice, where the plan's work is divided. */
  tiling?: Tuning['tiling'];
  times: Partial<Record<Stage, Spread>>;
  /** The loss after {@link BenchmarkResults.agreement}'s steps. */
  loss?: number;
  /** Why the entrant stopped. */
  failure?: Failure;
}

/** Milliseconds of a step of networks that differ in their hidden layer only. */
export interface SweepPoint extends Entrant {
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

export interface BenchmarkResults {
  options: BenchmarkOptions;
  /** ISO 8601. */
  date: string;
  version: string;
  browser: Browser;
  /** The browser's `hardwareConcurrency`. */
  threads: number;
  adapter: AdapterReport;
  /** Milliseconds between two readings of the browser's clock. */
  clock: number;
  /** The CPU's loss in float64 after `steps` steps. */
  agreement?: { steps: number; loss: number };
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
  | { kind: 'stages'; entrant: Entrant; repetition: number; of: number }
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

/** Largest difference from the float64 loss that rounding explains after the few steps compared. */
const AGREEMENT = { single: 1e-4, double: 1e-8 };

/** Whether a loss agrees with the CPU's float64 loss, within its precision. */
export function agrees({ precision, loss }: EntrantResult, reference: number): boolean {
  return loss !== undefined && Math.abs(loss - reference) <= AGREEMENT[precision];
}

/** Sizes at which the GPU wins: the range measured, and the size from which on it always wins. */
export interface Crossover {
  first: number;
  last: number;
  /** Absent where the CPU is ahead at the largest size. */
  from?: number;
  /** The size with the GPU's best ratio. */
  best: { hidden: number; ratio: number };
}

/**
 * Compares the fastest plan with the faster of the CPU's precisions at every size that has both.
 */
export function crossover(points: readonly SweepPoint[]): Crossover | undefined {
  const fastest = (hidden: number, cpu: boolean) =>
    Math.min(
      ...points
        .filter((point) => point.hidden === hidden && (point.way === 'cpu') === cpu)
        .map(({ step }) => step.median),
    );
  const compared = [...new Set(points.map(({ hidden }) => hidden))]
    .sort((a, b) => a - b)
    .map((hidden) => ({ hidden, ratio: fastest(hidden, true) / fastest(hidden, false) }))
    .filter(({ ratio }) => ratio > 0 && Number.isFinite(ratio));
  if (compared.length === 0) return undefined;
  const behind = compared.findLastIndex(({ ratio }) => ratio <= 1);
  const best = compared.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  return {
    first: compared[0].hidden,
    last: compared[compared.length - 1].hidden,
    ...(behind < compared.length - 1 && { from: compared[behind + 1].hidden }),
    best,
  };
}
