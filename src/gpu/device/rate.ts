/** Milliseconds of GPU work in one submission: long enough to hide the round trip, short enough for every watchdog. */
export const TARGET = 25;
/** Milliseconds that a dispatch may take at the most. */
export const LIMIT = 100;

/** Multiply-adds a millisecond of the slowest adapter and kernel that are known: 0.4 GFLOP/s. */
export const SLOWEST = 200_000;
/** Work from which on a dispatch may be carried out in parts: what the slowest adapter needs 20 ms for. */
export const LONG = 20 * SLOWEST;

/** Work at the most of what nothing can cut: what the slowest adapter known needs 84 ms for. */
export const MOST_UNCUT = 2 ** 24;

/** How many times as fast as before a pipeline is believed to be after one measurement. */
const GROWTH = 8;
/** The same, where it was measured together with others. */
const SHARED_GROWTH = 2;

/**
 * How fast a pipeline is on its device, in multiply-adds or what takes as long. It is taken for slow until measured, then
 * believed step by step: a short measurement says little of a long dispatch. What turns out slow is believed at once.
 */
export class Rate {
  #perMillisecond = SLOWEST;
  #known = false;

  /** Whether it has been measured, and the measurement was believed in full. */
  get known(): boolean {
    return this.#known;
  }

  /** Milliseconds that so much work is expected to take. */
  milliseconds(work: number): number {
    return work / this.#perMillisecond;
  }

  /** How many times something can be done in so many milliseconds; once, if it takes longer. */
  times(work: number, milliseconds: number): number {
    return Math.max(1, Math.floor(milliseconds / this.milliseconds(work)));
  }

  /** Takes a measurement of the pipeline alone. */
  learn(work: number, milliseconds: number): void {
    const measured = work / milliseconds;
    const most = GROWTH * this.#perMillisecond;
    this.#known = measured <= most;
    this.#perMillisecond = Math.min(measured, most);
  }

  /** Takes a measurement of several pipelines: how many times as fast as expected they were. */
  correct(factor: number): void {
    this.#perMillisecond *= Math.min(factor, SHARED_GROWTH);
  }
}

/** Corrects the rates of what was measured together. What it costs to submit anything at all makes no rate slower. */
export function correctAll(rates: Iterable<Rate>, expected: number, milliseconds: number): void {
  const factor = expected / milliseconds;
  if (factor < 1 && milliseconds < TARGET) return;
  for (const rate of rates) rate.correct(factor);
}
