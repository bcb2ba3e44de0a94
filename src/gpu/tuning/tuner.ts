import { DEFAULT_BUDGET } from '../../options/backend.ts';
import type { SettingsRecord } from '../../options/step-settings.ts';
import { Recent } from '../../recent.ts';
import { DeviceLostError, ShaderError } from '../../training-errors.ts';
import type { TunedCandidate, Tuning, TuningOptions } from '../../types.ts';
import { guard } from '../device/guard.ts';
import { queueOf } from '../device/queue.ts';
import type { GpuMemory } from '../memory/memory.ts';
import {
  type Choice,
  type ChoiceForRead,
  type Choices,
  choiceName,
  choicesFor,
  createPlan,
  type Wanted,
} from '../plans/candidates.ts';
import type { Plan, PlanContext } from '../plans/plan.ts';
import { adapterKey, type Cache, Dangers } from './dangers.ts';
import { Trial } from './trial.ts';

/** The learning rate of trials while that of training is 0. */
const TRIAL_LEARNING_RATE = 0.01;

/** The choices found by this program, for trainers without a cache of the caller's. */
const found = new Recent<string>(200);

const OTHER_BITS = 'it has other bits than the plan in use';

/**
 * Finds the fastest way to compute a network's steps. Each candidate is tried on the device, with
 * its own copy of the network and one at a time, so that training can go on between trials. A
 * candidate takes over only if it gives the bits of the plan in use, also if it comes from a cache.
 */
export class Tuner {
  readonly #context: PlanContext;
  /** The context with fixed settings, so that all trials make the same steps. */
  readonly #trialContext: PlanContext;
  readonly #cache: Cache;
  readonly #key: string;
  readonly #dangers: Dangers;
  /**
   * The candidates, beginning with the one in use, and the milliseconds of a step for those tried
   * so far.
   */
  readonly #list: readonly Choice[];
  readonly #times: number[] = [];
  readonly #reports: TunedCandidate[] = [];
  /** The remaining milliseconds. */
  #budget: number;
  /** Whether the choice is final. */
  #done: boolean;
  #reason = 'not measured yet';
  /**
   * The choice that computes the steps, and the choice that is to compute them. They differ only
   * until the latter takes over.
   */
  #used: Choice;
  #chosen: Choice;
  #plan: PlanInUse;
  /** The bits of the plan in use, from its trial. */
  #expected: Uint32Array | undefined;
  /** The trial whose kernels are compiled during training. */
  #prepared: Trial | undefined;
  /** Whether {@link next} is at work; an aborted call may have left it behind. */
  #trying = false;

  private constructor(
    context: PlanContext,
    { list, used, made }: Beginning,
    { budget, cache, key }: { budget: number; cache: Cache; key: string },
    dangers: Dangers,
  ) {
    this.#context = context;
    this.#dangers = dangers;
    const settings = trialSettings(context.setup.settings);
    this.#trialContext = { ...context, setup: { ...context.setup, settings } };
    this.#list = list;
    this.#used = this.#chosen = used;
    this.#plan = made;
    this.#budget = budget;
    this.#done = budget <= 0;
    this.#cache = cache;
    this.#key = key;
  }

  /**
   * Makes the first plan: a plan that compiles fast if other plans are to be tried, else the plan
   * that is likely the fastest.
   * @throws {PlanError} if the requested plan does not take this network
   */
  static async begin(context: PlanContext, wanted: Wanted, tuning: false | TuningOptions): Promise<Tuner> {
    const { budget = DEFAULT_BUDGET, cache = found } = tuning || { budget: 0 };
    const dangers = new Dangers(context, cache);
    const choices = dangers.without(choicesFor(context, wanted));
    const key = cacheKey(context, choices);
    const remembered = tuning && choices.list.length > 1 && recall(cache.get(key), choices);
    const begun = await begin(context, choices, budget > 0 || remembered === choices.list[0], dangers);
    const { list } = begun;
    const tuner = new Tuner(context, begun, { budget, cache, key }, dangers);
    if (remembered) {
      tuner.#chosen = remembered;
      tuner.#settle('found before for this adapter, shape and version');
    } else if (list.length === 1) tuner.#settle('the only candidate');
    else if (!tuning) tuner.#settle('tuning is off');
    return tuner;
  }

  /** The plan that computes the next steps. */
  get plan(): Plan {
    return this.#plan.plan;
  }

