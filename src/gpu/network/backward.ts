import { columnSums as columnSumsKernel, ROWS_PER_STRIP } from '../../../shaders/column-sums.wgsl.ts';
import { derivative } from '../../../shaders/derivative.wgsl.ts';
import type { Update } from '../../../shaders/lib/moments.ts';
import { reluMask } from '../../../shaders/relu-mask.wgsl.ts';
import { update as updateKernel } from '../../../shaders/update.wgsl.ts';
import { derivativeName, gradientName } from '../../step-names.ts';
import { computing, createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import { bindEpilogue, derivativeLabel, type StoreBuffers, type UpdateBuffers } from '../kernels/epilogue.ts';
import { matmul } from '../kernels/multiply.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import type { Activations } from './activations.ts';
import { type DropoutBuffers, dropoutPass } from './dropout.ts';
import { momentsFor, type ParameterBuffers } from './parameters.ts';

/*
 * The second half of a step of a network of any shape: backward and update. The functions make
 * dispatches and buffers: call them within `allocating`.
 */

/** A value for the weights and one for the biases of each layer, such as a tensor. */
export type Layers<T> = readonly { weights: T; biases: T }[];

/**
 * The dispatches of the backward pass after the loss, from the last layer to the first: dW = Xᵀ·dY,
 * db = Σ dY, dX = dY·Wᵀ times the derivative of the activation.
 * @param gradients the tensors for dW and db
 * @param dropout for a step that drops hidden outputs
 */
export function backwardPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  activations: Activations,
  gradients: Layers<GpuTensor>,
  dropout?: DropoutBuffers,
): Dispatch[] {
  return lastToFirst(gradients, ({ weights, biases }, layer) => [
    ...parameterGradients(memory, network, activations, layer, {
      weights: { target: weights },
      biases: { target: biases },
    }),
    ...inputGradient(memory, network, activations, layer),
    ...activationGradient(memory, network, activations, layer, dropout),
  ]);
}

/** The dispatches that update each tensor by its gradient, after {@link backwardPass}. */
export function updatePass(
  memory: GpuMemory,
  { sizes }: ParameterBuffers,
  gradients: Layers<GpuTensor>,
  updates: Layers<UpdateBuffers>,
): Dispatch[] {
  const update = (label: string, count: number, gradient: GpuTensor, updated: UpdateBuffers) => {
    const { buffers, uniform, steps } = bindEpilogue(updated);
    return createDispatch(memory, {
      label: `update ${label}`,
      kernel: updateKernel(updated.update, memory.format.arithmetic),
      buffers: [gradient, ...buffers],
      uniform: [...uniform, count],
      extent: { x: count },
      steps,
    });
  };
  return updates.flatMap(({ weights, biases }, layer) => {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const W = update(`weights ${layer}`, fanIn * fanOut, gradients[layer].weights, weights);
    const b = update(`biases ${layer}`, fanOut, gradients[layer].biases, biases);
    return [...computing([`update W ${layer}`], [W]), ...computing([`update b ${layer}`], [b])];
  });
}

/**
 * The dispatches of {@link backwardPass} and {@link updatePass} in one: each product and sum ends
 * in an update or the derivative of the activation, and no dW or db is stored. dX comes first,
 * because it needs the weights before their update.
 */
export function updatingBackwardPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  activations: Activations,
  updates: Layers<UpdateBuffers>,
  dropout?: DropoutBuffers,
): Dispatch[] {
  return lastToFirst(updates, (layerUpdates, layer) => [
    // Dropout comes between the product and the backward pass of the activation.
    ...inputGradient(memory, network, activations, layer, !dropout),
    ...(dropout ? activationGradient(memory, network, activations, layer, dropout) : []),
    ...parameterGradients(memory, network, activations, layer, layerUpdates),
  ]);
}

/**
 * The tensors of each parameter's update.
 * @param steps the buffer of step structs
 */
export function parameterUpdates(
  network: ParameterBuffers,
  update: Update,
  steps: GPUBuffer,
): Layers<UpdateBuffers> {
  const { parameters, diverged } = network;
  const moments = momentsFor(update, network);
  const updated = (layer: number, name: 'weights' | 'biases'): UpdateBuffers => ({
    update,
    parameters: parameters[layer][name],
    moments: moments.map((layers) => layers[layer][name]),
    diverged,
    steps,
    penalized: name === 'weights',
  });
  return parameters.map((_, layer) => ({
    weights: updated(layer, 'weights'),
    biases: updated(layer, 'biases'),
  }));
}

/**
 * The dispatches that sum the columns of values (rows×columns), to be stored or used as a gradient.
 * Each dispatch divides the number of rows by `ROWS_PER_STRIP`.
 */
