import type { FloatArray } from '../types.ts';
import { allocating } from './memory/memory.ts';
import { resultCount } from './network/evaluation.ts';
import { divergedStep } from './network/parameters.ts';
import type { Plan, PlanContext } from './plans/plan.ts';
import { Calibration } from './submission/calibration.ts';
import { Commands } from './submission/commands.ts';
import { Readback } from './submission/readback.ts';

/** Submissions on their way at a time, so that the GPU does not wait for the reader. */
const IN_FLIGHT = 2;

/** What came back from one submission. */
export interface Submission {
  /** Results of the evaluations, with the step each was made at and λ of its L2 term. */
  reports: { step: number; l2: number; results: FloatArray }[];
  /** The first step after which a parameter or moment was not finite. */
  diverged: number | undefined;
}

/** Steps of a run: those from `first` up to `end`, with a report before the update of each that `every` divides. */
export interface Steps {
  first: number;
  end: number;
  every: number | undefined;
  signal: AbortSignal | undefined;
}

/** Hands steps over to the GPU, as many at a time as take a moment, and reads what they report. */
export class Submissions {
  readonly #context: PlanContext;
  readonly #calibration: Calibration;
  /** What the results are read from, where it is not in use: training asks for no memory. */
  readonly #staging: GPUBuffer[];

  /** Allocates, within {@link allocating}. */
  constructor(context: PlanContext) {
    const { memory, schedule, network } = context;
    this.#context = context;
    this.#calibration = new Calibration(schedule.capacity);
    // With room for a report of every step and the word `diverged`.
    const words = schedule.capacity * resultCount(network) * memory.format.words + 1;
    this.#staging = Array.from({ length: IN_FLIGHT }, () => memory.staging('submission results', words * 4));
  }

  /** How many may be under way: where rows are streamed, one after the other. */
  get most(): number {
    return this.#context.source.streamed ? 1 : IN_FLIGHT;
  }

  /**
   * Queues the next steps.
   * @param queued is told how many, when they are
   * @returns what they report once they have run
   */
  async submit(plan: Plan, steps: Steps, queued: (count: number) => void): Promise<Submission> {
    const { memory, network, schedule, setup } = this.#context;
    const { first, end, every, signal } = steps;
    const { evaluation } = plan;
    const { streamed } = evaluation;
    const reports = (step: number) => every !== undefined && step % every === 0;
    // Where the rows of an evaluation are streamed, no step may come before it.
    const next = streamed && every !== undefined ? first + every - (first % every) : end;
    const count = Math.min(end - first, next - first, this.#calibration.steps(every));
    if (streamed && reports(first)) await evaluation.stream(() => signal?.aborted === true);
    if (streamed && signal?.aborted) return NOTHING;
    const staging = this.#staging.at(-1);
    if (!staging) throw new Error('More submissions are under way than results can be read from.');
    const readback = new Readback(memory, staging, () => void this.#staging.push(staging));
    const commands = new Commands(memory, `steps ${first} to ${first + count}`);
    const reported: number[] = [];
    for (let i = 0, next = 0; i < count; i = next) {
      const report = reports(first + i);
      if (report) {
        reported.push(first + i);
        evaluation.encode(commands);
        readback.copy(commands, evaluation.results, evaluation.words);
      }
      next = i + 1;
      while (next < count && !reports(first + next)) next++;
      plan.encode(commands, first + i, i, next - i, report);
    }
    readback.copy(commands, network.diverged, 1);
    const send = () => schedule.writeRows(first, count);
    if (streamed) await allocating(memory.device, 'the rows of the next steps', send);
    else send();
    if (streamed && signal?.aborted) return NOTHING;
    // With the settings of the turn in which the steps are queued: until then they may change.
    schedule.writeSteps(first, count);
    const l2 = reported.map((step) => setup.settings.at(step).l2);
    this.#staging.pop();
    const start = performance.now();
    const submitted = commands.submit();
    queued(count);
    await submitted;

    const results = await readback.read();
    this.#calibration.learn(every, count, start);
    return {
      reports: reported.map((step, i) => ({ step, l2: l2[i], results: memory.format.decode(results[i]) })),
      diverged: divergedStep(results[reported.length]),
    };
  }
}

const NOTHING: Submission = { reports: [], diverged: undefined };
