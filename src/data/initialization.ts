import type { FloatArray } from './dataset.ts';
import type { RandomState } from './random-state.ts';

/** One affine layer: `outputs = inputs · weights + biases`. */
export interface LayerParameters {
  /** `fanIn × fanOut`, row-major. */
  weights: FloatArray;
  /** `fanOut`. */
  biases: FloatArray;
}

/**
 * How weights are drawn, always from a normal distribution; biases start at 0.
 * `'he'`: standard deviation √(2 / fanIn) (He et al. 2015). `'glorot'`: √(2 / (fanIn + fanOut)) (Glorot & Bengio 2010).
 * A number: that standard deviation; the notes use 0.01.
 */
export type Initialization = 'he' | 'glorot' | number;

/** Draws the weights of every layer in order, each row-major, from one stream. `sizes` is features, hidden…, classes. */
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
  return initialization;
}
