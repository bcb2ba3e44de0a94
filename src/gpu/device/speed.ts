/** Milliseconds of GPU work in one submission: long enough to hide the round trip, short enough for every watchdog. */
export const TARGET = 25;
/** Milliseconds that a dispatch may take at the most. */
export const LIMIT = 100;

/** Multiply-adds a millisecond of the slowest adapter and kernel that are known: 0.4 GFLOP/s. */
export const SLOWEST = 200_000;
/** Multiply-adds that take as long as beginning a dispatch does: on software adapters tens of microseconds. */
const BEGINNING = 8000;

/** How many times as fast as before a kernel is believed to be after one measurement of it alone. */
const GROWTH = 8;
/** The same after a measurement of several kernels together. */
const SHARED_GROWTH = 2;

/** What a submission is expected to take: the rate of each of its pipelines, and milliseconds for all of them together. */
export interface Expectation {
  rates: Map<object, number>;
  milliseconds: number;
}

/**
 * How fast a device is, in multiply-adds a millisecond or what takes as long: a rate for each kernel, as the kernels of one
 * device differ by far more than a dispatch may be wrong by (30 times on SwiftShader). A kernel counts as slow until it is
 * measured, and then gains speed step by step: a short measurement says little of a long dispatch. A kernel that turns out
 * slow is believed at once.
 */
export class Speed {
  /** Work at the most of a workgroup or a step, which nothing can cut: the slowest adapter known needs 84 ms for it. */
  readonly mostUncut: number = 2 ** 24;
  readonly #rates = new WeakMap<object, number>();

  /** Whether the pipeline has been measured. */
  knows(pipeline: object): boolean {
    return this.#rates.has(pipeline);
  }

  /** Milliseconds that a dispatch of so much work is expected to take. */
  milliseconds(pipeline: object, work: number): number {
    return (BEGINNING + work) / this.rate(pipeline);
  }

  /** How many times one dispatch can do something in so many milliseconds; once, if that takes longer. */
  times(pipeline: object, work: number, milliseconds: number): number {
    return Math.max(1, Math.floor((milliseconds * this.rate(pipeline) - BEGINNING) / work));
  }

  /** Multiply-adds a millisecond. */
  rate(pipeline: object): number {
    return this.#rates.get(pipeline) ?? SLOWEST;
  }

  /** Takes the milliseconds that a submission took. What it costs to submit anything at all makes no kernel slower. */
  learn({ rates, milliseconds: expected }: Expectation, milliseconds: number): void {
    const factor = expected / milliseconds;
    if (factor < 1 && milliseconds < TARGET) return;
    const growth = Math.min(factor, rates.size === 1 ? GROWTH : SHARED_GROWTH);
    // Growth starts from the rate that sized this submission: another one may have been measured meanwhile.
    for (const [pipeline, rate] of rates) this.#rates.set(pipeline, growth * rate);
  }
}
