import { fusedLogits } from '../../../shaders/fused.wgsl.ts';
import type { UpdateRule } from '../../../shaders/lib/update-rule.ts';
import { gradientName, outputName } from '../../step-operations.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { computing, createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import type { StoreBuffers, UpdateBuffers } from '../kernels/epilogue.ts';
import type { Operations } from '../kernels/operations.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { narrowNetwork, narrowShape, narrowWork, whyNotNarrowSizes } from './narrow.ts';
import type { ParameterBuffers } from './parameters.ts';
import type { GpuRows } from './rows.ts';

/*
 * What a step of a network of any shape is made of, in the order in which it runs: the batch, forward, loss, backward,
 * update. Each pass makes its dispatches, and buffers for them: within `allocating`.
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

/** A tensor for each layer's weights and biases, or something else for each. */
export type Layers<T> = readonly { weights: T; biases: T }[];

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

/** The rows of a step's mini-batch, copied from the training data. */
export function batchPass(
  operations: Operations,
  { sizes: [features] }: ParameterBuffers,
  batch: Activations,
  data: GpuRows,
  order: GPUBuffer,
): Dispatch[] {
  const gather = operations.gather({ rows: batch.rows, features }, { ...data, order }, batch);
  return computing(['batch'], [gather]);
}

