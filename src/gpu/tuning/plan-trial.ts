import { CHECKED_STEPS, enoughFor, leastTime } from '../device/timing.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { writeLayers } from '../network/parameters.ts';
import { type Candidate, createContext, type Plan, type PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** A candidate on parameters of its own. */
export class PlanTrial {
  readonly #memory: GpuMemory;
  readonly #context: PlanContext;
  readonly #plan: Plan;
  /** What results are read from. */
  readonly #staging: GPUBuffer;
  /** Milliseconds of a step when bits were looked at: at least as long as it takes. */
  #seen = Number.POSITIVE_INFINITY;

  private constructor(memory: GpuMemory, context: PlanContext, plan: Plan, staging: GPUBuffer) {
    this.#memory = memory;
    this.#context = context;
    this.#plan = plan;
    this.#staging = staging;
  }

  /** @param memory what the trial needs, which is freed after it */
  static async create(
    memory: GpuMemory,
    { setup, source, rule }: PlanContext,
    candidate: Candidate,
  ): Promise<PlanTrial> {
    const context = await createContext(memory, setup, { source, rule });
    writeLayers(memory, context.network.parameters, setup.start());
    const { size } = context.network.parameters[0].weights.buffer;
    const staging = await allocating(memory.device, 'tuning', () => memory.staging('trial results', size));
    return new PlanTrial(memory, context, await candidate.create(context), staging);
  }

  /**
   * The parameters' bits after a few steps from the start.
   * @param fastest milliseconds of a step by another candidate
   * @throws {TooSlowError} if this one turns out to be far slower; it is not run to the end then
   */
  async bits(fastest: number): Promise<Uint32Array> {
    const { buffer } = this.#context.network.parameters[0].weights;
    const start = performance.now();
    const [bytes] = await this.#run(
      CHECKED_STEPS,
      buffer,
      buffer.size / 4,
      enoughFor(CHECKED_STEPS * fastest),
    );
    this.#seen = (performance.now() - start) / CHECKED_STEPS;
    return new Uint32Array(bytes);
  }

  /** Milliseconds of a step. */
  async time(): Promise<number> {
    const { schedule, network } = this.#context;
    const least = await leastTime((steps) => this.#run(steps, network.diverged, 1), schedule.capacity);
    // What is slow is timed once, and a hiccup makes it slow.
    return Math.min(least, this.#seen);
  }

  /** Runs the first steps and reads a buffer back. */
  async #run(steps: number, result: GPUBuffer, words: number, most?: number): Promise<ArrayBuffer[]> {
    const commands = new Commands(this.#memory, 'tuning');
    this.#plan.encode(commands, 0, 0, steps, false);
    await allocating(this.#memory.device, 'tuning', () => this.#context.schedule.write(0, steps));
    const readback = new Readback(this.#memory, this.#staging);
    readback.copy(commands, result, words);
    await commands.submit(most);
    return readback.read();
  }
}
