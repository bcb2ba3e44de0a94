import type { PlanName, TunedCandidate, Tuning, TuningOptions } from '../types.ts';
import { VERSION } from '../version.ts';
import { type Candidate, candidates } from './candidates.ts';
import type { GpuMemory } from './memory.ts';
import { Operations } from './operations.ts';
import { writeLayers } from './parameters.ts';
import { createContext, type Plan, type PlanContext } from './plan.ts';
import { Readback } from './readback.ts';

const DEFAULT_BUDGET = 300;
/** Steps after which bits are compared: the first differs where a kernel does, the others where a state is lost. */
const CHECKED_STEPS = 3;
/** Milliseconds of a measurement, unless the schedule holds no more steps: far above the clock's grain. */
const MEASUREMENT = 3;
const REPETITIONS = 3;

/** What was found in this program, where the caller keeps no cache. */
const found = new Map<string, string>();

/**
 * Finds the fastest way to compute a network's steps by trying each candidate on the device and on the network's own
 * shape: on parameters of its own, one at a time, so that training can go on in between.
 */
export class Tuner {
  readonly #context: PlanContext;
  readonly #candidates: readonly Candidate[];
  readonly #options: Required<TuningOptions>;
  readonly #key: string;
  readonly #tried: TunedCandidate[] = [];
  /** Milliseconds that are left. */
  #budget: number;
  #chosen: Candidate;
  #reason: string;
  #plan: Made;
  /** What was found before, until it has been compiled and takes over. */
  #awaited: Candidate | undefined;
  #preparation: Preparation | undefined;
  #expected: Uint32Array | undefined;

  private constructor(
    context: PlanContext,
    list: readonly Candidate[],
    options: Required<TuningOptions>,
    key: string,
    plan: Made,
  ) {
    this.#context = context;
    this.#candidates = list;
    this.#options = options;
    this.#key = key;
    this.#budget = options.budget;
    this.#chosen = list[0];
    this.#reason = 'not measured yet';
    this.#plan = plan;
  }

  /**
   * Makes a plan to begin with: the first candidate, even where another one was found before, because it compiles soon. The
   * safe one instead, or what was found, where there is no budget to tune with.
   * @throws {PlanError} if the plan asked for does not take this network
   */
  static async begin(
    context: PlanContext,
    wanted: 'auto' | PlanName,
    tuning: false | TuningOptions,
  ): Promise<Tuner> {
    const list = candidates(context, wanted);
    const options = { budget: DEFAULT_BUDGET, cache: found, ...tuning };
    const key = cacheKey(context, wanted);
    const name = tuning && options.cache.get(key);
    const remembered = list.find((candidate) => candidate.name === name);
    const tunes = tuning && options.budget > 0;
    const kept = remembered ?? list.find((candidate) => candidate.safe) ?? list[0];
    const first = tunes ? list[0] : kept;
    const tuner = new Tuner(context, list, options, key, await make(context, first));
    tuner.#chosen = first;
    if (remembered) tuner.#settle('found before for this adapter, shape and version');
    else if (list.length === 1) tuner.#settle('the only candidate');
    else if (!tuning) tuner.#settle('tuning is off');
    if (remembered && remembered !== first) tuner.#awaited = tuner.#chosen = remembered;
    return tuner;
  }

  /** What steps are to be computed with now. */
  get plan(): Plan {
    return this.#plan.plan;
  }

  get done(): boolean {
    return this.#budget <= 0;
  }

  get tuning(): Tuning {
    const candidates = this.#tried.slice();
    return { chosen: this.#chosen.name, reason: this.#reason, done: this.done, candidates };
  }

  /** Whether {@link next} has nothing more to do. */
  get settled(): boolean {
    return this.done && this.#awaited === undefined;
  }

  /** Whether {@link next} will not have to wait for the compiler, which works beside training from the first question on. */
  get prepared(): boolean {
    this.#preparation ??= new Preparation(
      this.#context,
      this.#awaited ?? this.#candidates[this.#tried.length],
    );
    return this.#preparation.milliseconds !== undefined;
  }

  /** Ends preparations. What has been compiled is not lost. */
  pause(): void {
    this.#preparation?.destroy();
    this.#preparation = undefined;
  }

