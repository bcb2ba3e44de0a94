import { MOMENTS, type Update } from '../../../shaders/lib/moments.ts';
import { answersOf } from '../../data/answers.ts';
import { type Chunk, chunks } from '../../data/chunks.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { Settings } from '../../options/step-settings.ts';
import type { PlanName } from '../../types.ts';
import { queueOf } from '../device/queue.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import type { EvaluationPass, LossTerms } from '../network/activations.ts';
import { addMoments, createParameters, type ParameterBuffers } from '../network/parameters.ts';
import { type GpuRows, isStreamed, type Source, StreamedBatches, uploadSource } from '../network/rows.ts';
import { MOST_STEPS, Schedule } from '../network/schedule.ts';
import { textsOf } from '../network/texts.ts';
import { Commands } from '../submission/commands.ts';

/** Everything that the steps of a network are made from. */
export interface PlanContext {
  memory: GpuMemory;
  network: ParameterBuffers;
  schedule: Schedule;
  setup: TrainingSetup;
  /** What the kernels of a step compute beyond the numbers of its struct. */
  terms: Terms;
  /** The functions of dropout, if a step drops anything. They load when they are first needed. */
  dropout: string | undefined;
  /** The training data or, for streamed data, the batches on the GPU. */
  source: Source & GpuRows;
}

/** What the text and the bindings of a step's kernels depend on, of the settings that may change. */
export interface Terms {
  update: Update;
  dropout: boolean;
  loss: LossTerms;
}

/** The terms of the kernels for a step with these settings. */
export function termsOf({ rule, l1, weightDecay, dropout, classWeights }: Settings): Terms {
  return {
    update: { rule, l1: l1 > 0, weightDecay: weightDecay > 0 },
    dropout: dropout > 0,
    loss: { l1: l1 > 0, classWeights },
  };
}

export function sameTerms(a: Terms, b: Terms): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A way to compute training steps: a sequence of kernels. */
export interface Plan {
  readonly name: PlanName;
  /** Loss and accuracy over the training data. */
  readonly evaluation: Evaluation;
  /** The dispatches of a step over a whole batch, in order. */
  readonly dispatches: readonly Dispatch[];
  /** The largest number of steps in one dispatch. */
  readonly stepsPerDispatch: number;
  /**
   * Records `count` updates. The first is update number `first` and has the slot `slot` of the
   * schedule.
   * @param evaluated whether {@link evaluation} is recorded immediately before, at the same
   * parameters
   */
  encode(commands: Commands, first: number, slot: number, count: number, evaluated: boolean): void;
}

/**
 * Allocates a network, all zero, and everything else that its steps need.
 * @param shared `source`: training data that is already on the device; `steps`: the largest number of steps in a submission
 */
export async function createContext(
  memory: GpuMemory,
  setup: TrainingSetup,
  shared: { source?: Source & GpuRows; steps?: number } = {},
): Promise<PlanContext> {
  const { data, settings } = setup;
  const { steps = MOST_STEPS } = shared;
  const terms = termsOf(settings.now);
  const network = { sizes: setup.sizes, ...(await textsOf(setup)) };
  const dropout = await dropoutText(terms);
  const allocated = await allocating(memory.device, 'the data and parameters', () => {
    // Each schedule has its own batches, because the work of another schedule may come in between.
    const batches = isStreamed(memory, setup)
      ? new StreamedBatches(memory, setup, network, steps)
      : undefined;
    return {
      schedule: new Schedule(memory, setup, batches),
      network: createParameters(memory, network, MOMENTS[terms.update.rule]),
      source: batches
        ? { rows: data.count, inputs: batches.inputs, answers: batches.answers, streamed: data }
        : (shared.source ?? uploadSource(memory, data)),
    };
  });
  return { memory, setup, terms, dropout, ...allocated };
}

/** The context of steps with other settings, on the same network. */
export async function changedContext(context: PlanContext, settings: Settings): Promise<PlanContext> {
  const { memory, network } = context;
  const terms = termsOf(settings);
  await allocating(memory.device, 'the moments', () => {
    addMoments(memory, network, MOMENTS[terms.update.rule]);
  });
  return { ...context, terms, dropout: await dropoutText(terms) };
}

