import type { Reports } from '../engine.ts';
import { IN_FLIGHT, queueOf } from './device/queue.ts';
import { compiled } from './kernels/dispatch.ts';
import { allocating, type GpuMemory } from './memory/memory.ts';
import { resultCount } from './network/activations.ts';
import { batchEvaluationPass, logitsPassOf } from './network/forward.ts';
import { layerWords } from './network/parameter-copies.ts';
import { Evaluation, type PlanContext } from './plans/plan.ts';
import { Readback } from './submission/readback.ts';

/** The most bytes of parameters in the reports of a submission, unless one report needs more. */
const MOST_PARAMETER_BYTES = 2 ** 23;

/** The reports of a run, and what they need. */
export interface Reporting {
  reports: Reports;
  /** The evaluation of the rows of a batch; undefined: the plan's evaluation of all rows. */
  batch?: Evaluation;
  /** Other buffers than those for reports without parameters. */
  buffers?: ResultBuffers;
}

/** Prepares what the reports of runs need beyond the plan's evaluation. */
export class Reporter {
  readonly #context: PlanContext;
  /** The evaluation of the batches of steps, which does not depend on the plan. */
  #batch: Promise<Evaluation> | undefined;
  /** The memory of that evaluation. */
  #memory: GpuMemory;

  constructor(context: PlanContext) {
    this.#context = context;
    this.#memory = context.memory.apart();
  }

  /** Frees everything after all commands that have been recorded with it. */
  retire(): void {
    void queueOf(this.#memory.device).inTurn(async () => this.#memory.destroy());
  }

  /** @param own memory that is freed after the run */
  async prepare(reports: Reports, own: GpuMemory): Promise<Reporting> {
    const { order } = this.#context.schedule;
    const allocate = () => new ResultBuffers(own, this.#context, true);
    return {
      reports,
      ...(reports.measure === 'batch' && order && { batch: await this.#batchEvaluation() }),
      ...(reports.parameters && { buffers: await allocating(own.device, 'the reports', allocate) }),
    };
  }

  #batchEvaluation(): Promise<Evaluation> {
    this.#batch ??= createBatchEvaluation(this.#context, this.#memory).catch((error) => {
      this.#batch = undefined;
      this.#memory.destroy();
      this.#memory = this.#context.memory.apart();
      throw error;
    });
    return this.#batch;
  }
}

async function createBatchEvaluation(
  { network, source, schedule, terms }: PlanContext,
  memory: GpuMemory,
): Promise<Evaluation> {
  const logits = await logitsPassOf(network);
  const evaluation = await allocating(
    memory.device,
    'measuring a batch',
    () => new Evaluation(memory, batchEvaluationPass(memory, network, source, schedule, logits, terms.loss)),
  );
  await compiled(evaluation.dispatches);
  return evaluation;
}

/** The buffers for the results of the submissions under way. */
export class ResultBuffers {
  /** The most reports of a submission. */
  readonly reports: number;
  readonly #memory: GpuMemory;
  /** The unused buffers. Training itself allocates nothing. */
  readonly #unused: GPUBuffer[];

  /**
   * Allocates: call it within {@link allocating}.
   * @param parameters whether each report holds the parameters
   */
  constructor(memory: GpuMemory, { network, schedule, setup }: PlanContext, parameters: boolean) {
    const own = parameters ? layerWords(memory, network.sizes) : 0;
    const fitting = own > 0 ? Math.floor(MOST_PARAMETER_BYTES / (4 * own)) : schedule.capacity;
    this.reports = Math.max(1, Math.min(schedule.capacity, fitting));
    this.#memory = memory;
    // The buffers have room for the reports and the word `diverged`.
    const results = resultCount(memory, network, setup.data.count);
    const words = this.reports * (results * memory.format.words + own) + 1;
    this.#unused = Array.from({ length: IN_FLIGHT }, () => memory.staging('submission results', words * 4));
  }

  /** A readback into an unused buffer, and the function that takes the buffer for the reading. */
  next(): [readback: Readback, take: () => void] {
    const staging = this.#unused.at(-1);
    if (!staging) throw new Error('More submissions are under way than results can be read from.');
    const readback = new Readback(this.#memory, staging, () => void this.#unused.push(staging));
    return [readback, () => void this.#unused.pop()];
  }
}
