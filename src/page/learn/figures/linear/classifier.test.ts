import { beforeAll, describe, expect, test } from 'vitest';
import { grid } from '../../model/grid.ts';
import { type Model, openModel } from '../../model/use-model.ts';
import {
  CLASSES,
  type ClassWeights,
  classesOf,
  look,
  OPTIONS,
  parametersOf,
  START,
  STEPS,
  scoresAt,
  wedges,
} from './classifier.ts';

const { data } = OPTIONS;

/** The mean cross-entropy with the L2 term, from its definition. */
function lossOf(classes: readonly ClassWeights[]): number {
  let sum = 0;
  for (let row = 0; row < data.count; row++) {
    const scores = scoresAt(classes, data.inputs[2 * row], data.inputs[2 * row + 1]);
    const powers = scores.map(Math.exp);
    sum -= Math.log(powers[data.labels[row]] / powers.reduce((a, b) => a + b));
  }
  const squares = classes.reduce((all, { x, y }) => all + x * x + y * y, 0);
  return sum / data.count + 0.5 * (OPTIONS.l2 ?? 0) * squares;
}

const MOVED: readonly ClassWeights[] = [
  { x: 1.5, y: -2, bias: 0.3 },
  { x: 0.2, y: 2.9, bias: -0.4 },
  { x: -2.5, y: 0.1, bias: 0 },
];

let model: Model;
let trained: readonly ClassWeights[];
beforeAll(async () => {
  model = await openModel(OPTIONS);
  await model.trainer.train(STEPS);
  trained = classesOf(await model.trainer.parameters());
});

describe('the classifier of the figure', () => {
  test('has the loss and the right points of the definition, wherever the arrows are', async () => {
    for (const classes of [START, MOVED, trained]) {
      const { loss, right, rightOf } = await look(model, classes, grid(2));
      expect(loss).toBeCloseTo(lossOf(classes), 13);
      const expected = new Array<number>(CLASSES).fill(0);
      data.labels.forEach((label, row) => {
        const scores = scoresAt(classes, data.inputs[2 * row], data.inputs[2 * row + 1]);
        if (scores.indexOf(Math.max(...scores)) === label) expected[label]++;
      });
      expect(rightOf).toEqual(expected);
      expect(right).toBe(expected.reduce((a, b) => a + b));
    }
  });

  test('gives the grid its scores', async () => {
    const nodes = grid(5);
    const { evidence } = await look(model, MOVED, nodes);
    for (let node = 0; node < 25; node++) {
      scoresAt(MOVED, nodes[2 * node], nodes[2 * node + 1]).forEach((score, k) => {
        expect(evidence[node * CLASSES + k]).toBeCloseTo(score, 5);
      });
    }
  });

  test('after the notes’ steps has the notes’ loss and 148 points right', async () => {
    const { loss, right } = await look(model, trained, grid(2));
    expect(loss.toFixed(6)).toBe('0.786281');
    expect(right).toBe(148);
  });

  test('keeps weights and biases through the parameters', () => {
    expect(classesOf(parametersOf(MOVED))).toEqual(MOVED);
    expect(START.map(({ x }) => x / 100)).toEqual(
      Array.from(OPTIONS.parameters?.[0].weights ?? []).slice(0, 3),
    );
  });

  test('has wedges of the size that is drawn, each below half a turn, a whole turn together', async () => {
    for (const classes of [START, MOVED, trained]) {
      const angles = wedges(classes) ?? [];
      expect(angles.reduce((a, b) => a + b)).toBeCloseTo(360, 9);
      const around = 36_000;
      // Far away it does not matter where the borders meet.
      const counts = new Array<number>(CLASSES).fill(0);
      for (let i = 0; i < around; i++) {
        const angle = (2 * Math.PI * i) / around;
        const scores = scoresAt(classes, 1e6 * Math.cos(angle), 1e6 * Math.sin(angle));
        counts[scores.indexOf(Math.max(...scores))]++;
      }
      angles.forEach((angle, k) => {
        expect(angle).toBeLessThan(180);
        expect(Math.abs(angle - counts[k] / 100)).toBeLessThan(0.03);
      });
    }
    expect(wedges([MOVED[0], MOVED[0], MOVED[1]])).toBeUndefined();
  });
});
