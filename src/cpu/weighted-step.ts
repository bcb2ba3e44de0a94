import { MOMENTS } from '../../shaders/lib/moments.ts';
import { type Answers, totalWeight } from '../data/answers.ts';
import type { NetworkShape } from '../options/setup.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { FloatArray, LayerParameters } from '../types.ts';
import { score } from './losses.ts';
import { CpuNetwork } from './network.ts';
import { PlainKernels } from './plain-kernels.ts';
import { TimeSlices } from './time-slices.ts';

/** Data of few rows, each of which counts several times. */
export interface WeightedRows {
  /** Rows × features. */
  inputs: Float64Array;
  /** The labels, or rows × outputs targets. */
  answers: Answers;
  /** How often each row is in the data, and in the batch of the first step. */
  inData: readonly number[];
  inBatch: readonly number[];
}

/** The first step of a network: the loss before its update, and any number of updates. */
export interface WeightedStep {
  /** The mean over the data, without penalties. */
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
  shape: NetworkShape,
  start: readonly LayerParameters[],
  { inputs, answers, inData, inBatch }: WeightedRows,
  settings: StepSettings,
): Promise<WeightedStep> {
  const { sizes, loss } = shape;
  const { classWeights } = settings;
  const [rows, width] = [inData.length, sizes[sizes.length - 1]];
  const answer = (row: number) => answers.subarray((row * answers.length) / rows);
  const weights = Array.from(inData, (_, row) => totalWeight(answer(row), 1, classWeights));
  const weigh = (counts: readonly number[]) => sum(counts.map((count, row) => count * weights[row]));
  const network = new CpuNetwork(shape, rows, new PlainKernels(Float64Array));
  const slices = new TimeSlices();
  await slices.take(network.forward(start, inputs, rows));
  let dataLoss = 0;
  for (let row = 0; row < rows; row++) {
    const logits = network.logits.subarray(row * width, (row + 1) * width);
    const own = await slices.take(score(loss, logits, answer(row), 1, width, classWeights));
    dataLoss += (inData[row] * own.sum) / weigh(inData);
  }
  await slices.take(network.lossGradient(answers, rows, classWeights));
  const dLogits = network.dOutputs[network.dOutputs.length - 1];
  for (let i = 0; i < dLogits.length; i++) {
    // The network has counted each row once, by its share of all weights.
    dLogits[i] *= (sum(weights) * inBatch[Math.floor(i / width)]) / weigh(inBatch);
  }
  await slices.take(network.backpropagate(start, inputs, rows));
  const zero = () => start.map((layer) => layerOf(layer, ({ length }) => new Float64Array(length)));
  return {
    dataLoss,
    async updated(before = Array.from({ length: MOMENTS[settings.rule] }, zero)) {
      const [parameters, ...moments] = [start, ...before].map((layers) =>
        layers.map((layer) => layerOf(layer, (values) => Float64Array.from(values))),
      );
      await slices.take(network.update(parameters, moments, settings, 0));
      return { parameters, moments };
    },
  };
}

const layerOf = (
  { weights, biases }: LayerParameters,
  make: (values: FloatArray) => Float64Array,
): LayerParameters => ({ weights: make(weights), biases: make(biases) });

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
