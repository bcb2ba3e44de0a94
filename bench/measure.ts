import { createTrainer } from '../src/index.ts';
import type { Contestant, Session } from './contestant.ts';
import { checkLoss, type LossCheck } from './losses.ts';
import { type Spread, spread } from './statistics.ts';
import type { Workload } from './workloads.ts';

export interface Settings {
  /** Milliseconds that a timing should take: far above the clock's resolution, whatever a step takes. */
  timing: number;
  /** Timings of each contestant, one a round. */
  rounds: number;
  /** What the workloads' budgets are multiplied by. */
  budgetScale: number;
}

export const FULL: Settings = { timing: 50, rounds: 9, budgetScale: 1 };
export const QUICK: Settings = { timing: 20, rounds: 5, budgetScale: 0.25 };

/** As many timings there are of a contestant beyond its budget, unless one takes longer than {@link SLOW}. */
const FEWEST_TIMINGS = 3;
/** Milliseconds. */
const SLOW = 4000;

/** How a contestant fared on a workload. What it did not come to is absent. */
export interface Result {
  contestant: string;
  plan: boolean;
  /** Milliseconds to make the network: memory, upload, and what is compiled ahead. */
  create?: number;
  /** Milliseconds of the first step with its readback, and of what is compiled only then. */
  firstStep?: number;
  check?: LossCheck;
  /** Milliseconds a step, warm. */
  step?: Spread;
  stepsPerTiming?: number;
  /** Why there is no more. */
  failure?: string;
}

export interface WorkloadResult {
  name: string;
  title: string;
  sweep?: Workload['sweep'];
  results: Result[];
}

/** Runs one workload: each contestant is made, checked and warmed; then they take turns, a timing each a round. */
export async function runWorkload(
  workload: Workload,
  contestants: readonly Contestant[],
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
    for (let round = 0; round < settings.rounds; round++) {
      // There and back, so that what drifts meanwhile, a clock or a temperature, meets all of them alike.
      for (const run of round % 2 === 0 ? runs : runs.toReversed()) await run.attempt(() => run.time());
    }
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

/** A contestant at a workload. */
class Run {
  readonly result: Result;
  readonly #contestant: Contestant;
  readonly #workload: Workload;
  readonly #settings: Settings;
  /** Milliseconds. */
  readonly #budget: number;
  readonly #timings: number[] = [];
  #session: Session | undefined;
  #stepsPerTiming = 1;
  #spent = 0;
  #lastTiming = 0;

  constructor(contestant: Contestant, workload: Workload, settings: Settings) {
    this.result = { contestant: contestant.name, plan: contestant.plan ?? false };
    this.#contestant = contestant;
    this.#workload = workload;
    this.#settings = settings;
    this.#budget = workload.budget * settings.budgetScale * 1000;
  }

  /** Does a part of the work; when it fails, says why, and the rest is not attempted. */
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
    this.#session = await this.#contestant.create(this.#workload);
    this.result.create = performance.now() - start;
    this.result.firstStep = await this.#train(1);
    this.#spent = 0;
    await this.#check(reference);
    await this.#warm();
  }

  async time(): Promise<void> {
    const timings = this.#timings.length;
    const affordable = this.#spent + this.#lastTiming <= this.#budget;
    const fewAndFast = timings < FEWEST_TIMINGS && this.#lastTiming < SLOW;
    if (timings > 0 && !affordable && !fewAndFast) return;
    this.#timings.push((await this.#train(this.#stepsPerTiming)) / this.#stepsPerTiming);
  }

  /** @param initialLoss a network that has trained ever since must be below it */
  async finish(initialLoss: number): Promise<void> {
    this.result.step = spread(this.#timings);
    this.result.stepsPerTiming = this.#stepsPerTiming;
    await this.#session?.activate?.();
    const loss = (await this.#session?.loss()) ?? Number.NaN;
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
      `later ${(this.#lastTiming / this.#stepsPerTiming).toPrecision(3)} ms a step, ${verdict}`
    );
  }

  destroy(): void {
    try {
      this.#session?.destroy();
    } catch (error) {
      this.result.failure ??= `destroying it: ${error}`;
    }
  }

  /** Goes on to where losses are compared, within a third of the budget. */
  async #check(reference: readonly number[]): Promise<void> {
    // The first step may have compiled; the second tells how many more there is time for.
    const step = await this.#train(1);
    const affordable = Math.floor((this.#budget / 3 - this.#spent) / step);
    const more = Math.max(0, Math.min(reference.length - 3, affordable));
    if (more > 0) await this.#train(more);
    const done = 2 + more;
    const start = performance.now();
    const loss = (await this.#session?.loss()) ?? Number.NaN;
    this.#spent += performance.now() - start;
    this.result.check = checkLoss(done, loss, reference[done], this.#contestant.precision);
  }

  /** Trains until a timing's worth of steps is known and compilers have seen the code often enough. */
  async #warm(): Promise<void> {
    const { timing } = this.#settings;
    // By the clock, for a contestant that does nothing spends nothing.
    const deadline = performance.now() + this.#budget / 2 - this.#spent;
    let steps = 1;
    for (let warmed = 0; performance.now() < deadline; warmed += this.#lastTiming) {
      const took = await this.#train(steps);
      const wanted = (steps * timing) / Math.max(took, timing / 10);
      if (took >= timing / 2 && warmed >= 2 * timing) {
        steps = Math.max(1, Math.round(wanted));
        break;
      }
      steps = Math.max(1, Math.ceil(wanted));
    }
    this.#stepsPerTiming = steps;
  }

  /** Milliseconds that `steps` updates and a readback took. */
  async #train(steps: number): Promise<number> {
    if (!this.#session) throw new Error('there is no session');
    // A task of its own: what others have left for the event loop to do is done before.
    await new Promise((resolve) => setTimeout(resolve));
    await this.#session.activate?.();
    const start = performance.now();
    await this.#session.train(steps);
    this.#lastTiming = performance.now() - start;
    this.#spent += this.#lastTiming;
    return this.#lastTiming;
  }
}
