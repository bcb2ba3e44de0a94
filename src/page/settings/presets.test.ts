import { describe, expect, it } from 'vitest';
import { cases } from '../../../tests/helpers/tier.ts';
import { createTrainer, type Dataset, type Trainer } from '../../index.ts';
import { featureRows } from './features.ts';
import { createNetwork, measure } from './network.ts';
import { loadPointKit, planeData } from './plane-data.ts';
import { presetSettings } from './presets.ts';
import type { Settings } from './settings.ts';
import { trainerOptions } from './trainer-options.ts';

await loadPointKit();

/** Seeds of the data and of the weights: what a hint says holds for others than the preset's. */
const SEEDS = cases([0, 1], [2, 3, 4]);

async function open(settings: Settings): Promise<Trainer> {
  const { train } = planeData(settings);
  if (!train) throw new Error('nothing to train on');
  return createTrainer({ ...trainerOptions(settings, train as Dataset), backend: 'cpu' });
}

async function trained(settings: Settings, steps = settings.stopStep) {
  const trainer = await open(settings);
  await trainer.train(steps);
  const { test } = planeData(settings);
  return { trainer, ...(await trainer.measure()), tested: test && (await trainer.measure(test as Dataset)) };
}

const weightNorm = async (trainer: Trainer) =>
  Math.hypot(...(await trainer.parameters()).flatMap(({ weights }) => [...weights]));

describe('the hints of the presets are true, with every seed:', () => {
  it.each(SEEDS)(
    'products: with xy a linear model is right everywhere, without hardly half (%i)',
    async (seed) => {
      const settings = { ...presetSettings('products'), dataSeed: seed };
      expect((await trained(settings)).accuracy).toBe(1);
      expect((await trained({ ...settings, features: ['x', 'y'] })).accuracy).toBeLessThan(0.6);
    },
  );

  it.each(SEEDS)('hinge: it is content with a margin of 1, cross-entropy never (%i)', async (seed) => {
    const settings = { ...presetSettings('hinge'), dataSeed: seed };
    const { trainer, loss, accuracy } = await trained(settings);
    expect([loss, accuracy]).toEqual([0, 1]);
    const before = await trainer.parameters();
    await trainer.train(1000);
    expect(await trainer.parameters()).toEqual(before);

    const other = await trained({ ...settings, loss: 'cross-entropy' });
    const grown = await weightNorm(other.trainer);
    expect([other.accuracy, other.loss > 0]).toEqual([1, true]);
    await other.trainer.train(1000);
    expect((await other.trainer.measure()).loss).toBeLessThan(0.9 * other.loss);
    expect(await weightNorm(other.trainer)).toBeGreaterThan(1.02 * grown);
  });

  it.each(SEEDS)(
    'tanh: its borders bend, those of ReLU are straight pieces, found faster (%i)',
    async (seed) => {
      const settings: Settings = { ...presetSettings('tanh'), weightSeed: seed, precision: 'double' };
      const other: Settings = { ...settings, activation: 'relu' };
      const [smooth, pieces] = [await trained(settings), await trained(other)];
      expect(Math.min(smooth.accuracy, pieces.accuracy)).toBeGreaterThan(0.98);
      expect(await straightShare(smooth.trainer)).toBeLessThan(0.01);
      expect(await straightShare(pieces.trainer)).toBeGreaterThan(0.4);
      expect((await trained(other, 100)).loss).toBeLessThan((await trained(settings, 100)).loss);
    },
  );

  it.each(SEEDS)('dropout: the test loss rises far less in the same time (%i)', async (seed) => {
    const settings = { ...presetSettings('dropout'), dataSeed: seed };
    expect(planeData(settings).train?.count).toBe(20);
    const [half, none] = [await trained(settings), await trained({ ...settings, dropout: 0 })];
    expect(none.loss).toBeLessThan(half.loss);
    expect(Number(none.tested?.loss)).toBeGreaterThan(1.4 * Number(half.tested?.loss));
  });

  it.each(SEEDS)(
    'cosine: the loss comes to rest, that of a constant rate jumps to the end (%i)',
    async (seed) => {
      const settings = { ...presetSettings('cosine'), weightSeed: seed };
      const last = async (part: Partial<Settings>) => {
        const { trainer, loss } = await trained({ ...settings, ...part }, 2800);
        const losses = [loss];
        for await (const measured of trainer.run({ steps: 200, every: 20, last: true }))
          losses.push(measured.loss);
        return { spread: Math.max(...losses) - Math.min(...losses), loss: losses[losses.length - 1] };
      };
      const [cosine, constant] = [await last({}), await last({ schedule: 'constant' })];
      expect(cosine.spread).toBeLessThan(0.002);
      expect(constant.spread).toBeGreaterThan(0.01);
      expect(cosine.loss).toBeLessThan(constant.loss);
    },
  );
});

/**
 * The share of places on a grid at which a difference of logits has no curvature along x: there it is
 * a plane, and a border a straight line.
 */
async function straightShare(trainer: Trainer): Promise<number> {
  const side = 41;
  const places = Float64Array.from({ length: 2 * side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / 2 / side), Math.floor(i / 2) % side];
    return ((i % 2 === 0 ? column : row) / (side - 1)) * 2 - 1;
  });
  const { probabilities } = await trainer.predict(featureRows(places, ['x', 'y']));
  const classes = probabilities.length / (side * side);
  const difference = (row: number, column: number) => {
    const at = (row * side + column) * classes;
    return Math.log(probabilities[at]) - Math.log(probabilities[at + 1]);
  };
  let straight = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 1; column < side - 1; column++) {
      const around = difference(row, column - 1) + difference(row, column + 1);
      if (Math.abs(around - 2 * difference(row, column)) < 1e-7) straight++;
    }
  }
  return straight / (side * (side - 2));
}

describe('the hint of the regression is true', () => {
  const SETTINGS = presetSettings('regression');

  async function steps(settings: Settings, ...numbers: number[]) {
    const { train, test } = planeData(settings);
    if (!train) throw new Error('nothing to train on');
    const network = await createNetwork({ ...trainerOptions(settings, train), backend: 'cpu' });
    const told: { trained: number; tested: number }[] = [];
    for (const number of numbers) {
      await network.train(number - network.step);
      const [trained, tested] = [await measure(network), await measure(network, test)];
      told.push({ trained: trained.r2 ?? Number.NaN, tested: tested.r2 ?? Number.NaN });
    }
    return told;
  }

  it.each(SEEDS)('r² passes 0.9, and a linear model has none, with the seed %i', async (seed) => {
    const seeded = { ...SETTINGS, dataSeed: seed, weightSeed: seed };
    const [soon, last] = await steps(seeded, 500, SETTINGS.stopStep);
    expect(soon.trained).toBeGreaterThan(0.9);
    expect(last.tested).toBeGreaterThan(0.9);
    const [linear] = await steps({ ...seeded, hidden: [] }, SETTINGS.stopStep);
    expect(Math.abs(linear.trained)).toBeLessThan(0.1);
  });
});
