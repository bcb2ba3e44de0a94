import { vi } from 'vitest';
import { queueOf } from '../../../src/gpu/device/queue.ts';

/** The timer of the runtime, which fake timers do not replace in a variable. */
const timeout = globalThis.setTimeout;

/** An answer of the real device that is held back, and whether it is about no work at all. */
interface Held {
  tell: () => void;
  idle: boolean;
}

/**
 * A device in simulated time that answers at each submission and else at fixed times only, as
 * Firefox does. The time passes only while it holds back answers, so that it does not depend on the
 * machine. Needs fake timers.
 */
export class LateDevice {
  now = 0;
  /** The submissions without commands so far. */
  reminders = 0;
  readonly #period: number;
  #held: Held[] = [];
  /** Whether nothing has been submitted since the last question for finished work. */
  #idle = true;

  /**
   * @param device of the test's own, which becomes late
   * @param period milliseconds between two answers; 0 for a prompt device
   */
  constructor(device: GPUDevice, period: number) {
    this.#period = period;
    const { queue } = device;
    const pop = device.popErrorScope.bind(device);
    const compile = device.createComputePipelineAsync.bind(device);
    const create = device.createBuffer.bind(device);
    const done = queue.onSubmittedWorkDone.bind(queue);
    const submit = queue.submit.bind(queue);
    device.popErrorScope = () => this.#late(pop());
    device.createComputePipelineAsync = (descriptor) => this.#late(compile(descriptor));
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const map = buffer.mapAsync.bind(buffer);
      buffer.mapAsync = (mode) => this.#late(map(mode));
      return buffer;
    };
    queue.onSubmittedWorkDone = () => {
      const idle = this.#idle;
      this.#idle = true;
      return this.#late(done(), idle);
    };
    queue.submit = (buffers) => {
      const commands = Array.from(buffers);
      if (commands.length === 0) this.reminders++;
      else this.#idle = false;
      this.#answer();
      return submit(commands);
    };
    queueOf(device, () => this.now);
  }

  /** The simulated milliseconds of some work, and its result. */
  async time<T>(work: () => Promise<T>): Promise<{ milliseconds: number; result: T }> {
    const start = this.now;
    let working = true;
    const end = () => {
      working = false;
    };
    const result = work();
    result.then(end, end);
    while (working) await this.pass();
    return { milliseconds: this.now - start, result: await result };
  }

  /** Lets a millisecond pass, unless nobody waits for an answer that is held back. */
  async pass(): Promise<void> {
    // Deno looks for the GPU's answers at timers only, never at setImmediate().
    await new Promise((resolve) => timeout(resolve));
    if (this.#period === 0) this.#answer();
    if (this.#held.every(({ idle }) => idle)) return;
    this.now++;
    vi.advanceTimersByTime(1);
    if (this.now % this.#period === 0) this.#answer();
  }

  #answer(): void {
    for (const { tell } of this.#held.splice(0)) tell();
  }

  async #late<T>(answer: Promise<T>, idle = false): Promise<T> {
    const settled = await Promise.allSettled([answer]);
    await new Promise<void>((resolve) => void this.#held.push({ tell: resolve, idle }));
    const [outcome] = settled;
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }
}
