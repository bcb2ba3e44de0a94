import { type Expectation, IN_FLIGHT, queueOf, TARGET } from '../device/queue.ts';
import { type Dispatch, encode, setFirst } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';

/** A dispatch that has been recorded. */
interface DispatchItem {
  dispatch: Dispatch;
  /** Where the step's struct is, in bytes. */
  stepOffset: number;
  /** Multiply-adds of all its workgroups. */
  work: number;
}

type CopyItem = [from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number];

/**
 * What the GPU is to do, in this order: dispatches, each of which sees what came before it, and
 * copies. Commands that fit one submission are handed over at once. What takes longer is handed
 * over in submissions of about {@link TARGET} milliseconds, each recorded when there is room for
 * it, from what the device's speed is known to be by then; what others hand over meanwhile comes
 * after it. A dispatch that takes longer than a submission runs in pieces: some of its workgroups
 * each.
 */
export class Commands {
  readonly #memory: GpuMemory;
  readonly #label: string;
  readonly #items: (DispatchItem | CopyItem)[] = [];
  /** The item to go on with, and its first workgroup that has not been handed over. */
  #next = 0;
  #first = 0;
  /** Milliseconds that all dispatches are expected to take. */
  #expected = 0;
  /** Work of all dispatches, of those carried out, and the milliseconds that these took. */
  #work = 0;
  #done = 0;
  #spent = 0;

  /** @param memory what they need; they are not handed over once it has been freed */
  constructor(memory: GpuMemory, label: string) {
    this.#memory = memory;
    this.#label = label;
  }

  /** Milliseconds that everything recorded so far is expected to take. */
  get expected(): number {
    return this.#expected;
  }

