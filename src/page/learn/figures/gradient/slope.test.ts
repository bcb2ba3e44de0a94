import { beforeAll, describe, expect, test } from 'vitest';
import { type Model, openModel } from '../../model/use-model.ts';
import { CLASSES, KINDS, type Knob, nudged, OPTIONS, REACH, slopeAt } from './slope.ts';

const { data, l2 = 0 } = OPTIONS;

let model: Model;
beforeAll(async () => {
  model = await openModel(OPTIONS);
});

const knobs: Knob[] = KINDS.flatMap((kind) => [0, 1, 2].map((label) => ({ kind, label })));

/** The scores of a row by the definition. */
function scoresOf(knob: Knob, by: number, row: number): number[] {
  const [{ weights, biases }] = nudged(knob, by);
  const [x, y] = [data.inputs[2 * row], data.inputs[2 * row + 1]];
  return Array.from(biases, (bias, k) => x * weights[k] + y * weights[CLASSES + k] + bias);
}

describe.each(knobs)('the slope of $kind of class $label', (knob) => {
  test.each([-2.4, 0, 1.3])(
    'at %s is the same by the formula and by the difference of losses',
    async (by) => {
      const { gradient, difference, loss, curve } = await slopeAt(model, knob, by);
      // The difference is off by about a sixth of the third derivative times 1e-8.
      expect(Math.abs(gradient - difference)).toBeLessThan(1e-8);
      const [nearest] = [...curve].sort((a, b) => Math.abs(a.x - by) - Math.abs(b.x - by));
      // The curve is convex, and steeper than 1 nowhere.
      expect(Math.abs(nearest.y - loss)).toBeLessThanOrEqual(Math.abs(nearest.x - by) + 1e-12);
    },
  );

  test('is the sum of the points’ parts, and the regularisation', async () => {
    const by = 0.7;
    const { gradient, dscores } = await slopeAt(model, knob, by);
    let sum = 0;
    for (let row = 0; row < data.count; row++) {
      const powers = scoresOf(knob, by, row).map(Math.exp);
      const part =
        powers[knob.label] / powers.reduce((a, b) => a + b) - (data.labels[row] === knob.label ? 1 : 0);
      expect(dscores[row]).toBeCloseTo(part, 13);
      const feature = knob.kind === 'bias' ? 1 : data.inputs[2 * row + KINDS.indexOf(knob.kind)];
      sum += (feature * part) / data.count;
    }
    const [{ weights }] = nudged(knob, by);
    const weight = knob.kind === 'bias' ? 0 : weights[KINDS.indexOf(knob.kind) * CLASSES + knob.label];
    expect(gradient).toBeCloseTo(sum + l2 * weight, 13);
  });
});

test('the curve goes over all nudges', async () => {
  const { curve } = await slopeAt(model, knobs[0], 0);
  expect([curve[0].x, curve[curve.length - 1].x]).toEqual([-REACH, REACH]);
  expect(curve[curve.length / 2 - 0.5].y.toFixed(6)).toBe('1.096956');
});
