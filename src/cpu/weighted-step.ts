import { momentCount, type ResolvedOptimizer } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { FloatArray, LayerParameters } from '../types.ts';
import { CpuNetwork } from './network.ts';
import { crossEntropy } from './softmax.ts';
import { TimeSlices } from './time-slices.ts';

/** Data of few rows, each of which counts several times. */
export interface WeightedRows {
  /** Rows × features. */
  inputs: Float64Array;
  labels: Uint32Array;
  /** How often each row is in the data, and in the batch of the first step. */
  inData: readonly number[];
  inBatch: readonly number[];
}

/** The first step of a network: the loss before its update, and any number of updates. */
export interface WeightedStep {
  /** The mean over the data, without the L2 term. */
  dataLoss: number;
  /**
   * The parameters and moments after an update from the start.
   * @param moments `moments[m][layer]` before the update; default 0
   */
  updated(moments?: readonly LayerParameters[][]): Promise<Updated>;
}

/** What an update leaves. */
export interface Updated {
  parameters: LayerParameters[];
  /** `moments[m][layer]`. */
  moments: LayerParameters[][];
}

/** The first step of a network in float64, on rows that are repeated. */
export async function weightedStep(
  sizes: readonly number[],
  start: readonly LayerParameters[],
  { inputs, labels, inData, inBatch }: WeightedRows,
  optimizer: ResolvedOptimizer,
  settings: StepSettings,
): Promise<WeightedStep> {
  const [rows, classes] = [labels.length, sizes[sizes.length - 1]];
  const network = new CpuNetwork(sizes, rows, Float64Array);
  const slices = new TimeSlices();
  slices.begin();
  await slices.take(network.forward(start, inputs, rows));
  let dataLoss = 0;
  for (let row = 0; row < rows; row++) {
    const logits = network.logits.subarray(row * classes, (row + 1) * classes);
    const { sum: loss } = await slices.take(crossEntropy(logits, labels.subarray(row), 1, classes));
    dataLoss += (inData[row] * loss) / sum(inData);
  }
  await slices.take(network.lossGradient(labels, rows));
  const dLogits = network.dOutputs[network.dOutputs.length - 1];
  for (let i = 0; i < dLogits.length; i++) {
    // The network has counted each row once, as 1 / rows.
    dLogits[i] *= (rows * inBatch[Math.floor(i / classes)]) / sum(inBatch);
  }
  await slices.take(network.backpropagate(start, inputs, rows));
  const zero = () => start.map((layer) => layerOf(layer, ({ length }) => new Float64Array(length)));
  return {
    dataLoss,
    async updated(before = Array.from({ length: momentCount(optimizer) }, zero)) {
      const [parameters, ...moments] = [start, ...before].map((layers) =>
        layers.map((layer) => layerOf(layer, (values) => Float64Array.from(values))),
      );
      await slices.take(network.update(parameters, moments, optimizer, settings, 0));
      return { parameters, moments };
    },
  };
}

const layerOf = (
  { weights, biases }: LayerParameters,
  make: (values: FloatArray) => Float64Array,
): LayerParameters => ({ weights: make(weights), biases: make(biases) });

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