/** Each layer's outputs: max(0, X·W + b) in the hidden ones, H·W + b for the logits. */
export function forwardPass(
  operations: Operations,
  { sizes, parameters }: ParameterBuffers,
  { rows, inputs, outputs }: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Dispatch[] {
  const last = parameters.length - 1;
  return parameters.flatMap(({ weights, biases }, layer) => {
    const { label, shape } = layerProducts(sizes, layer, rows).outputs;
    const operands = { a: layer === 0 ? inputs : outputs[layer - 1], b: weights };
    const result = { target: outputs[layer], bias: biases, relu: layer < last };
    return computing([outputName(layer, last)], operations.matmul(label, shape, operands, result));
  });
}

/** Softmax, loss and the gradient on the logits, after {@link forwardPass}. */
export function lossPass(
  operations: Operations,
  { sizes }: ParameterBuffers,
  { rows, labels, outputs, dOutputs, losses, correct }: Activations,
): Dispatch[] {
  const logits = outputs[outputs.length - 1];
  const gradient = dOutputs[dOutputs.length - 1];
  const classes = sizes[sizes.length - 1];
  const buffers = { logits, labels, losses, correct, gradient };
  return computing(['softmax'], [operations.softmaxLoss({ rows, classes }, buffers)]);
}

/**
 * After {@link lossPass}, from the last layer to the first: dW = Xᵀ·dY, db = Σ dY, dX = dY·Wᵀ where X > 0.
 * @param gradients where dW and db are left
 */
export function backwardPass(
  operations: Operations,
  network: ParameterBuffers,
  activations: Activations,
  gradients: Layers<GpuTensor>,
): Dispatch[] {
  return lastToFirst(gradients, ({ weights, biases }, layer) => [
    ...parameterGradients(operations, network, activations, layer, {
      weights: { target: weights },
      biases: { target: biases },
    }),
    ...inputGradient(operations, network, activations, layer),
    ...reluMask(operations, network, activations, layer),
  ]);
}

/** Each tensor's update from its gradient, after {@link backwardPass}. */
export function updatePass(
  operations: Operations,
  { sizes }: ParameterBuffers,
  gradients: Layers<GpuTensor>,
  updates: Layers<UpdateBuffers>,
): Dispatch[] {
  return updates.flatMap(({ weights, biases }, layer) => {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const W = operations.update(`weights ${layer}`, fanIn * fanOut, gradients[layer].weights, weights);
    const b = operations.update(`biases ${layer}`, fanOut, gradients[layer].biases, biases);
    return [...computing([`update W ${layer}`], [W]), ...computing([`update b ${layer}`], [b])];
  });
}

/**
 * {@link backwardPass} and {@link updatePass} in one: each product and sum ends in the update, or in the ReLU mask, and
 * no dW or db is ever stored. dX comes first, because it needs the weights before their update.
 */
export function updatingBackwardPass(
  operations: Operations,
  network: ParameterBuffers,
  activations: Activations,
  updates: Layers<UpdateBuffers>,
): Dispatch[] {
  return lastToFirst(updates, (layerUpdates, layer) => [
    ...inputGradient(operations, network, activations, layer, activations.outputs[layer - 1]),
    ...parameterGradients(operations, network, activations, layer, layerUpdates),
  ]);
}

/** How each tensor is updated. */
export function parameterUpdates(
  { parameters, moments, diverged }: ParameterBuffers,
  rule: UpdateRule,
): Layers<UpdateBuffers> {
  const updated = (layer: number, name: 'weights' | 'biases'): UpdateBuffers => ({
    rule,
    parameters: parameters[layer][name],
    moments: moments.map((layers) => layers[layer][name]),
    diverged,
    penalized: name === 'weights',
  });
  return parameters.map((_, layer) => ({
    weights: updated(layer, 'weights'),
    biases: updated(layer, 'biases'),
  }));
}

/**
 * The logits alone, into the last of `outputs`. A narrow network's come from one dispatch, which stores no hidden
 * outputs; any other's from {@link forwardPass}.
 */
export function logitsPass(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  activations: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Dispatch[] {
  const { sizes, parameters } = network;
  if (whyNotNarrowSizes(sizes)) return forwardPass(operations, network, activations);
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

function lastToFirst<T>(
  layers: readonly T[],
  dispatches: (layer: T, index: number) => Dispatch[],
): Dispatch[] {
  return layers.map(dispatches).reverse().flat();
}

/** dW = Xᵀ·dY, db = Σ dY, stored or taken for an update. */
function parameterGradients(
  operations: Operations,
  { sizes }: ParameterBuffers,
  { rows, inputs, outputs, dOutputs }: Activations,
  layer: number,
  { weights, biases }: Layers<StoreBuffers | UpdateBuffers>[number],
): Dispatch[] {
  const { label, shape } = layerProducts(sizes, layer, rows).dWeights;
  const x = layer === 0 ? inputs : outputs[layer - 1];
  const dY = dOutputs[layer];
  const dW = operations.matmul(label, shape, { a: x, b: dY }, weights);
  const db = operations.columnSums(`dbiases ${layer}`, { rows, columns: sizes[layer + 1] }, dY, biases);
  const lines = (letter: 'W' | 'b', result: StoreBuffers | UpdateBuffers) => [
    `d${letter} ${layer}`,
    ...('rule' in result ? [`update ${letter} ${layer}`] : []),
  ];
  return [...computing(lines('W', weights), dW), ...computing(lines('b', biases), db)];
}

/**
 * dX = dY·Wᵀ of a hidden layer's outputs X; the first layer's inputs need no gradient.
 * @param mask X, for the gradient through ReLU as well
 */
function inputGradient(
  operations: Operations,
  { sizes, parameters }: ParameterBuffers,
  { rows, dOutputs }: Activations,
  layer: number,
  mask?: GpuTensor,
): Dispatch[] {
  if (layer === 0) return [];
  const { label, shape } = layerProducts(sizes, layer, rows).dInputs;
  const operands = { a: dOutputs[layer], b: parameters[layer].weights };
  const hidden = layer - 1;
  const result = { target: dOutputs[hidden], mask };
  const lines = [gradientName(hidden, sizes.length - 2), ...(mask ? [`ReLU mask ${hidden}`] : [])];
  return computing(lines, operations.matmul(label, shape, operands, result));
}

/** dX where X > 0, else 0. */
function reluMask(
  operations: Operations,
  { sizes }: ParameterBuffers,
  { rows, outputs, dOutputs }: Activations,
  layer: number,
): Dispatch[] {
  if (layer === 0) return [];
  const hidden = layer - 1;
  const count = rows * sizes[layer];
  const mask = operations.reluMask(`dhidden ${hidden}`, count, outputs[hidden], dOutputs[hidden]);
  return computing([`ReLU mask ${hidden}`], [mask]);
}
