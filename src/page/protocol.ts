import type { Measurement, Precision } from '../index.ts';
import type { BenchmarkOptions } from './benchmark/results.ts';
import type { FoundPlans } from './found-plans.ts';

/** The two training runs of the case study. */
export type Model = 'linear' | 'network';

/** What a person chooses; there is one run for each choice. */
export interface Choice {
  model: Model;
  precision: Precision;
}

/** What the page asks of the worker. Every request but a further step, and what it is to remember, ends what is under way. */
export type Command =
  | { type: 'remember'; found: FoundPlans }
  | { type: 'benchmark'; options: BenchmarkOptions }
  | { type: 'open'; choice: Choice }
  | { type: 'train'; choice: Choice /** Milliseconds between pictures, at least. */; frameInterval: number }
  | { type: 'pause' }
  | { type: 'step'; choice: Choice }
  | { type: 'rewind'; choice: Choice }
  | { type: 'time'; choice: Choice };

/** Where training runs. */
export interface AdapterReport {
  backend: 'webgpu' | 'cpu';
  name: string;
  /** The adapter is a program on the CPU that stands in for a GPU. */
  software: boolean;
  /** Why it is not the GPU, as a sentence. */
  reason?: string;
}

export type RunStatus =
  | 'preparing'
  | 'untrained'
  | 'starting'
  | 'training'
  | 'paused'
  | 'finished'
  | 'failed';

/** How the steps of a run are computed, and why so. */
export interface Way {
  plan: string;
  chosen: string;
  reason: string;
}

/** One sentence each: what happened, what was kept, what to do. */
export interface Problem {
  happened: string;
  kept: string;
  advice: string;
}

/** Steps per second over the rounds. */
export interface Speed {
  median: number;
  min: number;
  max: number;
}

/** Both backends on the same work. */
export interface Timing {
  rounds: number;
  gpu: Speed;
  cpu: Speed;
  /** Both after the same number of steps from the same weights. */
  agreement: { steps: number; gpuLoss: number; cpuLoss: number };
}

export type TimingStatus =
  | { state: 'idle' }
  | { state: 'running'; progress: number; what: string }
  | { state: 'done'; timing: Timing }
  | { state: 'failed'; problem: Problem };

/** What the worker tells the page. */
export type Report =
  | { type: 'adapter'; adapter: AdapterReport }
  | { type: 'status'; choice: Choice; status: RunStatus }
  | {
      type: 'frame';
      choice: Choice;
      /** Whether this is the start of a run, so that what the page has of an earlier one no longer holds. */
      fresh: boolean;
      latest: Measurement;
      /** Measured since the last frame, in order. */
      points: Measurement[];
      /** Logarithm of each class's probability at each node of the grid. */
      evidence: Float32Array<ArrayBuffer>;
      stepsPerSecond?: number;
      way: Way;
      /** Where it is not told with the state, the status stays. */
      status?: RunStatus;
    }
  | { type: 'found'; key: string; candidate: string }
  | { type: 'timing'; choice: Choice; status: TimingStatus }
  | { type: 'problem'; choice: Choice; problem: Problem };
