/** Milliseconds of GPU work in one submission: long enough to hide the round trip, short enough to abort between. */
const SUBMISSION = 25;

/**
 * How many steps go into a submission, from how long earlier ones took. A report takes an evaluation, and ends what a kernel of
 * many steps does at once, so that what a run takes that reports rarely tells nothing of one that reports often.
 */
export class Calibration {
  readonly #most: number;
  /** In the next submission, by how often is reported, in powers of two. */
  readonly #steps = new Map<number, number>();
  #lastCompletion = 0;

  /** @param most steps that a submission has room for */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param every steps between two reports; undefined for none */
  steps(every: number | undefined): number {
    return this.#steps.get(frequency(every)) ?? 1;
  }

  /**
   * Takes note of a submission of `count` steps that was handed over at `start` and is done now; the next takes twice as many, at
   * most.
   */
  learn(every: number | undefined, count: number, start: number, now = performance.now()): void {
    const duration = now - Math.max(start, this.#lastCompletion);
    this.#lastCompletion = now;
    // One that was cut short by the end of a run tells nothing of more.
    if (count < this.steps(every) && duration <= SUBMISSION) return;
    const wanted = Math.floor((count * SUBMISSION) / Math.max(duration, 0.1));
    this.#steps.set(frequency(every), Math.max(1, Math.min(wanted, 2 * count, this.#most)));
  }
}

function frequency(every = Number.POSITIVE_INFINITY): number {
  return Math.floor(Math.log2(every));
}
