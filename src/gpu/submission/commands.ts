import type { Duration } from '../device/answers.ts';
import { type Expectation, IN_FLIGHT, queueOf, TARGET } from '../device/queue.ts';
import { type Dispatch, encode, setFirst } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';

/** A recorded dispatch. */
interface DispatchItem {
  dispatch: Dispatch;
  /** Bytes to the step's struct. */
  stepOffset: number;
  /** Multiply-adds of all workgroups. */
  work: number;
}

type CopyItem = [from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number];

/**
 * Dispatches and copies for the GPU. They run in order, and each sees the results of those before.
 * Commands that fit one submission are handed over at once. Longer commands are handed over in
 * submissions of about {@link TARGET} milliseconds, before all commands that come later. Each
 * submission is recorded when the queue has room, with the speed of the device as known by then. A
 * dispatch that takes longer than a submission runs in pieces, each with some of its workgroups.
 */
export class Commands {
  readonly #memory: GpuMemory;
  readonly #label: string;
  readonly #items: (DispatchItem | CopyItem)[] = [];
  /** The next item to hand over, and the first of its workgroups that is still to run. */
  #next = 0;
  #first = 0;
  /** The expected milliseconds of all dispatches. */
  #expected = 0;
  /** The work of all dispatches, the work done so far, and the milliseconds that it took at least. */
  #work = 0;
  #done = 0;
  #spent = 0;

  /**
   * @param memory the memory that the commands need: after it has been freed, nothing is handed
   * over
   */
  constructor(memory: GpuMemory, label: string) {
    this.#memory = memory;
    this.#label = label;
  }

  /** The expected milliseconds of everything recorded so far. */
  get expected(): number {
    return this.#expected;
  }

  /**
   * Records dispatches.
   * @param stepOffset bytes to the step's struct, for dispatches that read it
   * @param times the work of each dispatch in units of its own estimate
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

  /** Records a copy of bytes from one buffer to another. */
  copy(...copy: CopyItem): void {
    this.#items.push(copy);
  }

  /**
   * Hands everything over. After that, the results can be awaited.
   * @param most the most milliseconds that the commands may take
   * @throws {TooSlowError} if the commands turn out to take longer; the rest is not handed over
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

  /**
   * Records one submission and hands it over.
   * @returns whether anything is left
   */
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
      ({ least }) => {
        this.#done += done;
        this.#spent += least;
      },
      // The error reaches the program through the read of the results.
      () => {},
    );
    return left;
  }

  /** Whether the speed of the next dispatch is known, if one piece of it has been handed over. */
  #isMeasured(): boolean {
    const item = this.#items[this.#next];
    if (this.#first === 0 || Array.isArray(item)) return true;
    return queueOf(this.#memory.device).speed.knows(item.dispatch.pipeline);
  }

  #checkTime(most: number): void {
    const milliseconds = (this.#spent * this.#work) / this.#done;
    // The time of less than a submission is mostly the cost of submitting.
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
  /**
   * The dispatch that begins after its first workgroup, and the number of the workgroup it begins
   * with.
   */
  #piece: { dispatch: Dispatch; first: number } | undefined;

  constructor(memory: GpuMemory, label: string) {
    memory.checkFreed();
    this.#memory = memory;
    this.#label = label;
    this.#encoder = memory.device.createCommandEncoder({ label });
  }

  /**
   * The number of a dispatch's workgroups from `first` on that this submission can take; 0 if the
   * dispatch has to wait for the next submission.
   */
  fitting({ dispatch, work }: DispatchItem, first: number): number {
    const { speed } = queueOf(this.#memory.device);
    const { pipeline, count } = dispatch;
    const most = Math.min(count - first, speed.times(pipeline, work / count, TARGET));
    const piece = most === count ? count : this.#wholeRows(most);
    const expected = this.#expectation.milliseconds + speed.milliseconds(pipeline, (work * piece) / count);
    const fits = this.#expectation.rates.size === 0 || expected <= TARGET;
    // All dispatches of a kernel's uniform in one submission begin at the same workgroup.
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
  submit(): Promise<Duration> {
    this.#pass?.end();
    const { device } = this.#memory;
    if (this.#piece) setFirst(device, this.#piece.dispatch, this.#piece.first);
    const end = this.#memory.submit(this.#encoder.finish());
    if (this.#piece) setFirst(device, this.#piece.dispatch, 0);
    return end.then((duration) => {
      queueOf(device).speed.learn(this.#expectation, duration);
      return duration;
    });
  }

  /**
   * The largest number of workgroups up to `count` that fills whole rows; `count` if it is less
   * than a row.
   */
  #wholeRows(count: number): number {
    const row = this.#memory.device.limits.maxComputeWorkgroupsPerDimension;
    return count > row ? count - (count % row) : count;
  }
}

/** Work is given up because it would take too long. */
export class TooSlowError extends Error {
  constructor(milliseconds: number, most: number) {
    super(`it takes at least ${milliseconds.toPrecision(2)} ms, and ${most.toPrecision(2)} ms are enough`);
  }
}
