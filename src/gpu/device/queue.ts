import { now } from './timing.ts';

/** Submissions on their way at a time, so that the GPU does not wait for what comes next. */
const IN_FLIGHT = 2;

const queues = new WeakMap<GPUDevice, DeviceQueue>();

/** The one queue of a device. */
export function queueOf(device: GPUDevice): DeviceQueue {
  let queue = queues.get(device);
  if (!queue) {
    queue = new DeviceQueue(device);
    queues.set(device, queue);
  }
  return queue;
}

/**
 * The way to a device, for all that use it. What is handed over bit by bit keeps its place: nothing else gets in between.
 * Tells how long the GPU takes.
 */
export class DeviceQueue {
  readonly #device: GPUDevice;
  /** Settles when nothing is left to hand over; undefined if nothing is. */
  #turn: Promise<unknown> | undefined;
  readonly #underWay = new Set<Promise<number>>();
  #lastEnd = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Whether something is being handed over, so that what comes now has to take its turn. */
  get busy(): boolean {
    return this.#turn !== undefined;
  }

  /** Does something when all that came before has been handed over: at once, where that is so. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn ? this.#turn.then(work) : work();
    const turn = done
      .catch(() => {})
      .then(() => {
        if (this.#turn === turn) this.#turn = undefined;
      });
    this.#turn = turn;
    return done;
  }

  /** Hands commands over. @returns when they have been carried out: the milliseconds that it took, after what came before */
  submit(commands: GPUCommandBuffer): Promise<number> {
    const start = now();
    const { queue } = this.#device;
    queue.submit([commands]);
    const end = queue.onSubmittedWorkDone().then(() => {
      const end = now();
      const milliseconds = end - Math.max(start, this.#lastEnd);
      this.#lastEnd = end;
      // The clock's grain may be coarser than the work.
      return Math.max(milliseconds, 0.01);
    });
    this.#underWay.add(end);
    const settled = () => void this.#underWay.delete(end);
    end.then(settled, settled);
    return end;
  }

  /** Waits until all that was submitted has been carried out. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** Waits until the GPU is about to run out of work. */
  async room(): Promise<void> {
    while (this.#underWay.size >= IN_FLIGHT) {
      const [oldest] = this.#underWay;
      await oldest.catch(() => {});
    }
  }
}
