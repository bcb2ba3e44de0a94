import { caseStudy, type LayerParameters } from '../../../../index.ts';
import type { Model } from '../../model/use-model.ts';

export const { options: OPTIONS, steps: STEPS } = caseStudy.linear;
export const CLASSES = OPTIONS.data.classes;

/** The weights of a class, a vector of the plane, and its bias. */
export interface ClassWeights {
  x: number;
  y: number;
  bias: number;
}

/** The notes' random weights are so small that nobody sees them: the figure starts with this many times as much. */
const ENLARGED = 100;

export const classesOf = ([{ weights, biases }]: readonly LayerParameters[]): ClassWeights[] =>
  Array.from(biases, (bias, k) => ({ x: weights[k], y: weights[CLASSES + k], bias }));

export const parametersOf = (classes: readonly ClassWeights[]): LayerParameters[] => [
  {
    weights: Float64Array.from([...classes.map(({ x }) => x), ...classes.map(({ y }) => y)]),
    biases: Float64Array.from(classes, ({ bias }) => bias),
  },
];

export const START: readonly ClassWeights[] = classesOf(OPTIONS.parameters ?? []).map(({ x, y, bias }) => ({
  x: ENLARGED * x,
  y: ENLARGED * y,
  bias,
}));

/** What a classifier makes of the data and of the plane. */
export interface Look {
  classes: readonly ClassWeights[];
  loss: number;
  /** Points whose largest score is their class's: all, and of each class. */
  right: number;
  rightOf: readonly number[];
  /** The scores at the nodes of a grid. */
  evidence: Float32Array;
}

/** @param nodes `count × 2` */
export async function look(
  { trainer, set }: Model,
  classes: readonly ClassWeights[],
  nodes: Float32Array,
): Promise<Look> {
  await set(parametersOf(classes));
  const { data } = OPTIONS;
  const [{ loss }, { labels }, [scores]] = await Promise.all([
    trainer.measure(),
    trainer.predict(data.inputs),
    trainer.activations(nodes),
  ]);
  const rightOf = new Array<number>(CLASSES).fill(0);
  for (const [row, label] of labels.entries()) if (label === data.labels[row]) rightOf[label]++;
  return {
    classes,
    loss,
    right: rightOf.reduce((sum, n) => sum + n),
    rightOf,
    evidence: Float32Array.from(scores),
  };
}

/** The score of each class at a point. */
export const scoresAt = (classes: readonly ClassWeights[], x: number, y: number): number[] =>
  classes.map((weights) => weights.x * x + weights.y * y + weights.bias);

/**
 * The angle of each of three classes' wedges, in degrees, where every border between two of them is
 * there; undefined where the weights lie on a line. A wedge's borders stand at right angles on the sides of the
 * triangle of the weights, so that its angle and the triangle's make half a turn.
 */
export function wedges(classes: readonly ClassWeights[]): number[] | undefined {
  const [a, b, c] = classes;
  const area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  if (!(Math.abs(area) > 1e-9)) return undefined;
  return classes.map((at, k) => {
    const [u, v] = [classes[(k + 1) % 3], classes[(k + 2) % 3]].map(({ x, y }) =>
      Math.atan2(y - at.y, x - at.x),
    );
    const between = Math.abs(u - v);
    return 180 - (Math.min(between, 2 * Math.PI - between) * 180) / Math.PI;
  });
}
