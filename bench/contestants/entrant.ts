import type { TrainingSession } from '../../src/page/measure/contestant.ts';
import type { Workload } from '../workloads/workloads.ts';

/** One way to train a network: a library on one of its backends. */
export interface Entrant {
  name: string;
  /** The precision, which decides how close its losses must be. */
  precision: 'single' | 'double';
  /**
   * Whether this is a plan of spiralnet on the GPU in single precision. Ratios compare with the
   * best of these.
   */
  plan?: boolean;
  /** Whether the sweeps leave it out, because they would take too long. */
  mainOnly?: boolean;
  /** Loads the library and starts its backend, once. */
  start?(): Promise<void>;
  create(workload: Workload): Promise<TrainingSession>;
}
