import { caseStudy } from '../../../../index.ts';
import type { Model } from '../../model/use-model.ts';

export const { options: OPTIONS } = caseStudy.network;
export const { classes: CLASSES } = OPTIONS.data;
export const UNITS = OPTIONS.hidden?.[0] ?? 0;
/** Updates after which the figure has its network, and as many at a time as the page does not notice. */
export const STEPS = 1000;
const AT_A_TIME = 10;
/** Updates from one picture of the training to the next. */
export const PART = 50;

/** A hidden unit: max(0, x·X + y·Y + bias), and its weight in the score of each class. */
export interface Unit {
  x: number;
  y: number;
  bias: number;
  out: readonly number[];
}

export interface Network {
  step: number;
  /** The units, those with the most in the scores first. */
  units: readonly Unit[];
  /** The biases of the classes. */
  biases: readonly number[];
}

/** The notes' network after so many updates. */
export async function networkAt({ trainer }: Model, step: number): Promise<Network> {
  while (trainer.step < step) await trainer.train(Math.min(AT_A_TIME, step - trainer.step));
  const [first, last] = await trainer.parameters();
  const units = Array.from(first.biases, (bias, unit) => ({
    x: first.weights[unit],
    y: first.weights[UNITS + unit],
    bias,
    out: Array.from(last.weights.slice(unit * CLASSES, (unit + 1) * CLASSES)),
  }));
  const size = ({ x, y, bias, out }: Unit) => Math.hypot(x, y, bias) * Math.hypot(...out);
  units.sort((a, b) => size(b) - size(a));
  return { step: trainer.step, units, biases: Array.from(last.biases) };
}

/**
 * The score of each class, `rows × classes`, from the first units alone.
 * @param relu whether the units cut off what is below 0
 * @param inputs `rows × 2`
 */
export function scoresOf(
  { units, biases }: Network,
  count: number,
  relu: boolean,
  inputs: ArrayLike<number>,
): Float64Array {
  const rows = inputs.length / 2;
  const scores = new Float64Array(rows * CLASSES);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < CLASSES; k++) scores[row * CLASSES + k] = biases[k];
    for (let unit = 0; unit < count; unit++) {
      const { x, y, bias, out } = units[unit];
      const sum = x * inputs[2 * row] + y * inputs[2 * row + 1] + bias;
      if (relu && sum <= 0) continue;
      for (let k = 0; k < CLASSES; k++) scores[row * CLASSES + k] += sum * out[k];
    }
  }
  return scores;
}

/** Points of the data whose largest score is their class's. */
export function rightOf(network: Network, count: number, relu: boolean): number {
  const scores = scoresOf(network, count, relu, OPTIONS.data.inputs);
  return OPTIONS.data.labels.reduce((right, label, row) => {
    const own = scores.subarray(row * CLASSES, (row + 1) * CLASSES);
    return right + (own.indexOf(Math.max(...own)) === label ? 1 : 0);
  }, 0);
}

/** What one class scores at a row of scores after the other. */
export const scoresOfClass = (scores: Float64Array, label: number): Float32Array =>
  Float32Array.from({ length: scores.length / CLASSES }, (_, row) => scores[row * CLASSES + label]);

/** Two places far apart on the line on which a unit's sum is 0; none if its weights are all but 0. */
export function creaseOf({ x, y, bias }: Unit): readonly [[number, number], [number, number]] | undefined {
  const size = Math.hypot(x, y);
  if (size < 1e-3) return undefined;
  const [u, v] = [x / size, y / size];
  const end = (far: number): [number, number] => [(-bias / size) * u - far * v, (-bias / size) * v + far * u];
  return [end(-10), end(10)];
}
