import type { Workload } from './workloads.ts';

/** A network in training by one library. */
export interface Session {
  /** Makes the session's library ready where several share one engine; not timed. */
  activate?(): Promise<unknown>;
  /** Applies `steps` updates. Resolves when all of them have been done and something was read back. */
  train(steps: number): Promise<void>;
  /** Data loss plus L2 term at the present parameters. */
  loss(): Promise<number>;
  destroy(): void;
}

/** One way to train a network: a library on one of its backends. */
export interface Contestant {
  name: string;
  /** How close its losses must be. */
  precision: 'single' | 'double';
  /** A way in which spiralnet itself uses the GPU in single precision: what ratios call spiralnet's best is among these. */
  plan?: boolean;
  /** Left out of the sweeps, which are long enough without it. */
  mainOnly?: boolean;
  /** Loads the library and starts its backend, once. */
  start?(): Promise<void>;
  create(workload: Workload): Promise<Session>;
}
