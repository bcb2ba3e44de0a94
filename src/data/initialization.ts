import type { Initialization, LayerParameters } from '../types.ts';
import type { RandomState } from './random-state.ts';

/**
 * Draws the weights of every layer in order, each row-major, from one stream; biases are 0.
 * @param sizes features, hidden…, classes
 */
export function initialParameters(
  sizes: readonly number[],
  initialization: Initialization,
  random: RandomState,
): LayerParameters[] {
  return sizes.slice(1).map((fanOut, layer) => {
    const fanIn = sizes[layer];
    const deviation = standardDeviation(initialization, fanIn, fanOut);
    const weights = random.randn(fanIn * fanOut);
    for (let i = 0; i < weights.length; i++) weights[i] *= deviation;
    return { weights, biases: new Float64Array(fanOut) };
  });
}

function standardDeviation(initialization: Initialization, fanIn: number, fanOut: number): number {
  if (initialization === 'he') return Math.sqrt(2 / fanIn);
  if (initialization === 'glorot') return Math.sqrt(2 / (fanIn + fanOut));
  if (initialization === 'lecun') return Math.sqrt(1 / fanIn);
  return initialization;
}
