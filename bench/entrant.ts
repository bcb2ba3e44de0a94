import type { TrainingSession } from '../src/page/measure/contestant.ts';
import type { Workload } from './workloads.ts';

/** One way to train a network: a library on one of its backends. */
export interface Entrant {
  name: string;
  /** How close its losses must be. */
  precision: 'single' | 'double';
  /** A way in which spiralnet itself uses the GPU in single precision: what ratios call spiralnet's best is among these. */
  plan?: boolean;
  /** Left out of the sweeps, which are long enough without it. */
  mainOnly?: boolean;
  /** Loads the library and starts its backend, once. */
  start?(): Promise<void>;
  create(workload: Workload): Promise<TrainingSession>;
}
