import { SettingsRecord } from '../../options/step-settings.ts';
import type { PlanName, TunedCandidate, Tuning, TuningOptions } from '../../types.ts';
import { VERSION } from '../../version.ts';
import { checkLostAfter } from '../device/device.ts';
import { queueOf } from '../device/queue.ts';
import { Operations } from '../kernels/operations.ts';
import type { Product } from '../kernels/products.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { candidates } from '../plans/candidates.ts';
import type { Candidate, Plan, PlanContext } from '../plans/plan.ts';
import { PlanTrial } from './plan-trial.ts';
import { ProductSearch } from './product-search.ts';

const DEFAULT_BUDGET = 300;

/** What was found in this program, where the caller keeps no cache. */
const found = new Map<string, string>();

/**
 * Finds the fastest way to compute a network's steps by trying each candidate on the device and on the network's own
 * shape: on parameters of its own, one at a time, so that training can go on in between. Where kernels can be chosen product
 * by product, it times those first, one at a time, and then a candidate that has the faster ones.
 */
export class Tuner {
  readonly #context: PlanContext;
  /** The same with settings that do not change, so that all candidates make the same steps. */
  readonly #trialContext: PlanContext;
  readonly #candidates: Candidate[];
  /** Of kernels for products, until it is over. */
  #search: ProductSearch | undefined;
  /** What it did, in words. */
  #searched = '';
  readonly #options: Required<TuningOptions>;
  readonly #key: string;
  readonly #reports: TunedCandidate[] = [];
  /** Milliseconds of a step by each candidate that has been tried. */
  readonly #times: number[] = [];
  /** Milliseconds that are left. */
  #budget: number;
  /** Whether the choice stands. */
  #done: boolean;
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
    begun: Made & { candidate: Candidate },
    search: ProductSearch | undefined,
  ) {
    this.#context = context;
    const settings = new SettingsRecord(context.setup.settings.now);
    this.#trialContext = { ...context, setup: { ...context.setup, settings } };
    this.#candidates = list.slice();
    this.#search = search;
    this.#options = options;
    this.#key = key;
    this.#budget = options.budget;
    this.#done = options.budget <= 0;
    this.#chosen = begun.candidate;
    this.#reason = 'not measured yet';
    this.#plan = begun;
  }

  /**
   * Makes a plan to begin with: the first candidate, even where another one was found before, if it compiles sooner. The
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
    const name = tuning ? options.cache.get(key) : undefined;
    const remembered =
      name === undefined
        ? undefined
        : (list.find((candidate) => candidate.name === name) ?? list[0].variants?.named(name));
    const safe = list.find((candidate) => candidate.safe);
    const begunSoon = tuning && options.budget > 0 && safe;
    const candidate = begunSoon ? list[0] : (remembered ?? safe ?? list[0]);
    const made = await make(context, candidate);
    const search = await beginSearch(context, list[0].variants?.products ?? []);
    const tuner = new Tuner(context, list, options, key, { candidate, ...made }, search);
    if (remembered) tuner.#settle('found before for this adapter, shape and version');
    else if (list.length === 1 && !tuner.#search) tuner.#settle('the only candidate');
    else if (!tuning) tuner.#settle('tuning is off');
    if (remembered && remembered !== candidate) tuner.#awaited = tuner.#chosen = remembered;
    return tuner;
  }

  /** What steps are to be computed with now. */
  get plan(): Plan {
    return this.#plan.plan;
  }

  get done(): boolean {
    return this.#done;
  }

  get tuning(): Tuning {
    const candidates = this.#reports.slice();
    return { chosen: this.#chosen.name, reason: this.#reason, done: this.done, candidates };
  }

  /** Whether {@link next} has nothing more to do. */
  get settled(): boolean {
    return this.done && this.#awaited === undefined;
  }

  /** Whether {@link next} will not have to wait for the compiler, which works beside training from the first question on. */
  get prepared(): boolean {
    const candidate = this.#awaited ?? this.#candidates[this.#times.length];
    // A single kernel compiles soon enough; and the last candidate has been tried where an aborted call has left the choice.
    if (this.#search || !candidate) return true;
    this.#preparation ??= new Preparation(this.#context, candidate);
    return this.#preparation.milliseconds !== undefined;
  }

  /** Ends preparations. What has been compiled is not lost. */
  pause(): void {
    this.#preparation?.destroy();
    this.#preparation = undefined;
  }

  /**
   * Tries the next kernel of a product, or the next candidate; after the last, or when the budget is spent, takes the
   * fastest. Or takes what was found before. The device should be idle.
   */
  async next(): Promise<void> {
    const compiling = this.#preparation?.milliseconds ?? 0;
    this.pause();
    if (this.#awaited) return this.#takeOverFound(this.#awaited);
    const start = performance.now() - compiling;
    const report = await (this.#search ? this.#search.next() : this.#tryCandidate());
    // What came of it no longer counts if the trainer has been destroyed meanwhile.
    if (this.done) return;
    this.#reports.push(report);
    this.#budget -= performance.now() - start;
    if (this.#search) this.#endSearch(this.#search);
    else if (this.#budget <= 0 || this.#times.length === this.#candidates.length) await this.#takeFastest();
  }

  destroy(): void {
    this.#done = true;
    this.#awaited = undefined;
    this.pause();
    this.#search?.destroy();
    this.#plan.memory.destroy();
  }

  async #tryCandidate(): Promise<TunedCandidate> {
    const report = await this.#try(this.#candidates[this.#times.length]);
    this.#times.push(report.milliseconds ?? Number.POSITIVE_INFINITY);
    return report;
  }

  /** When the search is over, or has to be so that a comparison fits the budget, makes a candidate of what was found. */
  #endSearch(search: ProductSearch): void {
    if (!search.done && this.#budget > search.comparison) return;
    const [first] = this.#candidates;
    const { choice, tried, total } = search;
    this.#search = undefined;
    search.destroy();
    if (first.variants && choice.size > 0) {
      this.#searched = `, after ${tried} of ${total} kernels for its products`;
      this.#candidates.push(first.variants.choosing(choice));
    } else {
      this.#settle(`no faster kernel for its products among the ${tried} of ${total} tried`);
      this.#options.cache.set(this.#key, first.name);
    }
  }

  async #takeFastest(): Promise<void> {
    const [tried, all] = [this.#times.length, this.#candidates.length];
    const fastest = this.#candidates[this.#times.indexOf(Math.min(...this.#times))];
    try {
      if (fastest !== this.#chosen) await this.#takeOver(fastest);
      if (Number.isFinite(Math.min(...this.#times))) this.#options.cache.set(this.#key, fastest.name);
      this.#settle(`the fastest of ${tried} of ${all} candidates here${this.#searched}`);
    } catch (error) {
      await checkLostAfter(error, this.#context.memory.device);
      // There may be no memory for two plans at a time. What steps are computed with now is as good.
      this.#settle(`the fastest fails here: ${messageOf(error)}`);
    }
  }

  async #takeOverFound(found: Candidate): Promise<void> {
    try {
      await this.#takeOver(found);
    } catch (error) {
      this.#awaited = undefined;
      this.#chosen = this.#candidates[0];
      this.#reason = `what was found before fails here: ${messageOf(error)}`;
    }
  }

  async #takeOver(candidate: Candidate): Promise<void> {
    const plan = await make(this.#context, candidate);
    const left = this.#plan.memory;
    // After all that has been recorded with it.
    void queueOf(left.device).inTurn(async () => left.destroy());
    this.#plan = plan;
    this.#chosen = candidate;
    this.#awaited = undefined;
  }

  #settle(reason: string): void {
    this.#done = true;
    this.#reason = reason;
  }

  async #try(candidate: Candidate): Promise<TunedCandidate> {
    const { name } = candidate;
    const memory = this.#context.memory.apart();
    try {
      const trial = await PlanTrial.create(memory, this.#trialContext, candidate);
      const bits = await trial.bits(Math.min(...this.#times));
      this.#expected ??= bits;
      if (bits.some((word, i) => word !== this.#expected?.[i])) {
        return { name, rejected: 'its bits differ from those of the first candidate on this device' };
      }
      return { name, milliseconds: await trial.time() };
    } catch (error) {
      await checkLostAfter(error, this.#context.memory.device);
      return { name, rejected: messageOf(error) };
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

/** Looks for kernels for products, where there is something to choose. */
async function beginSearch(
  context: PlanContext,
  products: readonly Product[],
): Promise<ProductSearch | undefined> {
  if (products.length === 0) return undefined;
  const search = new ProductSearch(context, products);
  return search.done ? undefined : search;
}
