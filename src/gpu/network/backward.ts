import { columnSums as columnSumsKernel, ROWS_PER_STRIP } from '../../../shaders/column-sums.wgsl.ts';
import type { UpdateRule } from '../../../shaders/lib/moments.ts';
import { reluMask as reluMaskKernel } from '../../../shaders/relu-mask.wgsl.ts';
import { update as updateKernel } from '../../../shaders/update.wgsl.ts';
import { gradientName } from '../../step-operations.ts';
import { computing, createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import { bindEpilogue, type StoreBuffers, type UpdateBuffers } from '../kernels/epilogue.ts';
import { matmul } from '../kernels/multiply.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import type { Activations } from './activations.ts';
import type { ParameterBuffers } from './parameters.ts';

/*
 * The second half of a step of a network of any shape: backward and update. The functions make
 * dispatches and buffers: call them within `allocating`.
 */

/** A value for the weights and one for the biases of each layer, such as a tensor. */
export type Layers<T> = readonly { weights: T; biases: T }[];

/**
 * The dispatches of the backward pass after the loss, from the last layer to the first: dW = Xᵀ·dY,
 * db = Σ dY, dX = dY·Wᵀ where X > 0.
 * @param gradients the tensors for dW and db
 */
export function backwardPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  activations: Activations,
  gradients: Layers<GpuTensor>,
): Dispatch[] {
  return lastToFirst(gradients, ({ weights, biases }, layer) => [
    ...parameterGradients(memory, network, activations, layer, {
      weights: { target: weights },
      biases: { target: biases },
    }),
    ...inputGradient(memory, network, activations, layer),
    ...reluMask(memory, network, activations, layer),
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
      kernel: updateKernel({ rule: updated.rule, arithmetic: memory.format.arithmetic }),
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
 * in an update or the ReLU mask, and no dW or db is stored. dX comes first, because it needs the
 * weights before their update.
 */
export function updatingBackwardPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  activations: Activations,
  updates: Layers<UpdateBuffers>,
): Dispatch[] {
  return lastToFirst(updates, (layerUpdates, layer) => [
    ...inputGradient(memory, network, activations, layer, activations.outputs[layer - 1]),
    ...parameterGradients(memory, network, activations, layer, layerUpdates),
  ]);
}

/**
 * The tensors of each parameter's update.
 * @param steps the buffer of step structs
 */
export function parameterUpdates(
  { parameters, moments, diverged }: ParameterBuffers,
  rule: UpdateRule,
  steps: GPUBuffer,
): Layers<UpdateBuffers> {
  const updated = (layer: number, name: 'weights' | 'biases'): UpdateBuffers => ({
    rule,
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
    ...('rule' in result ? [`update ${letter} ${layer}`] : []),
  ];
  return [...computing(lines('W', weights), dW), ...computing(lines('b', biases), db)];
}

/**
 * dX = dY·Wᵀ, the gradient on a hidden layer's outputs X. The first layer's inputs need no
 * gradient.
 * @param mask X, if the product ends in ReLU's backward pass
 */
function inputGradient(
  memory: GpuMemory,
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
  return computing(lines, matmul(memory, label, shape, operands, result));
}

/** dX where X > 0, else 0. */
function reluMask(
  memory: GpuMemory,
  { sizes }: ParameterBuffers,
  { rows, outputs, dOutputs }: Activations,
  layer: number,
): Dispatch[] {
  if (layer === 0) return [];
  const hidden = layer - 1;
  const vectors = Math.ceil((rows * sizes[layer] * memory.format.words) / 4);
  const dispatch = createDispatch(memory, {
    label: `relu mask dhidden ${hidden}`,
    kernel: reluMaskKernel(memory.format.arithmetic),
    buffers: [outputs[hidden], dOutputs[hidden]],
    uniform: [vectors],
    extent: { x: vectors },
  });
  return computing([`ReLU mask ${hidden}`], [dispatch]);
}
