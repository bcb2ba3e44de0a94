import type { GpuMemory } from './memory.ts';
import { writeLayers } from './parameters.ts';
import { type Candidate, createContext, type Plan, type PlanContext } from './plan.ts';
import { Readback } from './readback.ts';
import { leastTime } from './timing.ts';

/** Steps after which bits are compared: the first differs where a kernel does, the others where a state is lost. */
const CHECKED_STEPS = 3;
/** Steps of a trial at the least: those, and one that is timed. */
export const TRIAL_STEPS = CHECKED_STEPS + 1;

/** A candidate on parameters of its own. */
export class PlanTrial {
  readonly #memory: GpuMemory;
  readonly #context: PlanContext;
  readonly #plan: Plan;

  private constructor(memory: GpuMemory, context: PlanContext, plan: Plan) {
    this.#memory = memory;
    this.#context = context;
    this.#plan = plan;
  }

  /** @param memory what the trial needs, which is freed after it */
  static async create(
    memory: GpuMemory,
    { setup, source, rule }: PlanContext,
    candidate: Candidate,
  ): Promise<PlanTrial> {
    const context = await createContext(memory, setup, { source, rule });
    writeLayers(memory, context.network.parameters, setup.start());
    return new PlanTrial(memory, context, await candidate.create(context));
  }

  /** The parameters' bits after a few steps from the start. */
  async bits(): Promise<Uint32Array> {
    const { buffer } = this.#context.network.parameters[0].weights;
    const [bytes] = await this.#run(CHECKED_STEPS, buffer, buffer.size / 4);
    return new Uint32Array(bytes);
  }

  /** Milliseconds of a step. */
  time(): Promise<number> {
    const { schedule, network } = this.#context;
    return leastTime((steps) => this.#run(steps, network.diverged, 1), schedule.capacity);
  }

  /** Runs the first steps and reads a buffer back. */
  async #run(steps: number, result: GPUBuffer, words: number): Promise<ArrayBuffer[]> {
    const { device } = this.#memory;
    const encoder = device.createCommandEncoder({ label: 'tuning' });
    const pass = encoder.beginComputePass({ label: 'tuning' });
    this.#plan.encode(pass, 0, 0, steps, false);
    pass.end();
    this.#context.schedule.write(0, steps);
    const readback = new Readback(this.#memory, words);
    readback.copy(encoder, result, words);
    this.#memory.submit(encoder);
    return readback.read();
  }
}
