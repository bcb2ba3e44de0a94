import { outputName } from '../../step-operations.ts';
import { computing, type Dispatch } from '../kernels/dispatch.ts';
import type { Operations } from '../kernels/operations.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { ParameterBuffers } from './parameters.ts';

/** The tensors that a forward pass over `rows` rows leaves behind. */
export interface Activations {
  rows: number;
  inputs: GPUBuffer;
  labels: GPUBuffer;
  /** `outputs[l]`: rows × width of layer l, after ReLU in hidden layers; the last holds the logits. */
  outputs: GPUBuffer[];
  /** `dOutputs[l]`: the gradient of the loss on each; the last holds the notes' dscores. */
  dOutputs: GPUBuffer[];
  /** Cross-entropy of each row. */
  losses: GPUBuffer;
  /** 1 for each row whose largest logit is the label's, else 0. */
  correct: GPUBuffer;
}

/**
 * Makes the activations of a pass over `rows` rows.
 * @param training whether the gradients on hidden outputs are needed too
 */
export function createActivations(
  memory: GpuMemory,
  name: string,
  sizes: readonly number[],
  rows: number,
  source: { inputs: GPUBuffer; labels: GPUBuffer },
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
    ...source,
    outputs,
    dOutputs: gradients.map((width, layer) => memory.reals(`${name} doutputs ${layer}`, rows * width)),
    losses: memory.reals(`${name} losses`, rows),
    correct: memory.reals(`${name} correct`, rows),
  };
}

/** Each layer's outputs: max(0, X·W + b) in the hidden ones, H·W + b for the logits. */
export async function forwardPass(
  operations: Operations,
  { sizes, parameters }: ParameterBuffers,
  { rows, inputs, outputs }: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Promise<Dispatch[]> {
  const last = parameters.length - 1;
  const layers = await Promise.all(
    parameters.map(async ({ weights, biases }, layer) => {
      const { label, shape } = layerProducts(sizes, layer, rows).outputs;
      const operands = { a: layer === 0 ? inputs : outputs[layer - 1], b: weights };
      const result = { target: outputs[layer], bias: biases, relu: layer < last };
      return computing([outputName(layer, last)], await operations.matmul(label, shape, operands, result));
    }),
  );
  return layers.flat();
}

/** Softmax, loss and the gradient on the logits, after {@link forwardPass}. */
export async function lossPass(
  operations: Operations,
  { sizes }: ParameterBuffers,
  { rows, labels, outputs, dOutputs, losses, correct }: Activations,
): Promise<Dispatch[]> {
  const logits = outputs[outputs.length - 1];
  const gradient = dOutputs[dOutputs.length - 1];
  const classes = sizes[sizes.length - 1];
  const buffers = { logits, labels, losses, correct, gradient };
  return computing(['softmax'], [await operations.softmaxLoss({ rows, classes }, buffers)]);
}
