import type { FloatArray } from '../types.ts';
import { IN_FLIGHT, queueOf, TARGET } from './device/queue.ts';
import { allocating } from './memory/memory.ts';
import { resultCount } from './network/activations.ts';
import { divergedStep } from './network/parameters.ts';
import type { Plan, PlanContext } from './plans/plan.ts';
import { Commands } from './submission/commands.ts';
import { Readback } from './submission/readback.ts';

/** The results of one submission. */
export interface SubmissionResults {
  /** The results of the evaluations, each with its step and the λ of its L2 term. */
  reports: { step: number; l2: number; results: FloatArray }[];
  /** The first step after which a parameter or moment is not finite. */
  diverged: number | undefined;
}

/**
 * Steps of a run from `first` to before `end`, with a report before the update of each step that
 * `every` divides.
 */
export interface Steps {
  first: number;
  end: number;
  every: number | undefined;
}

/** Steps that are ready to be handed over. */
interface RecordedSteps {
  count: number;
  /** Sends the rows of streamed data, before {@link submit}. */
  send(signal: AbortSignal | undefined): Promise<void>;
  /**
   * Hands the steps over at once.
   * @returns the reports, after the steps have run
   */
  submit(): Promise<SubmissionResults>;
}

/** Hands over as many steps at a time as fill a submission, and reads their reports. */
export class Submissions {
  readonly #context: PlanContext;
  /** The unused buffers for results. Training itself allocates nothing. */
  readonly #staging: GPUBuffer[];

  /** Allocates: call it within {@link allocating}. */
  constructor(context: PlanContext) {
    const { memory, schedule, network } = context;
    this.#context = context;
    // The buffers have room for a report of every step and the word `diverged`.
    const words = schedule.capacity * resultCount(network) * memory.format.words + 1;
    this.#staging = Array.from({ length: IN_FLIGHT }, () => memory.staging('submission results', words * 4));
  }

  /** The largest number of submissions under way; 1 if rows are streamed. */
  get most(): number {
    return this.#context.source.streamed ? 1 : IN_FLIGHT;
  }

  /** Records the next steps: as many as are expected to fill a submission, and at least one. */
  record(plan: Plan, { first, end, every }: Steps): RecordedSteps {
    const { memory, network, schedule, setup } = this.#context;
    const { evaluation } = plan;
    const staging = this.#staging.at(-1);
    if (!staging) throw new Error('More submissions are under way than results can be read from.');
    const readback = new Readback(memory, staging, () => void this.#staging.push(staging));
    const commands = new Commands(memory, `steps from ${first}`);
    const most = Math.min(end - first, schedule.capacity);
    const step = this.#milliseconds(plan);
    const reported: number[] = [];
    let count = 0;
    for (let longest = 0; count < most && commands.expected + longest <= TARGET; ) {
      const before = commands.expected;
      const past = every === undefined ? 0 : (first + count) % every;
      const report = every !== undefined && past === 0;
      if (report) {
        // An evaluation of streamed rows has to be the first command of its submission.
        if (evaluation.streamed && count > 0) break;
        reported.push(first + count);
        evaluation.encode(commands);
        readback.copy(commands, evaluation.results, evaluation.words);
      }
      const fitting = Math.max(1, Math.floor((TARGET - commands.expected) / step));
      const steps = Math.min(fitting, most - count, every === undefined ? most : every - past);
      plan.encode(commands, first + count, count, steps, report);
      count += steps;
      longest = Math.max(longest, commands.expected - before);
    }
    readback.copy(commands, network.diverged, 1);
    const sendRows = () => schedule.writeRows(first, count);
    return {
      count,
      send: async (signal) => {
        if (reported.length > 0) await evaluation.stream(() => signal?.aborted === true);
        if (!signal?.aborted) await allocating(memory.device, 'the rows of the next steps', sendRows);
      },
      submit: async () => {
        if (!evaluation.streamed) sendRows();
        // The steps get the settings of this turn; until now, `set` may have changed the settings.
        const { origin } = network;
        schedule.writeSteps(first, count, origin);
        const l2 = reported.map((step) => setup.settings.at(step).l2);
        this.#staging.pop();
        await commands.submit();
        const results = await readback.read();
        return {
          reports: reported.map((step, i) => ({
            step,
            l2: l2[i],
            results: memory.format.decode(results[i]),
          })),
          diverged: divergedStep(results[reported.length], origin),
        };
      },
    };
  }

  /** The expected milliseconds of a step. */
  #milliseconds({ dispatches }: Plan): number {
    const { speed } = queueOf(this.#context.memory.device);
    return dispatches.reduce((sum, { pipeline, work }) => sum + speed.milliseconds(pipeline, work), 0);
  }
}
