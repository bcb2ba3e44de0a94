import { repeatFor } from '../../measure/repeat.ts';
import { queueOf } from '../device/queue.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { writeLayers } from '../network/parameters.ts';
import { createContext, type Plan, type PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/**
 * The number of steps before the comparison of bits. The first step shows a kernel that computes
 * differently, the next two a state that is not kept.
 */
const CHECKED_STEPS = 3;
/** Milliseconds of a measurement: far above the clock's grain and the round trip of a busy page. */
const MEASUREMENT = 10;
/** Further measurements: a page that draws disturbs several in a row. */
const REPETITIONS = 3;
/**
 * Milliseconds from which on a measurement is not repeated, so that a slow plan costs little time.
 */
const SLOW = 30;
/** The factor by which a plan may be slower than the fastest plan before its trial ends. */
const FAR_SLOWER = 3;
/** Milliseconds that every plan may take. */
const ALWAYS = 100;

/** The network, the plan and the buffer of a trial. */
interface TrialParts {
  context: PlanContext;
  plan: Plan;
  /** The buffer for results. */
  staging: GPUBuffer;
}

/** A plan with its own copy of the network. Its kernels are compiled while training may go on. */
export class Trial {
  /** Milliseconds until the kernels were compiled or failed; undefined before. */
  compiled: number | undefined;
  readonly #memory: GpuMemory;
  readonly #clock: () => number;
  readonly #made: Promise<TrialParts>;
  /** Milliseconds of a step during the comparison of bits, which is an upper bound. */
  #seen = Number.POSITIVE_INFINITY;

  constructor(context: PlanContext, create: (context: PlanContext) => Promise<Plan>) {
    this.#memory = context.memory.apart();
    this.#clock = queueOf(this.#memory.device).clock;
    const start = this.#clock();
    this.#made = make(this.#memory, context, create);
    this.#made
      // The error reaches the caller of {@link bits} and {@link time}.
      .catch(() => {})
      .finally(() => {
        this.compiled = this.#clock() - start;
      });
  }

  /**
   * The bits of the parameters after a few steps from the start.
   * @param fastest milliseconds of a step with another plan
   * @throws {TooSlowError} if this plan turns out to be far slower; its steps are then not
   * completed
   */
  async bits(fastest = Number.POSITIVE_INFINITY): Promise<Uint32Array> {
    const { buffer } = (await this.#made).context.network.parameters[0].weights;
    const enough = Math.max(ALWAYS, FAR_SLOWER * CHECKED_STEPS * fastest);
    const start = this.#clock();
    const bytes = await this.#run(CHECKED_STEPS, buffer, buffer.size / 4, enough);
    this.#seen = (this.#clock() - start) / CHECKED_STEPS;
    return new Uint32Array(bytes);
  }

  /**
   * Milliseconds of a step: the least of several measurements, because other work only makes them
   * longer.
   */
  async time(): Promise<number> {
    const { network, schedule } = (await this.#made).context;
    const measure = async (steps: number) => {
      const start = this.#clock();
      await this.#run(steps, network.diverged, 1);
      return this.#clock() - start;
    };
    const enough = queueOf(this.#memory.device).enough(MEASUREMENT);
    const { times, milliseconds } = await repeatFor(enough, measure, { most: schedule.capacity });
    let least = milliseconds;
    for (let i = 0; i < REPETITIONS && milliseconds < SLOW; i++)
      least = Math.min(least, await measure(times));
    // A slow plan is timed once; a disturbance may have slowed that measurement.
    return Math.min(least / times, this.#seen);
  }

  /** Frees the memory of the trial at once. Compiled kernels are kept. */
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
  { setup, source }: PlanContext,
  create: (context: PlanContext) => Promise<Plan>,
): Promise<TrialParts> {
  const context = await createContext(memory, setup, { source });
  writeLayers(memory, context.network.parameters, setup.start());
  const { size } = context.network.parameters[0].weights.buffer;
  const staging = await allocating(memory.device, 'tuning', () => memory.staging('trial results', size));
  return { context, plan: await create(context), staging };
}
