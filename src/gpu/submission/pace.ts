import { correctAll, type Rate, TARGET } from '../device/rate.ts';
import type { Dispatch } from '../kernels/dispatch.ts';

/** A dispatch that has been recorded, and how much it does. */
export interface DispatchItem {
  dispatch: Pick<Dispatch, 'rate' | 'workgroups' | 'whole'>;
  stepOffset: number;
  work: number;
}

/** A copy between buffers. */
export interface CopyItem {
  copy: readonly [from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number];
}

export type Item<T extends DispatchItem = DispatchItem> = T | CopyItem;

/** What carries items out. */
export interface Executor<T extends DispatchItem> {
  dispatch(item: T): void;
  /** The workgroups of a dispatch from number `first` to before `end`. */
  part(item: T, first: number, end: number): void;
  copy(...copy: CopyItem['copy']): void;
  /** Whether the next submission can have no more parts. */
  readonly full: boolean;
  /** Hands over what came since the last time, if anything; then, the milliseconds that it took. */
  submit(): Promise<number> | undefined;
  /** Waits until all is done. */
  idle(): Promise<void>;
  /** Waits until the next submission may be handed over. */
  room(): Promise<void>;
}

/** What may be expected of a submission beyond its target, rather than to begin another one. */
const TOLERANCE = 1.2;

/**
 * Hands items over in submissions of about {@link TARGET} milliseconds. A dispatch that may be carried out in parts is, where it
 * is expected to take longer. As long as little is known of its pipeline, a part is submitted alone and timed, and decides
 * how large the next one is: from small to large, and never larger than what the measured rate allows.
 */
export class Pace<T extends DispatchItem> {
  readonly #executor: Executor<T>;
  /** Milliseconds after which it is given up, and why in words. */
  readonly #most: number;
  /** Of what is to be submitted next. */
  #expected = 0;
  #rates = new Set<Rate>();
  /** Milliseconds of all that has been done. */
  #spent = 0;

  /** @param most milliseconds that all items may take; if it turns out that they will not do, the rest is left */
  constructor(executor: Executor<T>, most = Number.POSITIVE_INFINITY) {
    this.#executor = executor;
    this.#most = most;
  }

  /** @throws {TooSlowError} where more time than allowed is needed */
  async run(items: readonly Item<T>[]): Promise<void> {
    for (const item of items) {
      if ('copy' in item) this.#executor.copy(...item.copy);
      else if (item.dispatch.whole) await this.#inParts(item);
      else {
        const { rate } = item.dispatch;
        const expected = rate.milliseconds(item.work);
        if (this.#exceeds(expected)) await this.#submit();
        this.#executor.dispatch(item);
        this.#expect(expected, rate);
      }
    }
    await this.#submit();
  }

  async #inParts(item: T): Promise<void> {
    const { rate, workgroups } = item.dispatch;
    const count = workgroups[0] * workgroups[1];
    const each = item.work / count;
    for (let first = 0; first < count; ) {
      const rest = count - first;
      const most = Math.min(rest, rate.times(each, TARGET));
      if (!rate.known) {
        await this.#submit();
        await this.#executor.idle();
        this.#executor.part(item, first, first + most);
        const milliseconds = (await this.#executor.submit()) as number;
        rate.learn(most * each, milliseconds);
        first += most;
        this.#spend(milliseconds, rate.known ? rate.milliseconds((count - first) * each) : 0);
        continue;
      }
      const parts = Math.ceil(rest / most);
      const own = Math.ceil(rest / parts);
      const expected = rate.milliseconds(own * each);
      if (this.#exceeds(expected) || this.#executor.full) {
        await this.#submit();
        // What has been measured meanwhile may ask for other parts.
        continue;
      }
      this.#executor.part(item, first, first + own);
      this.#expect(expected, rate);
      first += own;
    }
  }

  #exceeds(expected: number): boolean {
    return this.#expected > 0 && this.#expected + expected > TOLERANCE * TARGET;
  }

  #expect(milliseconds: number, rate: Rate): void {
    this.#expected += milliseconds;
    this.#rates.add(rate);
  }

  #spend(milliseconds: number, rest: number): void {
    this.#spent += milliseconds;
    if (this.#spent + rest > this.#most) throw new TooSlowError(this.#spent + rest, this.#most);
  }

  async #submit(): Promise<void> {
    const [expected, rates] = [this.#expected, this.#rates];
    this.#expected = 0;
    this.#rates = new Set();
    const end = this.#executor.submit();
    end?.then(
      (milliseconds) => {
        correctAll(rates, expected, milliseconds);
        this.#spent += milliseconds;
      },
      // Whoever waits for results hears of it.
      () => {},
    );
    await this.#executor.room();
    this.#spend(0, 0);
  }
}

/** Work that is given up because it would take too long. */
export class TooSlowError extends Error {
  constructor(milliseconds: number, most: number) {
    super(`it takes at least ${milliseconds.toPrecision(2)} ms, and ${most.toPrecision(2)} ms are enough`);
  }
}