  /** The choice of {@link plan}. */
  get used(): Choice {
    return this.#used;
  }

  /**
   * Waits for the first work of the plan in use, and remembers its choice if the device is lost
   * meanwhile.
   */
  tried<T>(work: Promise<T>): Promise<T> {
    return this.#dangers.watch(this.#used, work);
  }

  /** Chooses, of the choices that have lost no device, the one that compiles fast. */
  get choiceForRead(): ChoiceForRead {
    return (context, plan) => this.#dangers.without(choicesFor(context, plan)).list[0];
  }

  get tuning(): Tuning {
    const choice = this.#chosen;
    return {
      chosen: choiceName(choice),
      plan: choice.plan,
      ...('tiling' in choice && { tiling: { ...choice.tiling } }),
      reason: this.#reason,
      done: this.#done,
      candidates: this.#reports.slice(),
    };
  }

  /** Whether {@link next} has nothing left to do. */
  get settled(): boolean {
    return this.#done && this.#chosen === this.#used;
  }

  /**
   * Has the next candidate compiled during training.
   * @returns whether it is compiled
   */
  prepare(): boolean {
    if (this.#trying) return true;
    this.#prepared ??= this.#trial(this.#upcoming);
    return this.#prepared.compiled !== undefined;
  }

  /** Ends the preparation of the next candidate. Compiled kernels are kept. */
  pause(): void {
    this.#prepared?.destroy();
    this.#prepared = undefined;
  }

  /**
   * Tries the next candidate; after the last, or at the end of the budget, the fastest takes over.
   * A choice from the cache is only compared, and takes over if its bits are right. The device
   * should be idle.
   */
  async next(): Promise<void> {
    const trial = this.#prepared ?? this.#trial(this.#upcoming);
    this.#prepared = undefined;
    this.#trying = true;
    try {
      await (this.#done ? this.#takeOverFound(trial) : this.#try(trial));
    } finally {
      this.#trying = false;
      trial.destroy();
    }
  }

  /** Frees the plan in use after all commands that have been recorded with it. */
  retire(): void {
    this.#end();
    const { memory } = this.#plan;
    void queueOf(memory.device).inTurn(async () => memory.destroy());
  }

  destroy(): void {
    this.#end();
    this.#plan.memory.destroy();
  }

  #end(): void {
    this.#done = true;
    this.#chosen = this.#used;
    this.pause();
  }

  get #upcoming(): Choice {
    return this.#done ? this.#chosen : this.#list[this.#times.length];
  }

  #trial(choice: Choice): Trial {
    const create = (context: PlanContext) => this.#watch(choice, createPlan(context, choice));
    return new Trial(this.#trialContext, create);
  }

