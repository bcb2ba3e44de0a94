import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { dataset } from '../../checks/dataset.ts';
import { OptionError } from '../../errors.ts';
import { createTrainer } from '../../index.ts';
import type { RegressionDataset } from '../../types.ts';
import { hills, tiltedPlane, wave } from './surfaces.ts';

const SETS = { tiltedPlane, hills, wave };

const heights: Record<keyof typeof SETS, (x: number, y: number) => number> = {
  tiltedPlane: (x, y) => 0.6 * x - 0.4 * y,
  hills: (x, y) =>
    Math.exp(-((x - 0.45) ** 2 + (y - 0.45) ** 2) / 0.18) -
    Math.exp(-((x + 0.45) ** 2 + (y + 0.45) ** 2) / 0.18),
  wave: (x, y) => Math.sin(2 * Math.PI * Math.hypot(x, y)),
};

const exact = (name: keyof typeof SETS, { inputs, count }: RegressionDataset) =>
  Array.from({ length: count }, (_, i) => heights[name](inputs[2 * i], inputs[2 * i + 1]));

describe.each(Object.keys(SETS) as (keyof typeof SETS)[])('%s', (name) => {
  const draw = SETS[name];

  test('has the values of its formula at points all over the square', () => {
    const data = draw({ noise: 0, count: 2000 });
    const { inputs, targets, ...shape } = data;
    const names = { featureNames: ['x', 'y'], outputNames: ['z'] };
    expect(shape).toEqual({ count: 2000, features: 2, outputs: 1, ...names });
    dataset({ float32: true })(data, 'data');
    expectClose(targets, exact(name, data), 1e-14);
    expectClose([Math.min(...inputs), Math.max(...inputs)], [-1, 1], 0.01);
    const [least, most] = [Math.min(...targets), Math.max(...targets)];
    expect([least < -0.8, least >= -1, most > 0.8, most <= 1]).toEqual([true, true, true, true]);
  });

  test('is what a trainer takes', async () => {
    const trainer = await createTrainer({ data: draw(), learningRate: 0.1, backend: 'cpu' });
    expect((await trainer.measure(draw({ count: 5 }))).step).toBe(0);
    trainer.destroy();
  });

  test('has normal noise on the values, and other points with another seed', () => {
    const data = draw({ noise: 0.1, count: 5000, seed: 3 });
    expect(draw({ noise: 0, count: 5000, seed: 3 }).inputs).toEqual(data.inputs);
    expect(draw({ count: 5000, seed: 4 }).inputs).not.toEqual(data.inputs);
    const noise = exact(name, data).map((height, i) => (data.targets[i] - height) / 0.1);
    const moment = (power: number) => noise.reduce((sum, value) => sum + value ** power, 0) / 5000;
    // The standard errors are 0.014, 0.02 and 0.14.
    expectClose([moment(1), moment(2)], [0, 1], 0.07);
    expectClose([moment(4)], [3], 0.5);
    expect(draw().count).toBe(300);
  });

  test.each([
    { count: 0 },
    { count: 1.5 },
    { noise: -1 },
    { noise: Number.NaN },
    { seed: -1 },
    { count: 1e12 },
  ])('refuses %o', (options) => {
    const [[option, received]] = Object.entries(options);
    expect(() => draw(options)).toThrow(expect.objectContaining({ option, received }));
  });

  test.each([{ perClass: 5 }, { nois: 1 }, null])('refuses %o', (options) => {
    expect(() => draw(options as object)).toThrow(OptionError);
  });
});
