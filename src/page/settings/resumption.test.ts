import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { property } from '../../../tests/helpers/property.ts';
import { createTrainer, type DescribedOptions, spiral, warmup } from '../../index.ts';
import { createNetwork } from './network.ts';
import { planeData } from './plane-data.ts';
import { misfitOf, type Resumption, resumptionOf, type TrainingFile } from './resumption.ts';
import {
  ACTIVATIONS,
  DEFAULTS,
  LOSSES,
  OPTIMIZERS,
  PRECISIONS,
  SCHEDULES,
  type Settings,
} from './settings.ts';
import { trainerOptions } from './trainer-options.ts';

const DATA = spiral({ perClass: 4 });

/** The file of a run of settings, as a program writes it. */
async function fileOf(settings: Settings): Promise<TrainingFile> {
  const trainer = await createNetwork({ ...trainerOptions(settings, DATA), backend: 'cpu' });
  const file = { name: 'a.safetensors', network: trainer.describe(), checkpoint: await trainer.save() };
  trainer.destroy();
  return file;
}

const resumed = (file: TrainingFile, present = DEFAULTS): Resumption => {
  const found = resumptionOf(file, present);
  if ('kind' in found) throw new Error(JSON.stringify(found));
  return found;
};

const settings: fc.Arbitrary<Settings> = fc
  .record({
    hidden: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
    activation: fc.constantFrom(...ACTIVATIONS),
    loss: fc.constantFrom(...LOSSES),
    optimizer: fc.constantFrom(...OPTIMIZERS),
    precision: fc.constantFrom(...PRECISIONS),
    schedule: fc.constantFrom(...SCHEDULES),
    warmup: fc.nat(9),
    learningRate: fc.double({ min: 0.001, max: 100, noNaN: true }),
    decayEvery: fc.integer({ min: 1, max: 99 }),
    decayFactor: fc.double({ min: 0.001, max: 1, noNaN: true }),
    cosineSteps: fc.integer({ min: 1, max: 99 }),
    batchSize: fc.nat(20),
    weightSeed: fc.nat(99),
    dropout: fc.constantFrom(0, 0.25),
    l1: fc.constantFrom(0, 0.1),
    momentum: fc.constantFrom(0.5, 0.9),
    beta1: fc.constantFrom(0.5, 0.9),
    epsilon: fc.constantFrom(1e-8, 1e-3),
    classWeights: fc.constantFrom([], [1, 2, 0.5]),
  })
  .map((part) => ({ ...DEFAULTS, initialization: 'he' as const, ...part }));

property(
  'the settings of a program’s run make a trainer of the same options',
  settings,
  [],
  async (settings) => {
    const file = await fileOf(settings);
    const found = resumed(file, { ...DEFAULTS, optimizer: 'adagrad', schedule: 'cosine', warmup: 3, l2: 9 });
    const again = await fileOf(found.settings);
    expect(again.network).toEqual(file.network);
  },
);

describe('a run that the page cannot hold', () => {
  const options = { hidden: [2], activation: ['relu'] } as const;
  it.each<[string, Partial<DescribedOptions>, object]>([
    ['layers', { hidden: [1, 1, 1, 1, 1, 1, 1] }, { kind: 'layers', most: 6, received: 7 }],
    ['units', { hidden: [1025] }, { kind: 'units', most: 1024, received: 1025 }],
    [
      'activations',
      { hidden: [2, 2], activation: ['relu', 'tanh'] },
      { kind: 'activations', received: ['relu', 'tanh'] },
    ],
    ['a setting', { l2: 11 }, { kind: 'range', setting: 'l2', range: { min: 0, max: 10 }, received: 11 }],
    [
      'class weights',
      { classWeights: [1, 101, 1] },
      { kind: 'range', setting: 'classWeights', received: 101 },
    ],
    ['a schedule', { learningRate: warmup(2, warmup(3, 1)).data }, { kind: 'schedule' }],
  ])('by its %s is refused', async (_, part, unfit) => {
    const file = await fileOf(DEFAULTS);
    const network = { ...file.network, options: { ...file.network.options, ...options, ...part } };
    expect(resumptionOf({ ...file, network } as TrainingFile, DEFAULTS)).toMatchObject(unfit);
  });

  it('by settings of another page, or of another network, is refused', async () => {
    const file = await fileOf(DEFAULTS);
    expect(resumptionOf({ ...file, link: 'v=1&news=3' }, DEFAULTS)).toEqual({
      kind: 'link',
      names: ['news'],
    });
    for (const link of ['v=1&hidden=7', 'v=1&optimizer=adam', 'v=1&batch=9', 'v=1&precision=double'])
      expect(resumptionOf({ ...file, link }, DEFAULTS)).toEqual({ kind: 'contradiction' });
    expect(resumed({ ...file, link: '' }).settings).toEqual(DEFAULTS);
  });
});

describe('data', () => {
  const present = planeData(DEFAULTS);

  it('that are those of the network fit, named or not', async () => {
    const file = await fileOf(DEFAULTS);
    expect(misfitOf(file, present)).toBeUndefined();
    const network = { ...file.network, featureNames: ['x', 'y'], classNames: ['a', 'b', 'c'] };
    expect(misfitOf({ ...file, network }, present)).toBeUndefined();
  });

  it('of other sizes, names or another scaling do not', async () => {
    const file = await fileOf(DEFAULTS);
    const [two, three] = [{ inputs: 2, outputs: 3, task: 'classes' }, planeData({ ...DEFAULTS, classes: 2 })];
    expect(misfitOf(file, three)).toEqual({ kind: 'data', expected: two, received: { ...two, outputs: 2 } });
    const features = planeData({ ...DEFAULTS, features: ['x', 'y', 'r'] });
    expect(misfitOf(file, features)).toMatchObject({ kind: 'data', received: { inputs: 3 } });
    const named = { ...file.network, featureNames: ['x', 'z'] };
    expect(misfitOf({ ...file, network: named }, present)).toEqual({
      kind: 'names',
      expected: 'z',
      received: 'y',
    });
    expect(misfitOf({ ...file, scaling: { means: [0, 0], deviations: [1, 2] } }, present)).toEqual({
      kind: 'scaling',
    });
    const none = planeData({ ...DEFAULTS, shape: 'own' });
    expect(misfitOf(file, none)).toMatchObject({ kind: 'data' });
  });
});

it('a run that has gone on to the end of the settings goes on without one', async () => {
  const trainer = await createTrainer({ data: DATA, learningRate: 1, backend: 'cpu' });
  await trainer.train(3);
  const file = { name: 'a', network: trainer.describe(), checkpoint: await trainer.save() };
  trainer.destroy();
  expect(resumed(file, { ...DEFAULTS, stopStep: 3 }).settings.stopStep).toBe(0);
  expect(resumed(file, { ...DEFAULTS, stopStep: 4 }).settings.stopStep).toBe(4);
});
