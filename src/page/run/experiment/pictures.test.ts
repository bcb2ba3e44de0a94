import { expect, it, vi } from 'vitest';
import { createTrainer, type Dataset } from '../../../index.ts';
import { NODES } from '../../settings/plane.ts';
import { loadPointKit, planeData } from '../../settings/plane-data.ts';
import { presetSettings } from '../../settings/presets.ts';
import { DEFAULTS, type Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';
import { Pictures } from './pictures.ts';

await loadPointKit();

/** The evidence at every node, and the class that it is largest for. */
async function drawn(settings: Settings, steps: number) {
  const data = planeData(settings);
  const train = data.train as Dataset;
  const trainer = await createTrainer({ ...trainerOptions(settings, train), backend: 'cpu' });
  await trainer.train(steps);
  const evidence = await new Pictures({ ...data, train }, 10).evidence(trainer);
  const rows = Array.from({ length: NODES * NODES }, (_, node) =>
    Array.from(evidence.subarray(node * train.classes, (node + 1) * train.classes)),
  );
  /** The class at the node nearest to a point. */
  const classAt = (x: number, y: number) => {
    const { left, top, size } = data.range;
    const [column, row] = [(x - left) / size, (top - y) / size].map((at) => Math.round(at * (NODES - 1)));
    const values = rows[row * NODES + column];
    return values.indexOf(Math.max(...values));
  };
  return { rows, classAt, points: data.points.train };
}

it('the regions of a model with products of coordinates are those of its points', async () => {
  const settings = presetSettings('products');
  const { classAt } = await drawn(settings, settings.stopStep);
  const [first, second] = [classAt(0.5, 0.5), classAt(-0.5, 0.5)];
  expect(new Set([first, second])).toEqual(new Set([0, 1]));
  expect([classAt(-0.5, -0.5), classAt(0.5, -0.5)]).toEqual([first, second]);
});

it('the evidence of the hinge loss has the differences of its scores, as logarithms of shares', async () => {
  const settings: Settings = {
    ...DEFAULTS,
    loss: 'hinge',
    hidden: [],
    initialization: 'he',
    learningRate: 0.1,
  };
  const { rows, classAt, points } = await drawn({ ...settings, shape: 'blobs' }, 500);
  for (const row of rows.filter((_, node) => node % 997 === 0))
    expect(row.reduce((sum, logarithm) => sum + Math.exp(logarithm), 0)).toBeCloseTo(1, 5);
  const right = points.filter(({ x, y, label }) => classAt(x, y) === label).length;
  expect(right).toBeGreaterThan(0.95 * points.length);
});

it('pictures wait for the tuner, but neither in a slowed run nor for long', async () => {
  const settings: Settings = { ...DEFAULTS, perClass: 10, hidden: [4], initialization: 'he' };
  const data = planeData(settings);
  const train = data.train as Dataset;
  const trainer = await createTrainer({ ...trainerOptions(settings, train), backend: 'cpu' });
  const tuning = { ...trainer.tuning, done: false };
  // The trainer is frozen, its class is not.
  const tuned = vi.spyOn(Object.getPrototypeOf(trainer), 'tuning', 'get').mockReturnValue(tuning);
  let now = 1000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const pictures = new Pictures({ ...data, train }, 10);
    const drawn = async (speed: number) =>
      (await pictures.glance(trainer, { ...settings, speed }, 1)).evidence !== undefined;
    expect(await drawn(10)).toBe(true);
    expect(await drawn(0)).toBe(false);
    now += 1499;
    expect(await drawn(0)).toBe(false);
    now += 1;
    expect(await drawn(0)).toBe(true);
    tuned.mockRestore();
    expect(await new Pictures({ ...data, train }, 10).glance(trainer, settings, 1)).toHaveProperty(
      'evidence',
    );
  } finally {
    clock.mockRestore();
    trainer.destroy();
  }
});
