import { outputName } from '../../step-operations.ts';
import { computing, type Dispatch } from '../kernels/dispatch.ts';
import { matmul } from '../kernels/multiply.ts';
import { layerProducts } from '../kernels/products.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { Activations } from './activations.ts';
import type { ParameterBuffers } from './parameters.ts';

/**
 * The dispatches of the forward pass: max(0, X·W + b) in a hidden layer, H·W + b for the logits.
 */
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
