import type { UpdateRule } from '../../../shaders/lib/update-rule.ts';
import { gradientName } from '../../step-operations.ts';
import { computing, type Dispatch } from '../kernels/dispatch.ts';
import type { Updated } from '../kernels/epilogue.ts';
import type { Operations } from '../kernels/operations.ts';
import { layerProducts } from '../kernels/products.ts';
import type { Tensor } from '../memory/memory.ts';
import type { Activations } from './layered.ts';
import type { ParameterBuffers } from './parameters.ts';

/** A tensor for each layer's weights and biases, or something else for each. */
type Layers<T> = readonly { weights: T; biases: T }[];

/**
 * After {@link file://./layered.ts} `lossPass`, from the last layer to the first: dW = Xᵀ·dY, db = Σ dY, dX = dY·Wᵀ where X > 0.
 * @param gradients where dW and db are left
 */
export async function backwardPass(
  operations: Operations,
  network: ParameterBuffers,
  activations: Activations,
  gradients: Layers<Tensor>,
): Promise<Dispatch[]> {
  const { outputs, dOutputs, rows } = activations;
  const layers = gradients.map(async ({ weights, biases }, layer) => {
    const results = { weights: { target: weights }, biases: { target: biases } };
    const hidden = layer - 1;
    const count = rows * network.sizes[layer];
    const [parameters, product, mask] = await Promise.all([
      parameterGradients(operations, network, activations, layer, results),
      layer > 0 ? inputGradient(operations, network, activations, layer) : [],
      layer > 0 ? operations.reluMask(`dhidden ${hidden}`, count, outputs[hidden], dOutputs[hidden]) : [],
    ]);
    return [...parameters, ...product, ...computing([`ReLU mask ${hidden}`], [mask].flat())];
  });
  return (await Promise.all(layers)).reverse().flat(2);
}

/** The same, with all parameters updated as soon as nothing needs their old values: no dW or db is ever stored. */
export async function updatingBackwardPass(
  operations: Operations,
  network: ParameterBuffers,
  activations: Activations,
  updates: Layers<Updated>,
): Promise<Dispatch[]> {
  const layers = updates.map((results, layer) =>
    Promise.all([
      layer > 0 ? inputGradient(operations, network, activations, layer, activations.outputs[layer - 1]) : [],
      parameterGradients(operations, network, activations, layer, results),
    ]),
  );
  return (await Promise.all(layers)).reverse().flat(2);
}

/** dW = Xᵀ·dY, db = Σ dY. */
async function parameterGradients(
  operations: Operations,
  { sizes }: ParameterBuffers,
  { rows, inputs, outputs, dOutputs }: Activations,
  layer: number,
  { weights, biases }: Layers<{ target: Tensor } | Updated>[number],
): Promise<Dispatch[]> {
  const { label, shape } = layerProducts(sizes, layer, rows).dWeights;
  const x = layer === 0 ? inputs : outputs[layer - 1];
  const dY = dOutputs[layer];
  const [dW, db] = await Promise.all([
    operations.matmul(label, shape, { a: x, b: dY }, weights),
    operations.columnSums(`dbiases ${layer}`, { rows, columns: sizes[layer + 1] }, dY, biases),
  ]);
  const lines = (letter: 'W' | 'b', result: object) => [
    `d${letter} ${layer}`,
    ...('rule' in result ? [`update ${letter} ${layer}`] : []),
  ];
  return [...computing(lines('W', weights), dW), ...computing(lines('b', biases), [db].flat())];
}

/** dX = dY·Wᵀ, and through the mask, where it is not left to a dispatch of its own. */
async function inputGradient(
  operations: Operations,
  { sizes, parameters }: ParameterBuffers,
  { rows, dOutputs }: Activations,
  layer: number,
  mask?: Tensor,
): Promise<Dispatch[]> {
  const { label, shape } = layerProducts(sizes, layer, rows).dInputs;
  const operands = { a: dOutputs[layer], b: parameters[layer].weights };
  const hidden = layer - 1;
  const result = { target: dOutputs[hidden], mask };
  const lines = [gradientName(hidden, sizes.length - 2), ...(mask ? [`ReLU mask ${hidden}`] : [])];
  return computing(lines, await operations.matmul(label, shape, operands, result));
}

/** How each tensor is updated. */
export function parameterUpdates(
  { parameters, moments, diverged }: ParameterBuffers,
  rule: UpdateRule,
): Layers<Updated> {
  const updated = (layer: number, name: 'weights' | 'biases'): Updated => ({
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

/** Each tensor's update from its gradient. */
export async function updatePass(
  operations: Operations,
  { sizes }: ParameterBuffers,
  gradients: Layers<Tensor>,
  updates: Layers<Updated>,
): Promise<Dispatch[]> {
  const layers = updates.map(async ({ weights, biases }, layer) => {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const [W, b] = await Promise.all([
      operations.update(`weights ${layer}`, fanIn * fanOut, gradients[layer].weights, weights),
      operations.update(`biases ${layer}`, fanOut, gradients[layer].biases, biases),
    ]);
    return [...computing([`update W ${layer}`], [W]), ...computing([`update b ${layer}`], [b])];
  });
  return (await Promise.all(layers)).flat();
}
