import { fusedLogits } from '../../../shaders/fused.wgsl.ts';
import { gather } from '../../../shaders/gather.wgsl.ts';
import { outputName } from '../../step-operations.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { computing, createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import { matmul, softmax } from '../kernels/operations.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { narrowNetwork, narrowShape, narrowWork, whyNotNarrowSizes } from './narrow.ts';
import type { ParameterBuffers } from './parameters.ts';
import type { GpuRows } from './rows.ts';
import type { Schedule } from './schedule.ts';

/*
 * The first half of a step of a network of any shape, in the order in which it runs: the batch, forward, loss; the other half is
 * in `backward.ts`. Each pass makes its dispatches, and buffers for them: within `allocating`.
 */

/** The tensors of a pass over `rows` rows. */
export interface Activations extends GpuRows {
  rows: number;
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

/** The rows of a step's mini-batch, inputs and labels, copied from the training data; none where a step sees all rows. */
export function batchPass(
  memory: GpuMemory,
  { sizes: [features] }: ParameterBuffers,
  { rows, inputs, labels }: Activations,
  data: GpuRows,
  { order, steps }: Pick<Schedule, 'order' | 'steps'>,
): Dispatch[] {
  if (!order) return [];
  const dispatch = createDispatch(memory, {
    label: 'gather batch',
    kernel: gather(memory.format.arithmetic),
    buffers: [data.inputs, data.labels, order, inputs, labels],
    uniform: [rows, features],
    extent: { x: rows * features },
    steps,
  });
  return computing(['batch'], [dispatch]);
}

/** Each layer's outputs: max(0, X·W + b) in the hidden ones, H·W + b for the logits. */
export function forwardPass(
  memory: GpuMemory,
  { sizes, parameters }: ParameterBuffers,
  { rows, inputs, outputs }: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Dispatch[] {
  const last = parameters.length - 1;
  return parameters.flatMap(({ weights, biases }, layer) => {
    const { label, shape } = layerProducts(sizes, layer, rows).outputs;
    const operands = { a: layer === 0 ? inputs : outputs[layer - 1], b: weights };
    const result = { target: outputs[layer], bias: biases, relu: layer < last };
    return computing([outputName(layer, last)], matmul(memory, label, shape, operands, result));
  });
}

/**
 * The logits alone, into the last of `outputs`. A narrow network's come from one dispatch, which stores no hidden
 * outputs; any other's from {@link forwardPass}.
 */
export function logitsPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  activations: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Dispatch[] {
  const { sizes, parameters } = network;
  if (whyNotNarrowSizes(sizes)) return forwardPass(memory, network, activations);
  const { rows, inputs, outputs } = activations;
  // Four rows share what they load, which is most of the work on a software adapter.
  const tiling = isSoftwareAdapter(memory.device.adapterInfo)
    ? { each: 4, workgroup: 8 }
    : { each: 1, workgroup: 64 };
  const dispatch = createDispatch(memory, {
    label: 'fused logits',
    kernel: fusedLogits({
      network: narrowNetwork(sizes, false),
      ...tiling,
      arithmetic: memory.format.arithmetic,
    }),
    buffers: [parameters[0].weights.buffer, inputs, outputs[outputs.length - 1]],
    uniform: [...narrowShape(memory, network), rows],
    extent: { x: rows },
    work: narrowWork(sizes, rows),
  });
  return [dispatch];
}

/** Softmax, loss and the gradient on the logits, after {@link forwardPass}. */
export function lossPass(
  memory: GpuMemory,
  { sizes }: ParameterBuffers,
  { rows, labels, outputs, dOutputs, losses, correct }: Activations,
): Dispatch[] {
  const logits = outputs[outputs.length - 1];
  const gradient = dOutputs[dOutputs.length - 1];
  const classes = sizes[sizes.length - 1];
  const tensors = { logits, labels, losses, correct, gradient };
  return computing(['softmax'], [softmax(memory, { rows, classes }, tensors)]);
}
