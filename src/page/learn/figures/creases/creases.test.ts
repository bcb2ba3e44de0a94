import { beforeAll, describe, expect, test } from 'vitest';
import { createTrainer, type Trainer } from '../../../../index.ts';
import { grid } from '../../model/grid.ts';
import { openModel } from '../../model/use-model.ts';
import {
  CLASSES,
  creaseOf,
  type Network,
  networkAt,
  OPTIONS,
  rightOf,
  STEPS,
  scoresOf,
  scoresOfClass,
  UNITS,
} from './creases.ts';

let network: Network;
let trainer: Trainer;
beforeAll(async () => {
  const model = await openModel(OPTIONS);
  network = await networkAt(model, STEPS);
  ({ trainer } = model);
});

/** The library's network of the first units alone. */
const part = (count: number, activation: 'relu' | 'identity') => {
  const units = network.units.slice(0, count);
  return createTrainer({
    ...OPTIONS,
    hidden: [count],
    activation,
    parameters: [
      {
        weights: Float64Array.from([...units.map(({ x }) => x), ...units.map(({ y }) => y)]),
        biases: Float64Array.from(units, ({ bias }) => bias),
      },
      {
        weights: Float64Array.from(units.flatMap(({ out }) => out)),
        biases: Float64Array.from(network.biases),
      },
    ],
    backend: 'cpu',
    precision: 'double',
  });
};

describe('the network of the creases', () => {
  test('is the notes’ after 1,000 updates', async () => {
    expect(network.step).toBe(STEPS);
    expect(network.units).toHaveLength(UNITS);
    const { loss, accuracy } = await trainer.measure();
    expect(loss.toFixed(6)).toBe('0.294946');
    expect(rightOf(network, UNITS, true)).toBe(Math.round(accuracy * OPTIONS.data.count));
  });

  test('scores with all units as the trainer does', async () => {
    const nodes = grid(9);
    const scores = (await trainer.activations(nodes))[1];
    const own = scoresOf(network, UNITS, true, nodes);
    expect(own).toHaveLength(scores.length);
    own.forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i], 11);
    });
  });

  test.each([1, 2, 17, UNITS])('scores with %i units as a network of these alone', async (count) => {
    for (const activation of ['relu', 'identity'] as const) {
      const alone = await part(count, activation);
      const nodes = grid(9);
      const scores = (await alone.activations(nodes))[1];
      const own = scoresOf(network, count, activation === 'relu', nodes);
      own.forEach((score, i) => {
        expect(score).toBeCloseTo(scores[i], 11);
      });
      const { accuracy } = await alone.measure();
      expect(rightOf(network, count, activation === 'relu')).toBe(Math.round(accuracy * 300));
    }
  });

  test('without ReLU is one plane, the product of the weights', () => {
    const scores = (x: number, y: number) => scoresOf(network, UNITS, false, [x, y]);
    const [origin, right, up] = [scores(0, 0), scores(1, 0), scores(0, 1)];
    for (let k = 0; k < CLASSES; k++) {
      const product = network.units.reduce((sum, { x, out }) => sum + x * out[k], 0);
      expect(right[k] - origin[k]).toBeCloseTo(product, 11);
      expect(scores(-0.7, 0.4)[k]).toBeCloseTo(
        origin[k] - 0.7 * (right[k] - origin[k]) + 0.4 * (up[k] - origin[k]),
        11,
      );
    }
    // No plane has more than half of the spiral right; the bent scores have nearly all.
    expect(rightOf(network, UNITS, false)).toBeLessThan(180);
    expect(rightOf(network, UNITS, true)).toBeGreaterThan(270);
  });

  test('has creases where the sums are 0, the strongest units first', () => {
    for (const unit of network.units.slice(0, 40)) {
      const [from, to] = creaseOf(unit) ?? [];
      if (!from || !to) throw new Error('a strong unit has no crease');
      for (const [x, y] of [from, to]) expect(unit.x * x + unit.y * y + unit.bias).toBeCloseTo(0, 11);
      expect(Math.hypot(from[0] - to[0], from[1] - to[1])).toBeCloseTo(20, 9);
    }
    expect(creaseOf({ x: 0, y: 0, bias: 1, out: [0, 0, 0] })).toBeUndefined();
  });

  test('gives the scores of one class', () => {
    expect(scoresOfClass(Float64Array.of(1, 2, 3, 4, 5, 6), 1)).toEqual(Float32Array.of(2, 5));
  });
});