  /**
   * Records dispatches.
   * @param stepOffset where the step's struct is, in bytes, for those that read one
   * @param times how much each does, in its own work
   */
  dispatch(dispatches: readonly Dispatch[], stepOffset = 0, times = 1): void {
    const { speed } = queueOf(this.#memory.device);
    for (const dispatch of dispatches) {
      const work = times * dispatch.work;
      this.#items.push({ dispatch, stepOffset, work });
      this.#expected += speed.milliseconds(dispatch.pipeline, work);
      this.#work += work;
    }
  }

  /** Records a copy of so many bytes from one buffer to another. */
  copy(...copy: CopyItem): void {
    this.#items.push(copy);
  }

  /**
   * Hands everything over. When that is done, results can be waited for.
   * @param most milliseconds that it may take; if it turns out that they will not do, the rest is
   * left
   * @throws {TooSlowError} in that case
   */
  async submit(most = Number.POSITIVE_INFINITY): Promise<void> {
    const queue = queueOf(this.#memory.device);
    if (!queue.busy && !this.#submitNext()) return;
    await queue.inTurn(async () => {
      for (let left = true; left; left = this.#submitNext()) {
        // The second piece of a kernel with an unknown speed waits until the first has been
        // measured.
        await queue.room(this.#isMeasured() ? IN_FLIGHT : 1);
        this.#checkTime(most);
      }
    });
  }

  /** Records one submission and hands it over. @returns whether anything is left */
  #submitNext(): boolean {
    const submission = new Submission(this.#memory, this.#label);
    let done = 0;
    for (; this.#next < this.#items.length; this.#next++) {
      const item = this.#items[this.#next];
      if (Array.isArray(item)) {
        submission.copy(item);
        continue;
      }
      const [first, count] = [this.#first, submission.fitting(item, this.#first)];
      if (count === 0) break;
      submission.dispatch(item, first, count);
      done += (item.work * count) / item.dispatch.count;
      this.#first = (first + count) % item.dispatch.count;
      if (this.#first > 0) break;
    }
    const left = this.#next < this.#items.length;
    submission.submit().then(
      (milliseconds) => {
        this.#done += done;
        this.#spent += milliseconds;
      },
      // Whoever waits for results hears of it.
      () => {},
    );
    return left;
  }

  /**
   * Whether the dispatch to go on with, of which a piece has been handed over, is of a kernel with
   * a known speed.
   */
  #isMeasured(): boolean {
    const item = this.#items[this.#next];
    if (this.#first === 0 || Array.isArray(item)) return true;
    return queueOf(this.#memory.device).speed.knows(item.dispatch.pipeline);
  }

  #checkTime(most: number): void {
    const milliseconds = (this.#spent * this.#work) / this.#done;
    // What costs less than a submission tells more of submitting than of the work.
    if (this.#spent > TARGET && milliseconds > most) throw new TooSlowError(milliseconds, most);
  }
}

/** Commands that are handed over together. */
class Submission {
  readonly #memory: GpuMemory;
  readonly #label: string;
  readonly #encoder: GPUCommandEncoder;
  readonly #expectation: Expectation = { rates: new Map(), milliseconds: 0 };
  #pass: GPUComputePassEncoder | undefined;
  /** The dispatch that does not begin with its first workgroup, and where it begins instead. */
  #piece: { dispatch: Dispatch; first: number } | undefined;

  constructor(memory: GpuMemory, label: string) {
    memory.checkFreed();
    this.#memory = memory;
    this.#label = label;
    this.#encoder = memory.device.createCommandEncoder({ label });
  }

  /**
   * How many of a dispatch's workgroups from `first` on it can take: none if they had better wait
   * for the next one.
   */
  fitting({ dispatch, work }: DispatchItem, first: number): number {
    const { speed } = queueOf(this.#memory.device);
    const { pipeline, count } = dispatch;
    const most = Math.min(count - first, speed.times(pipeline, work / count, TARGET));
    const piece = most === count ? count : this.#wholeRows(most);
    const expected = this.#expectation.milliseconds + speed.milliseconds(pipeline, (work * piece) / count);
    const fits = this.#expectation.rates.size === 0 || expected <= TARGET;
    // A dispatch can begin at one workgroup only in each submission.
    return fits && this.#piece?.dispatch.shape !== dispatch.shape ? piece : 0;
  }

  dispatch({ dispatch, stepOffset, work }: DispatchItem, first: number, count: number): void {
    const { speed } = queueOf(this.#memory.device);
    const { pipeline } = dispatch;
    const across = Math.min(count, this.#memory.device.limits.maxComputeWorkgroupsPerDimension);
    this.#pass ??= this.#encoder.beginComputePass({ label: this.#label });
    if (count === dispatch.count) encode(this.#pass, dispatch, stepOffset);
    else encode(this.#pass, dispatch, stepOffset, [across, count / across]);
    this.#expectation.rates.set(pipeline, speed.rate(pipeline));
    this.#expectation.milliseconds += speed.milliseconds(pipeline, (work * count) / dispatch.count);
    if (first > 0) this.#piece = { dispatch, first };
  }

  copy(copy: CopyItem): void {
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder.copyBufferToBuffer(...copy);
  }

  /** @returns as {@link GpuMemory.submit} does */
  submit(): Promise<number> {
    this.#pass?.end();
    const { device } = this.#memory;
    if (this.#piece) setFirst(device, this.#piece.dispatch, this.#piece.first);
    const end = this.#memory.submit(this.#encoder.finish());
    if (this.#piece) setFirst(device, this.#piece.dispatch, 0);
    return end.then((milliseconds) => {
      queueOf(device).speed.learn(this.#expectation, milliseconds);
      return milliseconds;
    });
  }

  /** Of so many workgroups as many as fill their rows, where they are more than a row. */
  #wholeRows(count: number): number {
    const row = this.#memory.device.limits.maxComputeWorkgroupsPerDimension;
    return count > row ? count - (count % row) : count;
  }
}

/** Work that is given up because it would take too long. */
export class TooSlowError extends Error {
  constructor(milliseconds: number, most: number) {
    super(`it takes at least ${milliseconds.toPrecision(2)} ms, and ${most.toPrecision(2)} ms are enough`);
  }
}
