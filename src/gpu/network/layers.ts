import { outputName } from '../../step-names.ts';
import { computing, type Dispatch } from '../kernels/dispatch.ts';
import { matmul } from '../kernels/multiply.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { Activations } from './activations.ts';
import { type DropoutBuffers, dropoutPass } from './dropout.ts';
import type { ParameterBuffers } from './parameters.ts';

/**
 * The dispatches of the forward pass: the activation of X·W + b in a hidden layer, H·W + b for the
 * logits.
 * @param dropout for a training step that drops hidden outputs
 */
export function forwardPass(
  memory: GpuMemory,
  network: ParameterBuffers,
  { rows, inputs, outputs }: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
  dropout?: DropoutBuffers,
): Dispatch[] {
  const { sizes, activations, parameters } = network;
  const last = parameters.length - 1;
  return parameters.flatMap(({ weights, biases }, layer) => {
    const { label, shape } = layerProducts(sizes, layer, rows).outputs;
    const operands = { a: layer === 0 ? inputs : outputs[layer - 1], b: weights };
    const result = { target: outputs[layer], bias: biases, activation: activations[layer] };
    return [
      ...computing([outputName(layer, last)], matmul(memory, label, shape, operands, result)),
      ...(dropout && layer < last
        ? dropoutPass(memory, network, dropout, 'outputs', layer, outputs[layer], rows)
        : []),
    ];
  });
}
