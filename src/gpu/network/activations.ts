import type { Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { ParameterBuffers } from './parameters.ts';
import type { GpuRows, Source } from './rows.ts';

/** The tensors of a pass over `rows` rows. */
export interface Activations extends GpuRows {
  rows: number;
  /** `outputs[l]`: rows × width of layer l, after ReLU in hidden layers; the last: logits. */
  outputs: GPUBuffer[];
  /** `dOutputs[l]`: the gradient of the loss on each; the last holds the notes' dscores. */
  dOutputs: GPUBuffer[];
  /** Cross-entropy of each row. */
  losses: GPUBuffer;
  /** 1 for each row whose largest logit is the label's, else 0. */
  correct: GPUBuffer;
}

/** A forward pass with loss over a chunk of rows. */
export interface LossPass {
  activations: Activations;
  dispatches: readonly Dispatch[];
}

/** What computes loss, accuracy and ΣW² over a source, chunk by chunk. */
export interface EvaluationPass extends LossPass {
  source: Source;
  /** Real numbers of a row of inputs. */
  features: number;
  /** Of all rows: those of the activations, where the pass takes all rows at once. */
  all: Pick<Activations, 'losses' | 'correct'>;
  /** From the losses of all rows, and the weights, to the results. */
  sums: readonly Dispatch[];
  /** Real numbers: mean cross-entropy, count of correct rows, ΣW² of each layer. */
  results: GPUBuffer;
  count: number;
}

/** Real numbers that an evaluation of a network comes to. */
export function resultCount({ parameters }: ParameterBuffers): number {
  return 2 + parameters.length;
}

/**
 * Makes the activations of a pass over `rows` rows, within {@link allocating}.
 * @param training whether the gradients on hidden outputs are needed too
 */
export function createActivations(
  memory: GpuMemory,
  name: string,
  sizes: readonly number[],
  rows: number,
  { inputs, labels }: GpuRows,
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
    labels,
    outputs,
    dOutputs: gradients.map((width, layer) => memory.reals(`${name} doutputs ${layer}`, rows * width)),
    losses: memory.reals(`${name} losses`, rows),
    correct: memory.reals(`${name} correct`, rows),
  };
}