async function dropoutText({ dropout }: Terms): Promise<string | undefined> {
  return dropout ? (await import('../../../shaders/lib/dropout.ts')).dropoutFunctions : undefined;
}

/** Loss, accuracy and ΣW² at the present parameters, computed and kept on the GPU. */
export class Evaluation {
  /** The results in the order of {@link EvaluationPass.results}. */
  readonly results: GPUBuffer;
  /** 32-bit words of all results. */
  readonly words: number;
  /** All dispatches, which have to be {@link compiled}. */
  readonly dispatches: readonly Dispatch[];
  readonly #memory: GpuMemory;
  readonly #pass: EvaluationPass;

  constructor(memory: GpuMemory, pass: EvaluationPass) {
    this.#memory = memory;
    this.#pass = pass;
    this.results = pass.results;
    this.words = pass.count * memory.format.words;
    this.dispatches = [...pass.gather, ...pass.dispatches, ...Array.from(pass.sums.values()).flat()];
  }

  /** What the kernels depend on, of the settings that may change. */
  get terms(): LossTerms {
    return this.#pass.terms;
  }

  /** Whether the rows are streamed, so that {@link stream} has to come before {@link encode}. */
  get streamed(): boolean {
    return this.#pass.source.streamed !== undefined;
  }

  /**
   * Computes the losses of streamed rows, chunk by chunk, for {@link encode} to add up. The
   * parameters must not change meanwhile.
   * @param stopped whether the result is no longer needed
   * @throws {OutOfMemoryError} if there is no memory left to send rows
   */
  async stream(stopped: () => boolean = () => false): Promise<void> {
    const { activations, source } = this.#pass;
    const { rows, streamed } = source;
    if (!streamed) return;
    const answers = answersOf(streamed);
    const { device } = this.#memory;
    let before: Promise<unknown> = Promise.resolve();
    for (const chunk of chunks(rows, activations.rows)) {
      if (stopped()) break;
      const { features } = streamed;
      const { start } = chunk;
      const end = start + chunk.count;
      this.#memory.checkFreed();
      await allocating(device, 'the rows to measure', () => {
        this.#memory.write(activations.inputs, streamed.inputs.subarray(start * features, end * features));
        const length = answers.length / rows;
        this.#memory.write(activations.answers, answers.subarray(start * length, end * length));
      });
      const commands = new Commands(this.#memory, 'evaluate');
      this.#encodeChunk(commands, chunk);
      await commands.submit();
      // This wait keeps the chunks from lying ready all at the same time.
      await before;
      before = queueOf(device).done();
    }
    await before;
  }

  /**
   * Records the evaluation, which computes {@link results} for this point of the queue.
   * @param batch for the rows of a batch: how many there are, and the bytes to the step's struct
   */
  encode(commands: Commands, batch = { rows: this.#pass.source.rows, stepOffset: 0 }): void {
    const { activations, gather, source, features, answerWords, sums } = this.#pass;
    commands.dispatch(gather, batch.stepOffset);
    if (!source.streamed) {
      const rowBytes = features * this.#memory.format.bytes;
      for (const chunk of chunks(source.rows, activations.rows)) {
        const { start, count } = chunk;
        if (activations.inputs !== source.inputs) {
          commands.copy(source.inputs, start * rowBytes, activations.inputs, 0, count * rowBytes);
          const bytes = 4 * answerWords;
          commands.copy(source.answers, start * bytes, activations.answers, 0, count * bytes);
        }
        this.#encodeChunk(commands, chunk);
      }
    }
    commands.dispatch(sums.get(batch.rows) ?? []);
  }

  #encodeChunk(commands: Commands, { start, count }: Chunk): void {
    const { activations, dispatches, all } = this.#pass;
    commands.dispatch(dispatches);
    if (activations.losses === all.losses) return;
    const { bytes } = this.#memory.format;
    commands.copy(activations.losses, 0, all.losses, start * bytes, count * bytes);
    commands.copy(activations.correct, 0, all.correct, start * bytes, count * bytes);
  }
}
