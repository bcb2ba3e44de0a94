import { createTrainer } from '../../src/index.ts';
import { Contestant, takeTurns } from '../../src/page/measure/contestant.ts';
import type { Spread } from '../../src/page/measure/statistics.ts';
import type { Entrant } from '../contestants/entrant.ts';
import { checkLoss, type LossCheck } from './losses.ts';
import type { Workload } from './workloads.ts';

export interface Settings {
  /**
   * Milliseconds that a timing should take: far above the clock's resolution, whatever a step
   * takes.
   */
  timing: number;
  /** Timings of each contestant, one a round. */
  rounds: number;
  /** The factor for the budgets of the workloads. */
  budgetScale: number;
}

export const FULL: Settings = { timing: 50, rounds: 9, budgetScale: 1 };
export const QUICK: Settings = { timing: 20, rounds: 5, budgetScale: 0.25 };

/**
 * The least timings of a contestant, even beyond its budget, unless one takes longer than
 * {@link SLOW}.
 */
const FEWEST_TIMINGS = 3;
/** Milliseconds. */
const SLOW = 4000;

/** A contestant's times on a workload. Times it did not reach are absent. */
export interface Result {
  contestant: string;
  plan: boolean;
  /** Milliseconds to make the network: memory, upload, and compilation ahead. */
  create?: number;
  /** Milliseconds of the first step with its readback, and of late compilation. */
  firstStep?: number;
  check?: LossCheck;
  /** Milliseconds a step, warm. */
  step?: Spread;
  stepsPerTiming?: number;
  /** Why the contestant stopped. */
  failure?: string;
}

export interface WorkloadResult {
  name: string;
  title: string;
  sweep?: Workload['sweep'];
  results: Result[];
}

/**
 * Runs one workload: each contestant is made, checked and warmed; then they take turns, a timing
 * each a round.
 */
export async function runWorkload(
  workload: Workload,
  contestants: readonly Entrant[],
  settings: Settings,
  say: (line: string) => void,
): Promise<WorkloadResult> {
  const reference = await referenceLosses(workload);
  const runs: Run[] = [];
  try {
    for (const contestant of contestants) {
      const run = new Run(contestant, workload, settings);
      runs.push(run);
      await run.attempt(() => run.prepare(reference));
      say(`${workload.name}: ${contestant.name}: ${run.summary()}`);
    }
    await takeTurns(runs, settings.rounds, (run) => run.attempt(() => run.time()));
    for (const run of runs) await run.attempt(() => run.finish(reference[0]));
  } finally {
    for (const run of runs) run.destroy();
  }
  const { name, title, sweep } = workload;
  return { name, title, ...(sweep && { sweep }), results: runs.map(({ result }) => result) };
}

/** Losses of the CPU twin in float64 after 0, 1, … `checkSteps` updates. */
async function referenceLosses(workload: Workload): Promise<number[]> {
  const { data, hidden, learningRate, l2, parameters, checkSteps } = workload;
  const trainer = await createTrainer({
    ...{ data, hidden, learningRate, l2, parameters },
    backend: 'cpu',
    precision: 'double',
  });
  const losses = [];
  for await (const { loss } of trainer.run({ steps: checkSteps, every: 1 })) losses.push(loss);
  losses.push((await trainer.measure()).loss);
  trainer.destroy();
  return losses;
}

/** An entrant at a workload. */
class Run {
  readonly result: Result;
  readonly #entrant: Entrant;
  readonly #workload: Workload;
  readonly #settings: Settings;
  /** Milliseconds. */
  readonly #budget: number;
  #contestant: Contestant | undefined;
  #spent = 0;
  #lastTiming = 0;

  constructor(entrant: Entrant, workload: Workload, settings: Settings) {
    this.result = { contestant: entrant.name, plan: entrant.plan ?? false };
    this.#entrant = entrant;
    this.#workload = workload;
    this.#settings = settings;
    this.#budget = workload.budget * settings.budgetScale * 1000;
  }

  /** Does a part of the work. A failure is stored, and further parts are skipped. */
  async attempt(work: () => Promise<void>): Promise<void> {
    if (this.result.failure !== undefined) return;
    try {
      await work();
    } catch (error) {
      this.result.failure = error instanceof Error ? error.message : String(error);
    }
  }

  async prepare(reference: readonly number[]): Promise<void> {
    const start = performance.now();
    const contestant = new Contestant(await this.#entrant.create(this.#workload));
    this.result.create = performance.now() - start;
    this.#contestant = contestant;
    this.result.firstStep = await contestant.run(1);
    await this.#check(contestant, reference);
    await this.#spend(() => contestant.warmUp(this.#settings.timing, this.#budget / 2 - this.#spent));
    this.#lastTiming = await this.#spend(() => contestant.run(contestant.steps));
  }

  async time(): Promise<void> {
    const contestant = this.#contestant;
    if (!contestant) return;
    const timings = contestant.timings.length;
    const affordable = this.#spent + this.#lastTiming <= this.#budget;
    const fewAndFast = timings < FEWEST_TIMINGS && this.#lastTiming < SLOW;
    if (timings > 0 && !affordable && !fewAndFast) return;
    this.#lastTiming = await this.#spend(() => contestant.time());
  }

  /** @param initialLoss a network that has trained ever since must be below it */
  async finish(initialLoss: number): Promise<void> {
    if (!this.#contestant) return;
    this.result.step = this.#contestant.spread;
    this.result.stepsPerTiming = this.#contestant.steps;
    const loss = await this.#contestant.session.loss();
    if (!(loss < initialLoss)) {
      this.result.failure = `WRONG: the loss is ${loss} after the timings, and was ${initialLoss} before the first step`;
    }
  }

  summary(): string {
    const { failure, create = 0, firstStep = 0, check } = this.result;
    if (failure !== undefined) return failure;
    const verdict = check?.wrong ? 'WRONG' : 'right';
    return (
      `made in ${create.toFixed(0)} ms, first step ${firstStep.toFixed(1)} ms, ` +
      `later ${(this.#lastTiming / (this.#contestant?.steps ?? 1)).toPrecision(3)} ms a step, ${verdict}`
    );
  }

  destroy(): void {
    try {
      this.#contestant?.session.destroy();
    } catch (error) {
      this.result.failure ??= `destroying it: ${error}`;
    }
  }

  /** Trains to the step at which losses are compared, within a third of the budget. */
  async #check(contestant: Contestant, reference: readonly number[]): Promise<void> {
    // The first step may have compiled; the second one tells how many more steps fit the budget.
    const step = await this.#spend(() => contestant.run(1));
    const affordable = Math.floor((this.#budget / 3 - this.#spent) / step);
    const more = Math.max(0, Math.min(reference.length - 3, affordable));
    if (more > 0) await this.#spend(() => contestant.run(more));
    const done = 2 + more;
    const loss = await this.#spend(() => contestant.session.loss());
    this.result.check = checkLoss(done, loss, reference[done], this.#entrant.precision);
  }

  /** Does work that counts towards the budget. */
  async #spend<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#spent += performance.now() - start;
    return result;
  }
}