  /** A choice in use, which has been {@link tried}, is not to blame for the loss of its device. */
  #watch<T>(choice: Choice, work: Promise<T>): Promise<T> {
    return choice === this.#used ? guard(this.#context.memory, work) : this.#dangers.watch(choice, work);
  }

  async #try(trial: Trial): Promise<void> {
    const { clock } = queueOf(this.#context.memory.device);
    const start = clock() - (trial.compiled ?? 0);
    const report = await this.#report(trial);
    // A report no longer counts after the trainer has been destroyed.
    if (this.#done) return;
    this.#reports.push(report);
    this.#times.push(report.milliseconds ?? Number.POSITIVE_INFINITY);
    this.#budget -= clock() - start;
    if (!this.#expected) this.#settle(`nothing can be compared here: ${report.rejected}`);
    else if (this.#budget <= 0 || this.#times.length === this.#list.length) await this.#takeFastest();
  }

  async #report(trial: Trial): Promise<TunedCandidate> {
    const name = choiceName(this.#upcoming);
    try {
      return { name, milliseconds: await this.#watch(this.#upcoming, this.#time(trial)) };
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      return { name, rejected: messageOf(error) };
    }
  }

  /**
   * Milliseconds of a step.
   * @throws {Error} if the bits differ from those of the plan in use
   */
  async #time(trial: Trial): Promise<number> {
    const bits = await trial.bits(Math.min(...this.#times));
    this.#expected ??= bits;
    if (!alike(bits, this.#expected)) throw new Error(OTHER_BITS);
    return trial.time();
  }

  async #takeFastest(): Promise<void> {
    const [tried, all] = [this.#times.length, this.#list.length];
    const fastest = this.#list[this.#times.indexOf(Math.min(...this.#times))];
    try {
      if (fastest !== this.#used) await this.#watch(fastest, this.#takeOver(fastest));
      if (Number.isFinite(Math.min(...this.#times))) this.#cache.set(this.#key, JSON.stringify(fastest));
      this.#settle(`the fastest of ${tried} of ${all} candidates here`);
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      // The device may lack memory for two plans at a time; the plan in use then stays.
      this.#settle(`the fastest fails here: ${messageOf(error)}`);
    }
  }

  async #takeOverFound(trial: Trial): Promise<void> {
    const found = this.#chosen;
    const reference = this.#trial(this.#used);
    try {
      const bits = await this.#watch(found, trial.bits());
      const expected = await this.#watch(this.#used, reference.bits());
      if (!alike(bits, expected)) throw new Error(OTHER_BITS);
      if (this.#chosen === found) await this.#watch(found, this.#takeOver(found));
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      this.#chosen = this.#used;
      this.#reason = `what was found before fails here: ${messageOf(error)}`;
    } finally {
      reference.destroy();
    }
  }

  async #takeOver(choice: Choice): Promise<void> {
    const plan = await make(this.#context, choice);
    const left = this.#plan.memory;
    // The old plan's memory is freed after all commands that have been recorded with it.
    void queueOf(left.device).inTurn(async () => left.destroy());
    this.#plan = plan;
    this.#used = this.#chosen = choice;
  }

  #settle(reason: string): void {
    this.#done = true;
    this.#reason = reason;
  }
}

/** The choices to try, and the one to begin with. */
interface Beginning {
  list: readonly Choice[];
  used: Choice;
  made: PlanInUse;
}

/**
 * Makes the plan of the first choice that the driver takes.
 * @param soon whether to begin with what compiles soon
 * @throws {ShaderError} if the driver refuses a kernel of each choice
 */
async function begin(
  context: PlanContext,
  { list, likely, others }: Choices,
  soon: boolean,
  dangers: Dangers,
): Promise<Beginning> {
  const refused = new Map<Choice, unknown>();
  for (const used of new Set([soon ? list[0] : likely, ...list, ...others])) {
    try {
      const made = await dangers.watch(used, make(context, used));
      if (refused.size === 0) return { list, used, made };
      const rest = list.filter((choice) => choice !== used && !refused.has(choice));
      return { list: [used, ...rest], used, made };
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      if (!(error instanceof ShaderError || refused.size > 0)) throw error;
      refused.set(used, error);
    }
  }
  const [refusal] = refused.values();
  throw refusal;
}

/** A plan on the parameters that training changes, and the memory of the plan. */
interface PlanInUse {
  plan: Plan;
  memory: GpuMemory;
}

async function make(context: PlanContext, choice: Choice): Promise<PlanInUse> {
  const memory = context.memory.apart();
  try {
    return { plan: await createPlan({ ...context, memory }, choice), memory };
  } catch (error) {
    memory.destroy();
    throw error;
  }
}

/** The settings of trials. Steps that change nothing would make all candidates alike. */
function trialSettings(settings: SettingsRecord): SettingsRecord {
  const { learningRate } = settings.now;
  if (typeof learningRate === 'number' && learningRate > 0) return settings.fixed();
  return settings.fixed({ learningRate: TRIAL_LEARNING_RATE });
}

function alike(bits: Uint32Array, expected: Uint32Array): boolean {
  return bits.every((word, i) => word === expected[i]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The choice that a cache has kept as JSON; undefined if it is not among the candidates. */
function recall(kept: string | undefined, { list }: Choices): Choice | undefined {
  return list.find((choice) => JSON.stringify(choice) === kept);
}

/** Everything that the fastest choice depends on. */
function cacheKey({ memory, setup, terms }: PlanContext, { list }: Choices): string {
  const { sizes, activations, loss, batchSize, data } = setup;
  const { classWeights, ...ofLoss } = terms.loss;
  // The weights themselves change no kernel's time.
  const alike = { ...terms, loss: { ...ofLoss, weighted: classWeights !== undefined } };
  return [
    adapterKey(memory.device),
    memory.format.name,
    JSON.stringify([alike, sizes, activations, loss, batchSize, data.count, list]),
  ].join(' | ');
}
