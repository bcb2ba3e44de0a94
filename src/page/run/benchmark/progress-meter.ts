import type { Program } from './program.ts';
import type { BenchmarkProgress, Work } from './results.ts';

/** Milliseconds of the estimate that count as measured before the beginning, so that it does not jump. */
const TRUST = 3000;

/**
 * Reports the progress of a benchmark, and corrects the estimate of the remaining time by the time so far.
 */
export class ProgressMeter {
  readonly #tell: (progress: BenchmarkProgress) => void;
  readonly #program: Program;
  readonly #now: () => number;
  readonly #start: number;
  /** Of the estimate: what is done, and the present part. */
  #done = 0;
  #present = 0;

  constructor(tell: (progress: BenchmarkProgress) => void, program: Program, now = () => performance.now()) {
    this.#tell = tell;
    this.#program = program;
    this.#now = now;
    this.#start = now();
  }

  /** Reports that the next part begins. */
  begin(work: Exclude<Work, { kind: 'start' }>): void {
    this.#done += this.#present;
    this.#present = this.#program.of(work);
    const elapsed = this.#now() - this.#start;
    const slowness = (elapsed + TRUST) / (this.#done + TRUST);
    const total = this.#program.milliseconds;
    const left = (slowness * Math.max(0, total - this.#done)) / 1000;
    this.#tell({ done: Math.min(1, this.#done / total), work, left });
  }
}
