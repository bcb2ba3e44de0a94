import { momentCount, type ResolvedOptimizer } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { LayerParameters } from '../types.ts';
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

/** What a network has after its first step, with the loss before it. */
export interface FirstStep {
  /** The mean over the data, without the L2 term. */
  dataLoss: number;
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
): Promise<FirstStep> {
  const [rows, classes] = [labels.length, sizes[sizes.length - 1]];
  const network = new CpuNetwork(sizes, rows, Float64Array);
  const parameters = start.map(({ weights, biases }) => ({
    weights: Float64Array.from(weights),
    biases: Float64Array.from(biases),
  }));
  const zeros = () =>
    parameters.map(({ weights, biases }) => ({
      weights: new Float64Array(weights.length),
      biases: new Float64Array(biases.length),
    }));
  const moments = Array.from({ length: momentCount(optimizer) }, zeros);
  const slices = new TimeSlices();
  slices.begin();
  await slices.take(network.forward(parameters, inputs, rows));
  let dataLoss = 0;
  for (let row = 0; row < rows; row++) {
    const logits = network.logits.subarray(row * classes, (row + 1) * classes);
    dataLoss += (inData[row] * crossEntropy(logits, labels.subarray(row), 1, classes).sum) / sum(inData);
  }
  network.lossGradient(labels, rows);
  const dLogits = network.dOutputs[network.dOutputs.length - 1];
  for (let i = 0; i < dLogits.length; i++) {
    // The network has counted each row once, as 1 / rows.
    dLogits[i] *= (rows * inBatch[Math.floor(i / classes)]) / sum(inBatch);
  }
  await slices.take(network.backpropagate(parameters, inputs, rows));
  network.update(parameters, moments, optimizer, settings, 0);
  return { dataLoss, parameters, moments };
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
