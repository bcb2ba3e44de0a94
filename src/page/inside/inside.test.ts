import { describe, expect, it } from 'vitest';
import { createTrainer, type Dataset } from '../../index.ts';
import { compareStep, readStep } from '../run/side-checks/inside.ts';
import { checkSanity } from '../run/side-checks/sanity.ts';
import { differenceOf, statisticsOf } from '../run/side-checks/statistics.ts';
import { loadPointKit, planeData } from '../settings/plane-data.ts';
import { presetSettings } from '../settings/presets.ts';
import { DEFAULTS, type Settings } from '../settings/settings.ts';
import { trainerOptions } from '../settings/trainer-options.ts';
import { costOf } from './operation/cost.ts';
import { mapLayout } from './tensors/map-layout.ts';
import { present, slotsOf } from './tensors/slots.ts';

await loadPointKit();

const dataOf = (settings: Settings) => planeData(settings).train as Dataset;

describe('statistics', () => {
  it('are those of a tensor’s numbers', () => {
    expect(statisticsOf([0, -3, 4, 0])).toEqual({ min: -3, max: 4, mean: 0.25, zeros: 0.5, norm: 5 });
  });

  it('find the largest differences, NaN among them', () => {
    expect(differenceOf([1, 2.5, 100], [1, 2, 101])).toEqual({
      absolute: { value: 1, at: 2 },
      relative: { value: 0.25, at: 1 },
    });
    expect(differenceOf([1, Number.NaN], [1, 2]).absolute).toEqual({ value: Number.NaN, at: 1 });
    expect(differenceOf([0, 0], [0, 0]).relative.value).toBe(0);
  });
});

describe('costs', () => {
  it('are those of the notes’ network, counted by hand', async () => {
    const settings = presetSettings('network');
    const trainer = await createTrainer({ ...trainerOptions(settings, dataOf(settings)), backend: 'cpu' });
    const shapes = new Map((await trainer.inspect()).map((tensor) => [tensor.name, tensor]));
    const cost = (name: string) => {
      const operation = trainer.operations.find((operation) => operation.name === name);
      if (!operation) throw new Error(`there is no ${name}`);
      return costOf(operation, shapes, 'single', settings);
    };
    expect(cost('hidden 0')).toEqual({
      operations: 2 * 300 * 2 * 100,
      bytes: 4 * (300 * 2 + 2 * 100 + 100 + 300 * 100),
    });
    expect(cost('scores').operations).toBe(2 * 300 * 100 * 3);
    expect(cost('dW 1').operations).toBe(2 * 100 * 300 * 3);
    expect(cost('dW 0').operations).toBe(2 * 2 * 300 * 100);
    expect(cost('dhidden 0').operations).toBe(2 * 300 * 3 * 100);
    expect(cost('db 1').operations).toBe(300 * 3);
    expect(cost('softmax').operations).toBe(4 * 300 * 3);
    expect(cost('ReLU mask 0').operations).toBe(0);
    // w − η·(g + λ·w) for weights, w − η·g for biases.
    expect(cost('update W 1').operations).toBe(4 * 300);
    expect(cost('update b 1').operations).toBe(2 * 3);
    trainer.destroy();
  });
});

