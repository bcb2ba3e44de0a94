import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import type { ClassWeights } from '../../data/answers.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { ParameterBuffers } from './parameters.ts';
import type { GpuRows, Source } from './rows.ts';

/** The tensors of a pass over `rows` rows. */
export interface Activations extends GpuRows {
  rows: number;
  /**
   * `outputs[l]`: rows × width of layer l, after the activation in hidden layers; the last entry
   * holds the logits.
   */
  outputs: GPUBuffer[];
  /**
   * `dOutputs[l]`: the gradient of the loss on `outputs[l]`; the last entry holds the notes'
   * dscores.
   */
  dOutputs: GPUBuffer[];
  /** The loss of each row, times its class weight. */
  losses: GPUBuffer;
  /** 1 for each row whose largest logit is the label's, else 0. */
  correct: GPUBuffer;
}

/** A forward pass with loss over a chunk of rows. */
export interface LossPass {
  activations: Activations;
  dispatches: readonly Dispatch[];
}

/** What the kernels of an evaluation depend on, of the settings that may change. */
export interface LossTerms {
  /** Whether the loss has the term l1·Σ|W|. */
  l1: boolean;
  classWeights: ClassWeights;
}

/** The dispatches that compute loss, accuracy and ΣW² over a source, chunk by chunk. */
export interface EvaluationPass extends LossPass {
  /** The dispatches that copy the rows of a batch to the source. */
  gather: readonly Dispatch[];
  source: Source;
  terms: LossTerms;
  /** Real numbers in a row of inputs. */
  features: number;
  /** 32-bit words in the answer of a row. */
  answerWords: number;
  /** Losses and correct of all rows: the tensors of `activations` if one chunk holds all rows. */
  all: Pick<Activations, 'losses' | 'correct'>;
  /**
   * The dispatches that compute the results from the losses and the weights, by the number of rows
   * that count.
   */
  sums: ReadonlyMap<number, readonly Dispatch[]>;
  /**
   * Real numbers: the mean loss, {@link countParts} numbers of correct rows, ΣW² of each layer, then
   * Σ|W| of each layer if the loss has an L1 term.
   */
  results: GPUBuffer;
  count: number;
}

/** The largest number to which ones can be added up in 32 bits without rounding. */
const MOST_COUNTED = 2 ** 24;

/**
 * The parts in which the correct rows of an evaluation are counted: each count is exact, and the
 * program adds the counts up. In double precision one count is exact.
 */
export function countParts({ format }: GpuMemory, rows: number): number {
  if (format.words > 1 || rows <= MOST_COUNTED) return 1;
  return Math.max(WORKGROUP, Math.ceil(rows / MOST_COUNTED));
}

/** The number of results of an evaluation over at most `rows` rows. */
export function resultCount(memory: GpuMemory, { parameters }: ParameterBuffers, rows: number): number {
  return 1 + countParts(memory, rows) + 2 * parameters.length;
}

/**
 * Makes the activations of a pass over `rows` rows. Allocates: call it within {@link allocating}.
 * @param training whether the pass also needs the gradients on hidden outputs
 */
export function createActivations(
  memory: GpuMemory,
  name: string,
  sizes: readonly number[],
  rows: number,
  { inputs, answers }: GpuRows,
  training: boolean,
): Activations {
  const widths = sizes.slice(1);
  const last = widths.length - 1;
  const outputs = widths.map((width, layer) =>
    memory.reals(layer < last ? `${name} hidden ${layer}` : `${name} logits`, rows * width),
  );
  const gradients = training ? widths : widths.slice(-1);
  return {
    rows,
    inputs,
    answers,
    outputs,
    dOutputs: gradients.map((width, layer) => memory.reals(`${name} doutputs ${layer}`, rows * width)),
    losses: memory.reals(`${name} losses`, rows),
    correct: memory.reals(`${name} correct`, rows),
  };
}