  /**
   * Tries the next candidate; after the last, or when the budget is spent, takes the fastest. Or takes what was found before.
   * The device should be idle.
   */
  async next(): Promise<void> {
    const compiling = this.#preparation?.milliseconds ?? 0;
    this.pause();
    if (this.#awaited) return this.#takeOverFound(this.#awaited);
    const start = performance.now() - compiling;
    this.#tried.push(await this.#try(this.#candidates[this.#tried.length]));
    // What came of it no longer counts if the trainer has been destroyed meanwhile.
    if (this.done) return;
    this.#budget -= performance.now() - start;
    const all = this.#tried.length === this.#candidates.length;
    if (this.#budget > 0 && !all) return;
    this.#settle(`the fastest of ${this.#tried.length} of ${this.#candidates.length} candidates here`);
    const time = ({ milliseconds = Number.POSITIVE_INFINITY }: TunedCandidate) => milliseconds;
    const least = Math.min(...this.#tried.map(time));
    const fastest =
      this.#candidates[
        Math.max(
          0,
          this.#tried.findIndex((tried) => time(tried) === least),
        )
      ];
    this.#options.cache.set(this.#key, fastest.name);
    if (fastest !== this.#chosen) await this.#takeOver(fastest);
  }

  async #takeOverFound(found: Candidate): Promise<void> {
    try {
      await this.#takeOver(found);
    } catch (error) {
      this.#awaited = undefined;
      this.#chosen = this.#candidates[0];
      this.#reason = `what was found before fails here: ${error instanceof Error ? error.message : error}`;
    }
  }

  async #takeOver(candidate: Candidate): Promise<void> {
    const plan = await make(this.#context, candidate);
    this.#plan.memory.destroy();
    this.#plan = plan;
    this.#chosen = candidate;
    this.#awaited = undefined;
  }

  destroy(): void {
    this.#budget = 0;
    this.#awaited = undefined;
    this.pause();
    this.#plan.memory.destroy();
  }

  #settle(reason: string): void {
    this.#budget = 0;
    this.#reason = reason;
  }

  async #try(candidate: Candidate): Promise<TunedCandidate> {
    const { name } = candidate;
    const memory = this.#context.memory.apart();
    try {
      const { setup, source, rule } = this.#context;
      const context = await createContext(memory, setup, { source, rule });
      writeLayers(memory, context.network.parameters, setup.start());
      const trial = new Trial(memory, context, await candidate.create(context));
      const bits = await trial.bits();
      this.#expected ??= bits;
      if (bits.some((word, i) => word !== this.#expected?.[i])) {
        return { name, rejected: 'its bits differ from those of the first candidate on this device' };
      }
      return { name, milliseconds: await trial.time() };
    } catch (error) {
      return { name, rejected: error instanceof Error ? error.message : String(error) };
    } finally {
      memory.destroy();
    }
  }
}

/** A plan on the parameters that training changes, with memory that goes when another one takes its place. */
interface Made {
  plan: Plan;
  memory: GpuMemory;
}

async function make(
  context: PlanContext,
  { create }: Candidate,
  memory = context.memory.apart(),
): Promise<Made> {
  try {
    const operations = new Operations(memory, context.schedule.steps);
    return { plan: await create({ ...context, memory, operations }), memory };
  } catch (error) {
    memory.destroy();
    throw error;
  }
}

/** Has a candidate's kernels compiled, by making the plan and throwing it away. */
class Preparation {
  /** How long it took, once it is done. */
  milliseconds: number | undefined;
  readonly #memory: GpuMemory;

  constructor(context: PlanContext, candidate: Candidate) {
    const start = performance.now();
    this.#memory = context.memory.apart();
    // What fails here fails again when it is tried, which says so.
    make(context, candidate, this.#memory)
      .catch(() => {})
      .finally(() => {
        this.destroy();
        this.milliseconds = performance.now() - start;
      });
  }

  /** Frees its buffers at once. */
  destroy(): void {
    this.#memory.destroy();
  }
}

/** Everything that the fastest candidate depends on. */
function cacheKey({ memory, setup, rule }: PlanContext, wanted: 'auto' | PlanName): string {
  const { vendor, architecture, device, description } = memory.device.adapterInfo ?? {};
  const adapter = [vendor, architecture, device, description].join(' ');
  const { sizes, batchSize, data } = setup;
  return [
    `spiralnet ${VERSION}`,
    adapter,
    memory.format.arithmetic,
    wanted,
    rule,
    sizes,
    batchSize,
    data.count,
  ].join(' | ');
}

/** One candidate on parameters of its own. */
class Trial {
  readonly #memory: GpuMemory;
  readonly #context: PlanContext;
  readonly #plan: Plan;

  constructor(memory: GpuMemory, context: PlanContext, plan: Plan) {
    this.#memory = memory;
    this.#context = context;
    this.#plan = plan;
  }

  /** The parameters' bits after a few steps from the start. */
  async bits(): Promise<Uint32Array> {
    const { buffer } = this.#context.network.parameters[0].weights;
    const [bytes] = await this.#run(CHECKED_STEPS, buffer, buffer.size / 4);
    return new Uint32Array(bytes);
  }

  /** Milliseconds of a step: the least of several measurements, as all that disturbs makes them longer. */
  async time(): Promise<number> {
    const { capacity } = this.#context.schedule;
    let steps = 2;
    let duration = await this.#duration(steps);
    while (duration < MEASUREMENT && steps < capacity) {
      steps = Math.min(capacity, Math.ceil(steps * Math.max(2, Math.min(8, MEASUREMENT / duration))));
      duration = await this.#duration(steps);
    }
    for (let i = 1; i < REPETITIONS; i++) duration = Math.min(duration, await this.#duration(steps));
    return duration / steps;
  }

  async #duration(steps: number): Promise<number> {
    const start = performance.now();
    await this.#run(steps, this.#context.network.diverged, 1);
    // The clock's grain may be coarser than the work.
    return Math.max(performance.now() - start, 0.01);
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
