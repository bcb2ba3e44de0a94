import type { PlanName, TunedCandidate, Tuning, TuningOptions } from '../types.ts';
import { VERSION } from '../version.ts';
import { candidates } from './candidates.ts';
import type { GpuMemory } from './memory.ts';
import { Operations } from './operations.ts';
import type { Candidate, Plan, PlanContext } from './plan.ts';
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
  #chosen: Candidate;
  #reason: string;
  #plan: { plan: Plan; memory: GpuMemory };
  #expected: Uint32Array | undefined;

  private constructor(
    context: PlanContext,
    list: readonly Candidate[],
    options: Required<TuningOptions>,
    key: string,
    begun: { candidate: Candidate; plan: Plan; memory: GpuMemory },
  ) {
    this.#context = context;
    this.#candidates = list.slice();
    const search = new ProductSearch(context, list[0].variants?.products ?? []);
    this.#search = search.done ? undefined : search;
    this.#options = options;
    this.#key = key;
    this.#budget = options.budget;
    this.#chosen = begun.candidate;
    this.#reason = 'not measured yet';
    this.#plan = begun;
  }

  /**
   * Makes a plan to begin with: what was found before, else the first candidate.
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
    const candidate = remembered ?? list[0];
    const tuner = new Tuner(context, list, options, key, {
      candidate,
      ...(await make(context, candidate)),
    });
    if (remembered) tuner.#settle('found before for this adapter, shape and version');
    else if (list.length === 1 && !tuner.#search) tuner.#settle('the only candidate');
    else if (!tuning) tuner.#settle('tuning is off');
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
    const candidates = this.#reports.slice();
    return { chosen: this.#chosen.name, reason: this.#reason, done: this.done, candidates };
  }

  /**
   * Tries the next kernel of a product, or the next candidate; after the last, or when the budget is spent, takes the
   * fastest. The device should be idle.
   */
  async next(): Promise<void> {
    const start = performance.now();
    const report = await (this.#search ? this.#search.next() : this.#tryCandidate());
    // What came of it no longer counts if the trainer has been destroyed meanwhile.
    if (this.done) return;
    this.#reports.push(report);
    this.#budget -= performance.now() - start;
    if (this.#search) this.#endSearch(this.#search);
    else if (this.#budget <= 0 || this.#times.length === this.#candidates.length) await this.#takeFastest();
  }

  destroy(): void {
    this.#budget = 0;
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
    this.#settle(`the fastest of ${tried} of ${all} candidates here${this.#searched}`);
    const fastest = this.#candidates[this.#times.indexOf(Math.min(...this.#times))];
    this.#options.cache.set(this.#key, fastest.name);
    if (fastest === this.#chosen) return;
    const plan = await make(this.#context, fastest);
    this.#plan.memory.destroy();
    this.#plan = plan;
    this.#chosen = fastest;
  }

  #settle(reason: string): void {
    this.#budget = 0;
    this.#reason = reason;
  }

  async #try(candidate: Candidate): Promise<TunedCandidate> {
    const { name } = candidate;
    const memory = this.#context.memory.apart();
    try {
      const trial = await PlanTrial.create(memory, this.#context, candidate);
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

/** A candidate on the parameters that training changes, with memory that goes when another one takes its place. */
async function make(context: PlanContext, { create }: Candidate): Promise<{ plan: Plan; memory: GpuMemory }> {
  const memory = context.memory.apart();
  try {
    const operations = new Operations(memory, context.schedule.steps);
    return { plan: await create({ ...context, memory, operations }), memory };
  } catch (error) {
    memory.destroy();
    throw error;
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
