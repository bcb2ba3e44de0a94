import { Turns } from '../../turns.ts';
import { Answers, type Clock, type Duration } from './answers.ts';

/** The number of submissions under way at a time, so that the GPU never waits for the next one. */
export const IN_FLIGHT = 2;

/** The length of a measurement in delays of its result. */
const DELAYS = 10;

const queues = new WeakMap<GPUDevice, DeviceQueue>();

/**
 * The one queue of a device.
 * @param clock the clock of a new queue; an existing queue keeps its clock
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
 * The queue of a device, for all callers. Commands that need several submissions keep their place:
 * no other commands come in between. The queue measures the time that the GPU takes.
 */
export class DeviceQueue {
  readonly clock: Clock;
  /** Tests may replace the speed. */
  speed = new Speed();
  readonly #device: GPUDevice;
  readonly #answers: Answers;
  /** Settles when all commands have been handed over; undefined if no commands wait. */
  readonly #handingOver = new Turns();
  readonly #underWay = new Set<Promise<Duration>>();

  constructor(device: GPUDevice, clock: Clock = performance.now.bind(performance)) {
    this.#device = device;
    this.clock = clock;
    this.#answers = new Answers(device, clock);
  }

  /** Whether commands are being handed over, so that new commands have to wait for their turn. */
  get busy(): boolean {
    return this.#handingOver.last !== undefined;
  }

  /** Does work after all earlier commands have been handed over; at once if no commands wait. */
  inTurn(work: () => Promise<void>): Promise<void> {
    return this.#handingOver.take(work);
  }

  /**
   * Hands commands over.
   * @returns the milliseconds that the commands took after earlier commands, when they have run
   */
  submit(commands: GPUCommandBuffer): Promise<Duration> {
    const start = this.clock();
    this.#answers.submit([commands]);
    const end = this.done().then(() => this.#answers.ended(start));
    this.#underWay.add(end);
    const settled = () => this.#underWay.delete(end);
    end.then(settled, settled);
    return end;
  }

  /** Submits nothing, which has the device free destroyed buffers. */
  tidy(): void {
    this.#answers.submit([]);
  }

  /** Waits until everything that has been submitted has run. */
  done(): Promise<unknown> {
    return this.answer(this.#device.queue.onSubmittedWorkDone());
  }

  /** Waits for an answer of the device. Every wait for this device is to go through this method. */
  answer<T>(answer: Promise<T>): Promise<T> {
    return this.#answers.wait(answer);
  }

  /**
   * The milliseconds that a measurement has to take at the least, so that the delay of its result
   * does not matter.
   * @param least the milliseconds on a device that answers at once
   */
  enough(least: number): number {
    return Math.max(least, DELAYS * this.#answers.delay);
  }

  /** Waits until fewer than `most` submissions are under way. */
  async room(most: number): Promise<void> {
    while (this.#underWay.size >= most) {
      const [oldest] = this.#underWay;
      await oldest.catch(() => {});
    }
  }
}

/**
 * Milliseconds of GPU work in one submission: long enough to hide the round trip, short enough for
 * every watchdog.
 */
export const TARGET = 25;
/** The largest number of milliseconds of a dispatch. */
export const LIMIT = 100;

/** Multiply-adds a millisecond of the slowest kernel on the slowest known adapter: 0.4 GFLOP/s. */
export const SLOWEST = 200_000;
/** Multiply-adds that take as long as the start of a dispatch: some 10 µs on software adapters. */
const BEGINNING = 8000;

/** The largest factor by which one measurement of a kernel alone raises the kernel's rate. */
const GROWTH = 8;
/** The largest factor after a measurement of several kernels together. */
const SHARED_GROWTH = 2;

/** The expected time of a submission: the rate of each pipeline, and the milliseconds of all. */
export interface Expectation {
  rates: Map<object, number>;
  milliseconds: number;
}

/**
 * The speed of a device: a rate for each kernel, in multiply-adds (or equally long work) a
 * millisecond. The kernels of one device differ up to 30 times (on SwiftShader), far more than an
 * expected time may be wrong. A kernel counts as slow until its first measurement, and its rate
 * then grows step by step, because a short measurement tells little about a long dispatch. A
 * measurement that shows a kernel slower counts at once.
 */
export class Speed {
  /**
   * The largest work of a workgroup or a step, which cannot be cut: 84 ms on the slowest known
   * adapter.
   */
  readonly mostUncut: number = 2 ** 24;
  readonly #rates = new WeakMap<object, number>();

  /** Whether the pipeline has been measured. */
  knows(pipeline: object): boolean {
    return this.#rates.has(pipeline);
  }

  /** The expected milliseconds of a dispatch of `work` multiply-adds. */
  milliseconds(pipeline: object, work: number): number {
    return (BEGINNING + work) / this.rate(pipeline);
  }

  /**
   * The number of repetitions of `work` that a dispatch can make in `milliseconds`, at least one.
   */
  times(pipeline: object, work: number, milliseconds: number): number {
    return Math.max(1, Math.floor((milliseconds * this.rate(pipeline) - BEGINNING) / work));
  }

  /** The rate of a pipeline in multiply-adds a millisecond. */
  rate(pipeline: object): number {
    return this.#rates.get(pipeline) ?? SLOWEST;
  }

  /**
   * Updates the rates by the measured milliseconds of a submission. The expected time stays right
   * where the measurement allows it. A short submission never lowers a rate, because its time is
   * mostly the cost of submitting.
   */
  learn({ rates, milliseconds: expected }: Expectation, { least, most }: Duration): void {
    const milliseconds = Math.min(Math.max(expected, least), most);
    const factor = expected / milliseconds;
    if (factor < 1 && milliseconds < TARGET) return;
    const growth = Math.min(factor, rates.size === 1 ? GROWTH : SHARED_GROWTH);
    // Growth starts from the rates that sized this submission, because another submission may have
    // changed the rates in the meantime.
    for (const [pipeline, rate] of rates) this.#rates.set(pipeline, growth * rate);
  }
}
