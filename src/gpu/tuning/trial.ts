import { repeatFor } from '../../measure/repeat.ts';
import { queueOf } from '../device/queue.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { writeLayers } from '../network/parameters.ts';
import { createContext, type Plan, type PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/**
 * Steps after which bits are compared: the first differs where a kernel does, the others where a
 * state is lost.
 */
const CHECKED_STEPS = 3;
/** Milliseconds of a measurement: far above the clock's grain. */
const MEASUREMENT = 3;
/** Milliseconds of a measurement that is not repeated: what is slow is to cost little. */
const SLOW = 30;
/** How many times as long as the fastest a plan may take before it is given up. */
const FAR_SLOWER = 3;
/** Milliseconds that every plan may take. */
const ALWAYS = 100;

/** What a trial needs. */
interface TrialParts {
  context: PlanContext;
  plan: Plan;
  /** What results are read from. */
  staging: GPUBuffer;
}

/** A plan on parameters of its own. Its kernels are compiled while training may go on. */
export class Trial {
  /**
   * Milliseconds in which its kernels were compiled, or turned out not to be: undefined until then.
   */
  compiled: number | undefined;
  readonly #memory: GpuMemory;
  readonly #clock: () => number;
  readonly #made: Promise<TrialParts>;
  /** Milliseconds of a step when bits were looked at: at least as long as it takes. */
  #seen = Number.POSITIVE_INFINITY;

  constructor(context: PlanContext, create: (context: PlanContext) => Promise<Plan>) {
    this.#memory = context.memory.apart();
    this.#clock = queueOf(this.#memory.device).clock;
    const start = this.#clock();
    this.#made = make(this.#memory, context, create);
    this.#made
      // Whoever asks for results hears of it.
      .catch(() => {})
      .finally(() => {
        this.compiled = this.#clock() - start;
      });
  }

  /**
   * The parameters' bits after a few steps from the start.
   * @param fastest milliseconds of a step by another plan
   * @throws {TooSlowError} if this one turns out to be far slower; it is not run to the end then
   */
  async bits(fastest = Number.POSITIVE_INFINITY): Promise<Uint32Array> {
    const { buffer } = (await this.#made).context.network.parameters[0].weights;
    const enough = Math.max(ALWAYS, FAR_SLOWER * CHECKED_STEPS * fastest);
    const start = this.#clock();
    const bytes = await this.#run(CHECKED_STEPS, buffer, buffer.size / 4, enough);
    this.#seen = (this.#clock() - start) / CHECKED_STEPS;
    return new Uint32Array(bytes);
  }

  /** Milliseconds of a step: the least of several, as all that disturbs makes them longer. */
  async time(): Promise<number> {
    const { network, schedule } = (await this.#made).context;
    const measure = async (steps: number) => {
      const start = this.#clock();
      await this.#run(steps, network.diverged, 1);
      return this.#clock() - start;
    };
    const { times, milliseconds } = await repeatFor(MEASUREMENT, measure, { most: schedule.capacity });
    const least = milliseconds < SLOW ? Math.min(milliseconds, await measure(times)) : milliseconds;
    // What is slow is timed once, and a hiccup makes it slow.
    return Math.min(least / times, this.#seen);
  }

  /** Frees its memory at once. What has been compiled is not lost. */
  destroy(): void {
    this.#memory.destroy();
  }

  /** Runs the first steps and reads a buffer back. */
  async #run(steps: number, result: GPUBuffer, words: number, most?: number): Promise<ArrayBuffer> {
    const { context, plan, staging } = await this.#made;
    const commands = new Commands(this.#memory, 'tuning');
    plan.encode(commands, 0, 0, steps, false);
    await allocating(this.#memory.device, 'tuning', () => context.schedule.write(0, steps));
    const readback = new Readback(this.#memory, staging);
    readback.copy(commands, result, words);
    await commands.submit(most);
    const [bytes] = await readback.read();
    return bytes;
  }
}

async function make(
  memory: GpuMemory,
  { setup, source, rule }: PlanContext,
  create: (context: PlanContext) => Promise<Plan>,
): Promise<TrialParts> {
  const context = await createContext(memory, setup, { source, rule });
  writeLayers(memory, context.network.parameters, setup.start());
  const { size } = context.network.parameters[0].weights.buffer;
  const staging = await allocating(memory.device, 'tuning', () => memory.staging('trial results', size));
  return { context, plan: await create(context), staging };
}
