import { describe, expect, it } from 'vitest';
import { createTrainer, type Dataset } from '../../index.ts';
import { loadPointKit, planeData } from './plane-data.ts';
import { rateAt } from './schedule.ts';
import {
  DEFAULTS,
  FACTORS,
  needsRestart,
  OPTIMIZERS,
  RANGES,
  type Settings,
  TURNED,
  turnAt,
} from './settings.ts';
import { trainerChanges, trainerOptions } from './trainer-options.ts';

await loadPointKit();

const SMALL: Settings = { ...DEFAULTS, perClass: 20, hidden: [4], initialization: 'he', learningRate: 0.1 };

function open(settings: Settings) {
  const { train } = planeData(settings);
  if (!train) throw new Error('nothing to train on');
  return createTrainer({ ...trainerOptions(settings, train as Dataset), backend: 'cpu' });
}

describe('a trainer takes', () => {
  it.each(OPTIMIZERS)('the ends of the ranges of each factor of %s', async (optimizer) => {
    for (const end of ['min', 'max'] as const) {
      const factors = Object.fromEntries(FACTORS[optimizer].map((key) => [key, RANGES[key][end]]));
      const trainer = await open({ ...SMALL, optimizer, ...factors });
      trainer.destroy();
    }
    // The epsilon has to be the larger, the less of a square is new.
    const { beta2, decay } = RANGES;
    const slow = { beta2: beta2.max, decay: decay.max, epsilon: RANGES.epsilon.min };
    (await open({ ...SMALL, optimizer, ...slow })).destroy();
  });

  it('no class weights where all are 1, and one for each class where some are not', () => {
    const weights = (settings: Settings) =>
      trainerOptions(settings, planeData(settings).train as Dataset).classWeights;
    expect(weights(SMALL)).toBeUndefined();
    expect(weights({ ...SMALL, classWeights: [2] })).toEqual([2, 1, 1]);
    expect(weights({ ...SMALL, classes: 2, classWeights: [1, 2, 3] })).toEqual([1, 2]);
  });
});

describe('changes of a run', () => {
  it('name for the trainer what differs, and no factor of another optimizer', () => {
    const to: Settings = { ...SMALL, l1: 0.5, momentum: 0.5, beta1: 0.5, batchSize: 5 };
    expect(trainerChanges(SMALL, to, 3)).toEqual({ l1: 0.5 });
    expect(trainerChanges({ ...SMALL, optimizer: 'adam' }, { ...to, optimizer: 'adam' }, 3)).toEqual({
      l1: 0.5,
      beta1: 0.5,
    });
    expect(trainerChanges(SMALL, { ...SMALL, decayFactor: 0.1 }, 3)).toEqual({ learningRate: 0.1 });
    expect(trainerChanges({ ...SMALL, classWeights: [1, 2] }, SMALL, 3)).toEqual({ classWeights: [1, 1, 1] });
  });

  it.each([
    ['momentum', { momentum: 0.5 }],
    ['nesterov', { momentum: 0.5 }],
    ['adam', { beta1: 0.5, beta2: 0.9 }],
    ['sgd', { l1: 0.01, weightDecay: 0.1, schedule: 'cosine', cosineSteps: 40, warmup: 5 }],
  ] as const)('of %s have the bits of a new trainer with the settings', async (optimizer, part) => {
    const before: Settings = { ...SMALL, optimizer };
    const after: Settings = { ...before, ...part };
    expect(needsRestart(before, after)).toBe(false);
    const [changed, fresh] = [await open(before), await open(after)];
    await changed.train(10);
    await fresh.restore(await changed.save());
    changed.set(trainerChanges(before, after, 3));
    await Promise.all([changed.train(10), fresh.train(10)]);
    expect((await changed.measure()).loss).toBe((await fresh.measure()).loss);
  });

  it('to and from Nesterov’s rule without a momentum begin a new run', () => {
    const none: Settings = { ...SMALL, optimizer: 'nesterov', momentum: 0 };
    expect(needsRestart(none, { ...none, momentum: 0.5 })).toBe(true);
    expect(needsRestart({ ...none, momentum: 0.5 }, none)).toBe(true);
    expect(needsRestart(none, { ...none, l2: 0 })).toBe(false);
  });

  it('are in a turn, all of them', () => {
    expect(turnAt(3, SMALL)).toEqual({
      step: 3,
      ...Object.fromEntries(TURNED.map((key) => [key, SMALL[key]])),
    });
    const part = Object.fromEntries(TURNED.map((key) => [key, undefined])) as object;
    expect(needsRestart(SMALL, { ...SMALL, ...part })).toBe(false);
  });
});

it('the learning rate follows its schedule after the warm-up', () => {
  const rate = (part: Partial<Settings>, step: number) =>
    rateAt({ ...SMALL, learningRate: 1, warmup: 10, ...part }, step);
  expect([0, 4, 9, 10, 5000].map((step) => rate({}, step))).toEqual([0.1, 0.5, 1, 1, 1]);
  const step = { schedule: 'step', decayEvery: 100, decayFactor: 0.5 } as const;
  expect([10, 109, 110, 210].map((at) => rate(step, at))).toEqual([1, 1, 0.5, 0.25]);
  expect(rate({ ...step, schedule: 'exponential' }, 60)).toBeCloseTo(Math.SQRT1_2, 12);
  const cosine = { schedule: 'cosine', cosineSteps: 100, cosineEnd: 0.2 } as const;
  expect([10, 60, 110, 500].map((at) => rate(cosine, at))).toEqual([1, expect.closeTo(0.6, 12), 0.2, 0.2]);
});
