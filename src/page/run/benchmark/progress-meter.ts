import type { BenchmarkProgress, Work } from './results.ts';

/** Relative durations of a unit of each kind of work, measured on a laptop. */
const WEIGHTS = { prepare: 8, stages: 3, sizes: 20, peak: 8, kernels: 8 };
type Kind = keyof typeof WEIGHTS;
type Unit = Extract<Work, { kind: Kind }>;

/** Reports the progress of a benchmark, and estimates the remaining time from the time so far. */
export class ProgressMeter {
  readonly #tell: (progress: BenchmarkProgress) => void;
  readonly #total: number;
  readonly #start = performance.now();
  #done = 0;
  /** The weight of the present unit. */
  #weight = 0;

  /** @param units number of units of each kind */
  constructor(tell: (progress: BenchmarkProgress) => void, units: Record<Kind, number>) {
    this.#tell = tell;
    this.#total = (Object.keys(units) as Kind[]).reduce((sum, kind) => sum + units[kind] * WEIGHTS[kind], 0);
  }

  /** Reports that the next unit begins. */
  begin(work: Unit): void {
    this.#done += this.#weight;
    this.#weight = WEIGHTS[work.kind];
    const elapsed = (performance.now() - this.#start) / 1000;
    const left = (elapsed * (this.#total - this.#done)) / this.#done;
    this.#tell({ done: this.#done / this.#total, work, ...(this.#done > 0 && { left }) });
  }
}
