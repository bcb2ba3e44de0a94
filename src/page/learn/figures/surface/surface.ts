import { caseStudy, type LayerParameters } from '../../../../index.ts';
import type { PlotRange } from '../../../settings/plane.ts';
import type { Model } from '../../model/use-model.ts';

export const { options: OPTIONS } = caseStudy.linear;
const { data, l2 = 0, parameters: NOTES = [] } = OPTIONS;
const { classes: CLASSES } = data;

export const STEPS = 40;
/** The class whose weight of y and bias span the slice. */
const CLASS = 0;
const WEIGHT = CLASSES + CLASS;
/** The slice: the weight from left to right, the bias upwards. */
export const SLICE: PlotRange = { left: -6, top: 6, size: 12 };

/** The two parameters of the slice. */
export interface Place {
  weight: number;
  bias: number;
}

export const START: Place = { weight: 3, bias: 4 };

/** Parameters with those of the slice put in. */
export function placed([{ weights, biases }]: readonly LayerParameters[], place: Place): LayerParameters[] {
  const moved = { weights: Float64Array.from(weights), biases: Float64Array.from(biases) };
  moved.weights[WEIGHT] = place.weight;
  moved.biases[CLASS] = place.bias;
  return [moved];
}

export const placeOf = ([{ weights, biases }]: readonly LayerParameters[]): Place => ({
  weight: weights[WEIGHT],
  bias: biases[CLASS],
});

export interface Path {
  rate: number;
  /** Before each update and after the last. */
  steps: readonly { loss: number; parameters: readonly LayerParameters[] }[];
}

/** Training from a place of the slice, all other parameters from the notes' start. */
export async function pathFrom({ trainer, set }: Model, start: Place, rate: number): Promise<Path> {
  await set(placed(NOTES, start));
  trainer.set({ learningRate: rate });
  const steps: { loss: number; parameters: readonly LayerParameters[] }[] = [];
  const options = { steps: STEPS, every: 1, last: true, parameters: true };
  for await (const { loss, parameters = [] } of trainer.run(options)) steps.push({ loss, parameters });
  return { rate, steps };
}

/**
 * The loss at the nodes of a grid over the slice, row by row from the top left; all other parameters are the
 * present ones.
 */
export function lossesOver([{ weights, biases }]: readonly LayerParameters[], side: number): Float64Array {
  const { inputs, labels, count } = data;
  // Only the class's score changes over the slice, so most is computed once.
  const rest = new Float64Array(count);
  const others = new Float64Array(count);
  let right = 0;
  for (let row = 0; row < count; row++) {
    const [x, y] = [inputs[2 * row], inputs[2 * row + 1]];
    rest[row] = x * weights[CLASS];
    for (let k = 0; k < CLASSES; k++) {
      if (k === CLASS) continue;
      const score = x * weights[k] + y * weights[CLASSES + k] + biases[k];
      others[row] += Math.exp(score);
      if (labels[row] === k) right += score;
    }
  }
  const squares = Array.from(weights.with(WEIGHT, 0)).reduce((sum, weight) => sum + weight * weight, 0);
  const losses = new Float64Array(side * side);
  for (let node = 0; node < side * side; node++) {
    const weight = SLICE.left + (SLICE.size * (node % side)) / (side - 1);
    const bias = SLICE.top - (SLICE.size * Math.floor(node / side)) / (side - 1);
    let sum = -right;
    for (let row = 0; row < count; row++) {
      const score = rest[row] + weight * inputs[2 * row + 1] + bias;
      sum += Math.log(Math.exp(score) + others[row]);
      if (labels[row] === CLASS) sum -= score;
    }
    losses[node] = sum / count + 0.5 * l2 * (squares + weight * weight);
  }
  return losses;
}
