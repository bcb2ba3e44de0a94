import { beforeAll, describe, expect, test } from 'vitest';
import { type Model, openModel } from '../../model/use-model.ts';
import { lossesOver, OPTIONS, type Path, pathFrom, placed, placeOf, SLICE, START, STEPS } from './surface.ts';

let model: Model;
let path: Path;
beforeAll(async () => {
  model = await openModel(OPTIONS);
  path = await pathFrom(model, START, 1);
});

const at = (i: number) => {
  const { loss, parameters } = path.steps[i];
  return { loss, parameters: [...parameters] };
};

describe('the slice of the loss', () => {
  test.each([0, 7, STEPS])('through step %i has the losses of the library', async (step) => {
    const { parameters } = at(step);
    const side = 5;
    const losses = lossesOver(parameters, side);
    for (const [node, loss] of losses.entries()) {
      const weight = SLICE.left + (SLICE.size * (node % side)) / (side - 1);
      const bias = SLICE.top - (SLICE.size * Math.floor(node / side)) / (side - 1);
      await model.set(placed(parameters, { weight, bias }));
      expect(loss).toBeCloseTo((await model.trainer.measure()).loss, 12);
    }
  });

  test('leaves all parameters but two where they are', () => {
    const [before] = at(0).parameters;
    const [moved] = placed([before], { weight: 1.5, bias: -2.5 });
    expect(placeOf([moved])).toEqual({ weight: 1.5, bias: -2.5 });
    const changed = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).filter((value, i) => value !== b[i]).length;
    expect(changed(before.weights, moved.weights)).toBe(1);
    expect(changed(before.biases, moved.biases)).toBe(1);
  });
});

describe('the path', () => {
  test('begins at the start and goes against the gradient, η times as far', async () => {
    for (const rate of [0.5, 8]) {
      path = await pathFrom(model, START, rate);
      expect(path.rate).toBe(rate);
      expect(path.steps).toHaveLength(STEPS + 1);
      expect(placeOf(at(0).parameters)).toEqual(START);
      for (const step of [0, 3, STEPS - 1]) {
        const [before] = at(step).parameters;
        const [after] = at(step + 1).parameters;
        await model.set([before]);
        expect((await model.trainer.measure()).loss).toBeCloseTo(at(step).loss, 12);
        const [{ weights, biases }] = await model.trainer.gradients();
        weights.forEach((slope, i) => {
          expect(after.weights[i]).toBeCloseTo(before.weights[i] - rate * slope, 12);
        });
        biases.forEach((slope, i) => {
          expect(after.biases[i]).toBeCloseTo(before.biases[i] - rate * slope, 12);
        });
      }
    }
  });

  test('goes down at a small learning rate, and up and down at one that is too large', async () => {
    const rises = async (rate: number) => {
      const { steps } = await pathFrom(model, START, rate);
      return steps.filter(({ loss }, i) => i > 0 && loss > steps[i - 1].loss).length;
    };
    expect(await rises(1)).toBe(0);
    expect(await rises(4)).toBe(0);
    expect(await rises(8)).toBeGreaterThan(5);
    expect(await rises(16)).toBeGreaterThan(STEPS / 4);
  });
});
