import type { Progress, Work } from './results.ts';

/** How long a unit of each kind of work takes, beside the others, as on a laptop. */
const WEIGHTS = { prepare: 8, stages: 3, sizes: 20, peak: 8, kernels: 8 };
type Kind = keyof typeof WEIGHTS;
type Unit = Extract<Work, { kind: Kind }>;

/** Tells how far a benchmark is, and from how long it has taken how much is left. */
export class ProgressMeter {
  readonly #tell: (progress: Progress) => void;
  readonly #total: number;
  readonly #start = performance.now();
  #done = 0;
  /** Of the unit that is under way. */
  #weight = 0;

  /** @param units how many there are of each kind */
  constructor(tell: (progress: Progress) => void, units: Record<Kind, number>) {
    this.#tell = tell;
    this.#total = (Object.keys(units) as Kind[]).reduce((sum, kind) => sum + units[kind] * WEIGHTS[kind], 0);
  }

  /** The next unit begins, and the one before has ended. */
  begin(work: Unit): void {
    this.#done += this.#weight;
    this.#weight = WEIGHTS[work.kind];
    const elapsed = (performance.now() - this.#start) / 1000;
    const left = (elapsed * (this.#total - this.#done)) / this.#done;
    this.#tell({ done: this.#done / this.#total, work, ...(this.#done > 0 && { left }) });
  }
}
