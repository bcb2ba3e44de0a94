import { STEP_STRIDE } from '../../shaders/lib/kernel.ts';
import type { RowFacts } from '../data/answers.ts';
import { isDue, type Penalties } from '../engine.ts';
import type { FloatArray, LayerParameters } from '../types.ts';
import { IN_FLIGHT, queueOf, TARGET } from './device/queue.ts';
import { allocating } from './memory/memory.ts';
import { copyLayers, decodeLayers } from './network/parameter-copies.ts';
import { divergedStep } from './network/parameters.ts';
import type { Plan, PlanContext } from './plans/plan.ts';
import { type Reporting, ResultBuffers } from './reporting.ts';
import { Commands } from './submission/commands.ts';

/** The results of one evaluation, with its step, its rows' facts and the factors of its penalties. */
export interface Report extends Penalties {
  step: number;
  facts: RowFacts;
  results: FloatArray;
  parameters?: LayerParameters[];
}

/** The results of one submission. */
export interface SubmissionResults {
  reports: Report[];
  /** The first step after which a parameter or moment is not finite. */
  diverged: number | undefined;
}

/** Steps of a run from `first` to before `end`. */
export interface Steps {
  first: number;
  end: number;
  /** The step before which the submission ends at the latest, because later steps need another plan. */
  until: number;
  /** The reports of the run; undefined: none. */
  reporting?: Reporting;
}

/** Steps that are ready to be handed over. */
interface RecordedSteps {
  count: number;
  /** Whether the run ends with these steps and reports. */
  ends: boolean;
  /** @throws {OptionError} if a step has no learning rate */
  check(): void;
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
  readonly #buffers: ResultBuffers;

  /** Allocates: call it within {@link allocating}. */
  constructor(context: PlanContext) {
    this.#context = context;
    this.#buffers = new ResultBuffers(context.memory, context, false);
  }

  /** The largest number of submissions under way; 1 if rows are streamed. */
  get most(): number {
    return this.#context.source.streamed ? 1 : IN_FLIGHT;
  }

  /**
   * Records the next steps: as many as are expected to fill a submission, and at least one step or
   * report.
   */
  record(plan: Plan, { first, end, until, reporting }: Steps): RecordedSteps {
    const { memory, network, schedule, setup, source } = this.#context;
    const { reports, batch, buffers = this.#buffers } = reporting ?? {};
    const evaluation = batch ?? plan.evaluation;
    const [readback, takeBuffer] = buffers.next();
    const commands = new Commands(memory, `steps from ${first}`);
    const step = this.#milliseconds(plan);
    const reported: { step: number; rows: number }[] = [];
    const rowsOf = (step: number) => (batch ? schedule.rows(step) : setup.data.count);
    let [count, slots] = [0, 0];
    for (let longest = 0; commands.expected + longest <= TARGET; ) {
      const before = commands.expected;
      const at = first + count;
      const due = reports !== undefined && isDue(reports, at, end);
      if (due) {
        // A report at a step with other terms belongs to the next plan.
        if (at === until) break;
        // An evaluation of streamed rows has to be the first command of its submission.
        if (evaluation.streamed && count > 0) break;
        // The rows of a batch have the slot of their step.
        if (reported.length === buffers.reports || count === schedule.capacity) break;
        slots = count + (batch ? 1 : 0);
        const report = { step: at, rows: rowsOf(at) };
        reported.push(report);
        evaluation.encode(commands, { rows: report.rows, stepOffset: count * STEP_STRIDE });
        readback.copy(commands, evaluation.results, evaluation.words);
        if (reports.parameters) copyLayers(memory, readback, commands, network.sizes, network.parameters);
      }
      const most = Math.min(end - at, until - at, schedule.capacity - count);
      if (most === 0) break;
      const fitting = Math.max(1, Math.floor((TARGET - commands.expected) / step));
      const untilDue = reports ? reports.every - (at % reports.every) : most;
      const steps = Math.min(fitting, most, untilDue);
      plan.encode(commands, at, count, steps, due);
      count += steps;
      slots = count;
      longest = Math.max(longest, commands.expected - before);
    }
    readback.copy(commands, network.diverged, 1);
    const ends = first + count === end && (!reports?.last || reported.at(-1)?.step === end);
    const sendRows = () => schedule.writeRows(first, slots);
    return {
      count,
      ends,
      send: async (signal) => {
        if (reported.length > 0) await evaluation.stream(() => signal?.aborted === true);
        if (!signal?.aborted) await allocating(memory.device, 'the rows of the next steps', sendRows);
      },
      check() {
        for (let i = 0; i < count; i++) setup.settings.at(first + i);
      },
      submit: async () => {
        if (!source.streamed) sendRows();
        // The steps get the settings of this turn; until now, `set` may have changed the settings.
        const { origin } = network;
        schedule.writeSteps(first, count, origin, slots);
        const { classWeights } = evaluation.terms;
        const known = reported.map(({ step }) => ({
          step,
          facts: batch ? schedule.batchFacts(step, classWeights) : schedule.facts.at(classWeights),
          ...penaltiesOf(setup.settings.from(step)),
        }));
        takeBuffer();
        await commands.submit();
        const copies = await readback.read();
        const copiesOfReport = (copies.length - 1) / reported.length;
        return {
          reports: known.map((report, i) => {
            const [results, ...tensors] = copies.slice(i * copiesOfReport);
            return {
              ...report,
              results: memory.format.decode(results),
              ...(reports?.parameters && { parameters: decodeLayers(memory, network.sizes, tensors) }),
            };
          }),
          diverged: divergedStep(copies[copies.length - 1], origin),
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

const penaltiesOf = ({ l2, l1 }: Penalties): Penalties => ({ l2, l1 });
