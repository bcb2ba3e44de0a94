/** Submissions under way at a time, so that the GPU does not wait for the next one. */
export const IN_FLIGHT = 2;

/**
 * Milliseconds from which on the answer of an idle device is late: Firefox takes 83 to 101, Chrome
 * 0.1 to 0.5.
 */
const LATE = 60;
/** Milliseconds between two reminders of a device that answers late. */
const REMINDER = 2;

/** Tells milliseconds since some moment. */
type Clock = () => number;

const queues = new WeakMap<GPUDevice, DeviceQueue>();

/**
 * The one queue of a device.
 * @param clock for the device's first caller to choose
 */
export function queueOf(device: GPUDevice, clock?: Clock): DeviceQueue {
  let queue = queues.get(device);
  if (!queue) {
    queue = new DeviceQueue(device, clock);
    queues.set(device, queue);
  }
  return queue;
}

/**
 * The way to a device, for all that use it. Commands that need several submissions keep their
 * place: nothing else gets in between. The queue measures how long the GPU takes.
 */
export class DeviceQueue {
  readonly clock: Clock;
  /** A test may put another one here. */
  speed = new Speed();
  readonly #device: GPUDevice;
  /** Settles when nothing is left to hand over; undefined if nothing is. */
  #handingOver: Promise<unknown> | undefined;
  readonly #underWay = new Set<Promise<number>>();
  #lastEnd = 0;
  /**
   * Whether the device answers late even when it is idle; undefined until that is known. A busy
   * thread hears an answer late, too: late answers are measured again, one that is not late is
   * believed.
   */
  #late: boolean | undefined;
  #reminder: ReturnType<typeof setTimeout> | undefined;

  constructor(device: GPUDevice, clock: Clock = performance.now.bind(performance)) {
    this.#device = device;
    this.clock = clock;
    this.#timeAnswer();
  }

  /** Whether something is being handed over, so that what comes now has to take its turn. */
  get busy(): boolean {
    return this.#handingOver !== undefined;
  }

  /** Does something when all that came before has been handed over: at once, where that is so. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#handingOver ? this.#handingOver.then(work) : work();
    const handingOver = done
      .catch(() => {})
      .then(() => {
        if (this.#handingOver === handingOver) this.#handingOver = undefined;
      });
    this.#handingOver = handingOver;
    return done;
  }

  /**
   * Hands commands over. @returns when they have been carried out: the milliseconds that it took,
   * after what came before
   */
  submit(commands: GPUCommandBuffer): Promise<number> {
    const start = this.clock();
    const { queue } = this.#device;
    queue.submit([commands]);
    const end = queue.onSubmittedWorkDone().then(() => {
      const end = this.clock();
      const milliseconds = end - Math.max(start, this.#lastEnd);
      this.#lastEnd = end;
      // The grain of the clock, or of the answers, may be coarser than the work.
      return Math.max(milliseconds, this.#late ? 2 * REMINDER : 0.01);
    });
    this.#underWay.add(end);
    const settled = () => {
      this.#underWay.delete(end);
      if (this.#underWay.size === 0 && this.#late !== false) this.#timeAnswer();
    };
    end.then(settled, settled);
    this.#remind();
    return end;
  }

  /** Waits until fewer than `most` submissions are under way. */
  async room(most: number): Promise<void> {
    while (this.#underWay.size >= most) {
      const [oldest] = this.#underWay;
      await oldest.catch(() => {});
    }
  }

  /** Measures how long an answer takes that nothing delays. */
  #timeAnswer(): void {
    const start = this.clock();
    const learn = () => {
      // A submission meanwhile would have brought the answer.
      if (this.#underWay.size === 0) this.#late = this.clock() - start > LATE;
    };
    this.#device.queue.onSubmittedWorkDone().then(learn, () => {});
  }

  /**
   * Firefox looks for finished work every 100 ms, and whenever something is submitted, be it
   * nothing: Mozilla bug 1870699. So nothing is submitted now and then, as long as an answer is
   * due.
   */
  #remind(): void {
    if (!this.#late || this.#reminder !== undefined) return;
    this.#reminder = setTimeout(() => {
      this.#reminder = undefined;
      if (this.#underWay.size === 0) return;
      this.#device.queue.submit([]);
      this.#remind();
    }, REMINDER);
  }
}

/**
 * Milliseconds of GPU work in one submission: long enough to hide the round trip, short enough for
 * every watchdog.
 */
export const TARGET = 25;
/** Milliseconds that a dispatch may take at the most. */
export const LIMIT = 100;

/** Multiply-adds a millisecond of the slowest adapter and kernel that are known: 0.4 GFLOP/s. */
export const SLOWEST = 200_000;
/** Multiply-adds that take as long as beginning a dispatch: on software adapters some 10 µs. */
const BEGINNING = 8000;

/** How many times as fast as before a kernel counts as after one measurement of it alone. */
const GROWTH = 8;
/** The same after a measurement of several kernels together. */
const SHARED_GROWTH = 2;

/**
 * What a submission is expected to take: the rate of each of its pipelines, and milliseconds for
 * all of them together.
 */
export interface Expectation {
  rates: Map<object, number>;
  milliseconds: number;
}

/**
 * How fast a device is, in multiply-adds a millisecond or what takes as long: a rate for each
 * kernel, as the kernels of one device differ by far more than a dispatch may be wrong by (30 times
 * on SwiftShader). A kernel counts as slow until it is measured, and then gains speed step by step:
 * a short measurement says little of a long dispatch. A kernel that turns out slow is believed at
 * once.
 */
export class Speed {
  /**
   * Work at the most of a workgroup or a step, which nothing can cut: the slowest adapter known
   * needs 84 ms for it.
   */
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

  /** How many times a dispatch can do something in so many milliseconds: at least once. */
  times(pipeline: object, work: number, milliseconds: number): number {
    return Math.max(1, Math.floor((milliseconds * this.rate(pipeline) - BEGINNING) / work));
  }

  /** Multiply-adds a millisecond. */
  rate(pipeline: object): number {
    return this.#rates.get(pipeline) ?? SLOWEST;
  }

  /**
   * Takes the milliseconds that a submission took. What it costs to submit anything at all makes no
   * kernel slower.
   */
  learn({ rates, milliseconds: expected }: Expectation, milliseconds: number): void {
    const factor = expected / milliseconds;
    if (factor < 1 && milliseconds < TARGET) return;
    const growth = Math.min(factor, rates.size === 1 ? GROWTH : SHARED_GROWTH);
    // Growth starts from the rate that sized this submission: another one may have been measured
    // meanwhile.
    for (const [pipeline, rate] of rates) this.#rates.set(pipeline, growth * rate);
  }
}