export function columnSums(
  memory: GpuMemory,
  label: string,
  shape: { rows: number; columns: number },
  values: GpuTensor,
  result: Pick<StoreBuffers, 'target'> | UpdateBuffers,
): Dispatch[] {
  const { rows, columns } = shape;
  const strips = Math.ceil(rows / ROWS_PER_STRIP);
  const partial = strips > 1 ? memory.reals(`strips of ${label}`, strips * columns) : undefined;
  const { epilogue, buffers, uniform, steps, suffix } = bindEpilogue(partial ? { target: partial } : result);
  const dispatch = createDispatch(memory, {
    label: `column sums ${label}${suffix}`,
    kernel: columnSumsKernel(epilogue, memory.format.arithmetic),
    buffers: [values, ...buffers],
    uniform: [...uniform, rows, columns],
    extent: { x: columns, y: strips },
    work: rows * columns,
    steps,
  });
  if (!partial) return [dispatch];
  return [dispatch, ...columnSums(memory, label, { rows: strips, columns }, partial, result)];
}

function lastToFirst<T>(
  layers: readonly T[],
  dispatches: (layer: T, index: number) => Dispatch[],
): Dispatch[] {
  return layers.map(dispatches).reverse().flat();
}

/** dW = Xᵀ·dY and db = Σ dY, stored or used for an update. */
function parameterGradients(
  memory: GpuMemory,
  { sizes }: ParameterBuffers,
  { rows, inputs, outputs, dOutputs }: Activations,
  layer: number,
  { weights, biases }: Layers<StoreBuffers | UpdateBuffers>[number],
): Dispatch[] {
  const { label, shape } = layerProducts(sizes, layer, rows).dWeights;
  const x = layer === 0 ? inputs : outputs[layer - 1];
  const dY = dOutputs[layer];
  const dW = matmul(memory, label, shape, { a: x, b: dY }, weights);
  const db = columnSums(memory, `dbiases ${layer}`, { rows, columns: sizes[layer + 1] }, dY, biases);
  const lines = (letter: 'W' | 'b', result: StoreBuffers | UpdateBuffers) => [
    `d${letter} ${layer}`,
    ...('update' in result ? [`update ${letter} ${layer}`] : []),
  ];
  return [...computing(lines('W', weights), dW), ...computing(lines('b', biases), db)];
}

/**
 * dX = dY·Wᵀ, the gradient on a hidden layer's outputs X. The first layer's inputs need no
 * gradient.
 * @param whole whether the product ends in the backward pass of the layer's activation
 */
function inputGradient(
  memory: GpuMemory,
  { sizes, activations, parameters }: ParameterBuffers,
  { rows, outputs, dOutputs }: Activations,
  layer: number,
  whole = false,
): Dispatch[] {
  if (layer === 0) return [];
  const { label, shape } = layerProducts(sizes, layer, rows).dInputs;
  const operands = { a: dOutputs[layer], b: parameters[layer].weights };
  const hidden = layer - 1;
  const activation = activations[hidden];
  const ending = whole && activation.name !== 'identity';
  const result = {
    target: dOutputs[hidden],
    ...(ending && { derivative: { activation, outputs: outputs[hidden] } }),
  };
  const lines = [
    gradientName(hidden, sizes.length - 2),
    ...(ending ? [derivativeName(activation.name, hidden)] : []),
  ];
  return computing(lines, matmul(memory, label, shape, operands, result));
}

/** dX, where it is not dropped, times the derivative of the activation whose output is X. */
function activationGradient(
  memory: GpuMemory,
  network: ParameterBuffers,
  { rows, outputs, dOutputs }: Activations,
  layer: number,
  dropout?: DropoutBuffers,
): Dispatch[] {
  if (layer === 0) return [];
  const { sizes, activations } = network;
  const hidden = layer - 1;
  const activation = activations[hidden];
  const drops = dropout
    ? dropoutPass(memory, network, dropout, 'dOutputs', hidden, dOutputs[hidden], rows)
    : [];
  if (activation.name === 'identity') return drops;
  const { arithmetic, words } = memory.format;
  const count = rows * sizes[layer];
  const relu = activation.name === 'relu';
  const elements = relu ? Math.ceil((count * words) / 4) : count;
  const dispatch = createDispatch(memory, {
    label: `${derivativeLabel(activation)} dhidden ${hidden}`,
    kernel: relu ? reluMask(arithmetic) : derivative(activation, arithmetic, dropout !== undefined),
    buffers: [outputs[hidden], dOutputs[hidden]],
    uniform: [elements],
    extent: { x: elements },
    ...(!relu && dropout && { steps: dropout.steps }),
  });
  return [...drops, ...computing([derivativeName(activation.name, hidden)], [dispatch])];
}