describe('the checks before a long run', () => {
  const verdicts = async (
    settings: Settings,
    present: { ratio: number | undefined; dead: number } = { ratio: 1e-3, dead: 0 },
  ) =>
    Object.fromEntries(
      (await checkSanity(settings, dataOf(settings), present)).map(({ name, verdict }) => [name, verdict]),
    );

  it('pass for a network that can learn', async () => {
    const settings = { ...DEFAULTS, hidden: [100] };
    expect(await verdicts(settings)).toEqual({
      initialLoss: 'passed',
      regularisation: 'passed',
      overfit: 'passed',
      updateRatio: 'passed',
      deadUnits: 'passed',
    });
  });

  it('pass with the hinge loss, and are made without dropout, penalties and class weights', async () => {
    const knobs = { dropout: 0.5, l1: 0.1, weightDecay: 0.5, classWeights: [1, 2, 3] } as const;
    const settings: Settings = { ...DEFAULTS, ...knobs, hidden: [100], loss: 'hinge', learningRate: 0.5 };
    expect(await verdicts(settings)).toMatchObject({
      initialLoss: 'passed',
      regularisation: 'passed',
      overfit: 'passed',
    });
  });

  it('say nothing where there is nothing to compare', async () => {
    const zero = { ...DEFAULTS, hidden: [], initialization: 'normal', deviation: 0 } as const;
    expect(await verdicts(zero, { ratio: undefined, dead: 0 })).toMatchObject({
      regularisation: 'inapplicable',
      overfit: 'inapplicable',
      updateRatio: 'inapplicable',
    });
  });

  it('call an update that is too large or too small unusual', async () => {
    for (const ratio of [0.06, 1e-6])
      expect(await verdicts({ ...DEFAULTS, hidden: [2] }, { ratio, dead: 0 })).toMatchObject({
        updateRatio: 'unusual',
      });
  });

  it('fail for settings that cannot learn', async () => {
    expect(
      await verdicts({ ...DEFAULTS, hidden: [24], initialization: 'normal', deviation: 0 }),
    ).toMatchObject({
      overfit: 'failed',
    });
    expect(
      await verdicts({ ...DEFAULTS, initialization: 'normal', deviation: 3 }, { ratio: 0.5, dead: 0.9 }),
    ).toMatchObject({ initialLoss: 'failed', updateRatio: 'unusual', deadUnits: 'failed' });
  });
});

describe('a step beside float64', () => {
  it('differs by rounding, in every tensor', async () => {
    const settings: Settings = { ...DEFAULTS, hidden: [8, 4], initialization: 'he', optimizer: 'momentum' };
    const options = trainerOptions(settings, dataOf(settings));
    const trainer = await createTrainer({ ...options, backend: 'cpu' });
    await trainer.train(3);
    const { state } = await compareStep(await readStep(trainer), options);
    const { step, tensors, differences } = state;
    expect([step, trainer.step]).toEqual([3, 3]);
    expect(Object.keys(differences)).toEqual(
      tensors.map(({ name }) => name).filter((name) => name !== 'labels'),
    );
    expect(differences).toHaveProperty(['moment 0 of W 1 after']);
    for (const [name, { absolute }] of Object.entries(differences))
      expect(absolute.value, name).toBeLessThan(1e-5);
    trainer.destroy();
  });
});

describe('the slots of a step', () => {
  it('hold the tensors that the operations so far have left', async () => {
    const settings: Settings = { ...DEFAULTS, hidden: [8], optimizer: 'momentum' };
    const trainer = await createTrainer({ ...trainerOptions(settings, dataOf(settings)), backend: 'cpu' });
    const { operations } = trainer;
    const slots = slotsOf(await trainer.inspect());
    const names = slots.map(([{ name }]) => name);
    expect(names).not.toContain('W 0 after');
    const { boxes } = mapLayout(slots, 2, { width: 600, height: 300 });
    expect(boxes).toHaveLength(slots.length);
    const inColumn = boxes
      .filter(({ column }) => column === 1)
      .map(({ slot: [{ name }], row }) => [name, row]);
    expect(inColumn).toEqual([
      ['hidden 0', 1],
      ['dhidden 0 unmasked', 2],
      ['W 0', 0],
      ['dW 0', 3],
      ['moment 0 of W 0', 4],
      ['b 0', 0],
      ['db 0', 3],
      ['moment 0 of b 0', 4],
    ]);
    const at = (name: string, after: string) => {
      const slot = slots.find(([first]) => first.name === name);
      const done = 1 + operations.findIndex(({ name }) => name === after);
      if (!slot) throw new Error(`there is no ${name}`);
      const { tensor, computed } = present(slot, operations, done);
      return [tensor.name, computed];
    };
    expect(at('inputs', '')).toEqual(['inputs', true]);
    expect(at('scores', 'hidden 0')).toEqual(['scores', false]);
    expect(at('scores', 'scores')).toEqual(['scores', true]);
    expect(at('dhidden 0 unmasked', 'dhidden 0')).toEqual(['dhidden 0 unmasked', true]);
    expect(at('dhidden 0 unmasked', 'ReLU mask 0')).toEqual(['dhidden 0', true]);
    expect(at('W 0', 'db 0')).toEqual(['W 0', true]);
    expect(at('W 0', 'update W 0')).toEqual(['W 0 after', true]);
    expect(at('moment 0 of W 0', 'update W 0')).toEqual(['moment 0 of W 0 after', true]);
    trainer.destroy();
  });
});
