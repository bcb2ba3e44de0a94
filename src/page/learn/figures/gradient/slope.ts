import { caseStudy, type LayerParameters } from '../../../../index.ts';
import type { Model } from '../../model/use-model.ts';

export const { options: OPTIONS } = caseStudy.linear;
const { data } = OPTIONS;
export const CLASSES = data.classes;

/** The parameters that can be nudged: of each class the weight of x, that of y, and the bias. */
export const KINDS = ['x', 'y', 'bias'] as const;
export interface Knob {
  kind: (typeof KINDS)[number];
  label: number;
}

/** The nudges over which the loss is drawn. */
export const REACH = 3;
const PIECES = 48;
/** Half the distance between two losses whose difference is the slope: the rest is of the size of its square. */
const STRIDE = 1e-4;

const START: readonly LayerParameters[] = OPTIONS.parameters ?? [];

/** The notes' start with one parameter moved. */
export function nudged({ kind, label }: Knob, by: number): LayerParameters[] {
  const [{ weights, biases }] = START;
  const moved = { weights: weights.slice(), biases: biases.slice() };
  if (kind === 'bias') moved.biases[label] += by;
  else moved.weights[KINDS.indexOf(kind) * CLASSES + label] += by;
  return [moved];
}

export interface Slope {
  knob: Knob;
  nudge: number;
  /** The loss over all nudges. */
  curve: readonly { x: number; y: number }[];
  loss: number;
  /** The slope by the formula of the gradient, and by the difference of two losses. */
  gradient: number;
  difference: number;
  /** The gradient on the class's score of each point, times the number of points: p − 1[y]. */
  dscores: Float64Array;
}

/** What the loss does around a nudge. */
export async function slopeAt({ trainer, set }: Model, knob: Knob, by: number): Promise<Slope> {
  const lossAt = async (nudge: number) => {
    await set(nudged(knob, nudge));
    return (await trainer.measure()).loss;
  };
  const curve: { x: number; y: number }[] = [];
  for (let i = 0; i <= PIECES; i++) {
    const x = REACH * ((2 * i) / PIECES - 1);
    curve.push({ x, y: await lossAt(x) });
  }
  const difference = ((await lossAt(by + STRIDE)) - (await lossAt(by - STRIDE))) / (2 * STRIDE);
  const loss = await lossAt(by);
  const [[{ weights, biases }], { probabilities }] = await Promise.all([
    trainer.gradients(),
    trainer.predict(data.inputs),
  ]);
  const { kind, label } = knob;
  return {
    knob,
    nudge: by,
    curve,
    loss,
    gradient: kind === 'bias' ? biases[label] : weights[KINDS.indexOf(kind) * CLASSES + label],
    difference,
    dscores: Float64Array.from(
      data.labels,
      (of, row) => probabilities[row * CLASSES + label] - (of === label ? 1 : 0),
    ),
  };
}
