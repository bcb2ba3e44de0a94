import { describe, expect, it } from 'vitest';
import { caseStudy, createTrainer, type Dataset } from '../../index.ts';
import { parseLink } from './link.ts';
import { loadPointKit, planeData } from './plane-data.ts';
import { PRESETS, presetSettings } from './presets.ts';
import {
  changes,
  DEFAULTS,
  type NumberSetting,
  needsRestart,
  RANGES,
  type Settings,
  within,
} from './settings.ts';
import { studyOf } from './study.ts';
import { trainerOptions } from './trainer-options.ts';

await loadPointKit();

const optionsOf = (settings: Settings) => {
  const { train } = planeData(settings);
  if (!train) throw new Error('nothing to train on');
  return trainerOptions(settings, train as Dataset);
};

describe('the presets', () => {
  it.each(['linear', 'network'] as const)('of the notes are the case study’s %s to the last bit', (study) => {
    const { data, hidden, learningRate, l2, parameters } = caseStudy[study].options;
    const options = optionsOf(presetSettings(study));
    expect(options).toMatchObject({ hidden, learningRate, l2, parameters });
    expect(options.data.inputs).toEqual(data.inputs);
    expect(options.data.labels).toEqual(data.labels);
    expect(studyOf(presetSettings(study))).toBe(study);
  });

  it.each(PRESETS)('%s keeps to the ranges, and is a run of the notes only if it says so', (preset) => {
    const settings = presetSettings(preset);
    for (const [key, range] of Object.entries(RANGES))
      expect(within(settings[key as NumberSetting], range), key).toBe(true);
    expect(studyOf(settings)).toBe(preset === 'linear' || preset === 'network' ? preset : undefined);
  });
});

it('a run with another input, loss, penalty or schedule is none of the notes', () => {
  const others: Partial<Settings>[] = [
    { features: ['x', 'y', 'xy'] },
    { activation: 'tanh' },
    { dropout: 0.1 },
    { loss: 'hinge' },
    { classWeights: [1, 2, 1] },
    { schedule: 'cosine' },
    { warmup: 5 },
    { l1: 0.1 },
    { weightDecay: 0.1 },
    { optimizer: 'nesterov' },
  ];
  for (const part of others) expect(studyOf({ ...DEFAULTS, ...part }), JSON.stringify(part)).toBeUndefined();
  // Numbers of what is not chosen change nothing.
  expect(studyOf({ ...DEFAULTS, beta1: 0.5, decay: 0.5, epsilon: 0.1, cosineSteps: 5 })).toBe('network');
});

describe('the hints of the presets are true:', () => {
  const train = async (settings: Settings, steps = settings.stopStep) => {
    const { train, test } = planeData(settings);
    if (!train) throw new Error('nothing to train on');
    const trainer = await createTrainer({ ...trainerOptions(settings, train as Dataset), backend: 'cpu' });
    const losses: number[] = [];
    for await (const { loss } of trainer.run({ steps, every: 10 })) losses.push(loss);
    const outputs = await trainer.activations(train.inputs);
    const dead = settings.hidden.map(
      (width, layer) =>
        Array.from({ length: width }, (_, unit) =>
          outputs[layer].filter((_, i) => i % width === unit),
        ).filter((values) => values.every((value) => value === 0)).length,
    );
    const tested = test && (await trainer.measure(test as Dataset));
    return { trainer, losses, dead, trained: await trainer.measure(), tested };
  };

  it('overfit: the training loss vanishes, the test loss grows, and L2 closes the gap', async () => {
    const settings = presetSettings('overfit');
    expect(planeData(settings).train?.count).toBe(20);
    const { losses, trained, tested } = await train(settings);
    expect(trained.loss).toBeLessThan(0.001);
    expect(tested?.loss).toBeGreaterThan(3 * losses[0]);
    const held = await train({ ...settings, l2: 0.03 });
    expect(Number(held.tested?.loss) - held.trained.loss).toBeLessThan(0.6);
  });

  it('rate: the loss jumps, and settles with a lower learning rate', async () => {
    const settings = presetSettings('rate');
    const { trainer, losses } = await train(settings, 2000);
    // The loss settles to the end.
    const late = losses.slice(100);
    expect(late.filter((loss, i) => loss > 1.2 * late[i - 1]).length).toBeGreaterThan(20);
    expect(Math.max(...late)).toBeGreaterThan(1);
    const lowered = await createTrainer({ ...optionsOf({ ...settings, learningRate: 0.5 }), backend: 'cpu' });
    await lowered.restore(await trainer.save());
    await lowered.train(1000);
    expect((await lowered.measure()).loss).toBeLessThan(0.5);
  });

  it('dead: most units are 0 everywhere, and stay so', async () => {
    const settings = presetSettings('dead');
    const [early, late] = [await train(settings, 100), await train(settings)];
    expect(early.dead[0]).toBeGreaterThan(12);
    expect(late.dead[0]).toBeGreaterThanOrEqual(early.dead[0]);
    expect(late.dead[0]).toBeGreaterThan(16);
  });

  it('zero: nothing ever moves', async () => {
    const { losses } = await train(presetSettings('zero'));
    for (const loss of losses) expect(loss).toBeCloseTo(Math.log(3), 6);
  });

  it('deep: it learns, but not from the weight seed 0', async () => {
    const settings = presetSettings('deep');
    expect((await train(settings)).trained.accuracy).toBe(1);
    expect((await train({ ...settings, weightSeed: 0 })).trained.accuracy).toBe(0.5);
  });

  it('adam: it leaves the start at once, gradient descent does not', async () => {
    const settings = presetSettings('adam');
    expect((await train(settings, 300)).trained.loss).toBeLessThan(0.2);
    expect((await train({ ...settings, optimizer: 'sgd' }, 300)).trained.loss).toBeGreaterThan(0.6);
  });
});

describe('changes', () => {
  it('of the learning rate apply in the run, of the network begin a new run', () => {
    const changed = (part: Partial<Settings>) => changes(DEFAULTS, { ...DEFAULTS, ...part });
    const restarts = (part: Partial<Settings>, before: Partial<Settings> = {}) =>
      needsRestart({ ...DEFAULTS, ...before }, { ...DEFAULTS, ...before, ...part });
    expect(changed({})).toEqual([]);
    expect(changed({ hidden: [100], edits: [] })).toEqual([]);
    expect(changed({ learningRate: 2, hidden: [1] })).toEqual(['hidden', 'learningRate']);
    expect(restarts({ learningRate: 2, l2: 0, plan: 'layered', speed: 5, stopLoss: 1 })).toBe(false);
    expect(restarts({ hidden: [1] })).toBe(true);
  });
});

describe('data in the plane', () => {
  const own = { ...DEFAULTS, shape: 'own', classes: 2, edits: [] } as const satisfies Settings;

  it('has a person’s edits in their order, without those that fit no point', () => {
    const { points } = planeData({
      ...own,
      edits: [
        { kind: 'add', x: 0, y: 0, label: 0 },
        { kind: 'add', x: 1, y: 0, label: 1 },
        { kind: 'add', x: 9, y: 9, label: 5 },
        { kind: 'move', row: 1, x: 2, y: 3 },
        { kind: 'move', row: 77, x: 2, y: 3 },
        { kind: 'remove', row: 0 },
      ],
    });
    expect(points.train).toEqual([{ row: 1, x: 2, y: 3, label: 1 }]);
  });

  it('is empty without points', () => {
    const { train, test, range } = planeData(own);
    expect([train, test]).toEqual([undefined, undefined]);
    expect(range.size).toBeGreaterThan(2);
  });

  it('keeps a share of each class for testing, apart from the training points', () => {
    const { train, test, points } = planeData({ ...DEFAULTS, testShare: 0.25 });
    expect([train?.count, test?.count]).toEqual([225, 75]);
    expect(new Set([...points.train, ...points.test].map(({ row }) => row)).size).toBe(300);
    expect(Array.from(train?.inputs.slice(0, 2) ?? [])).toEqual([points.train[0].x, points.train[0].y]);
  });

  it('always has a training point', () => {
    const edits = [{ kind: 'add', x: 0, y: 0, label: 0 }] as const;
    expect(planeData({ ...own, edits, testShare: 0.9 }).train?.count).toBe(1);
    const two = [...edits, { kind: 'add', x: 1, y: 0, label: 1 }] as const;
    expect(planeData({ ...own, edits: two, testShare: 0.9 }).train?.count).toBeGreaterThan(0);
  });

  it.each([
    ['own points that alternate', 'data=own&classes=2&test=0.5&edits=a0,0,0_a1,1,1_a0,0.2,0_a1,0.8,1'],
    ['of one class only the test point is left', 'classes=2&points=2&test=0.5&edits=r0'],
    ['or so it is with the other row', 'classes=2&points=2&test=0.5&edits=r1'],
    ['only test points are left', 'data=own&classes=2&test=0.9&edits=a0,0,0_a1,1,1_a0,0.2,0_a1,0.8,1_r0'],
  ])('trains on a point of each class that has one: %s', (_, link) => {
    const { train, points } = planeData(parseLink(`v=1&${link}`).settings);
    const labels = [...points.train, ...points.test].map(({ label }) => label);
    expect(new Set((train as Dataset).labels)).toEqual(new Set(labels));
    expect(points.test.length).toBeLessThan(labels.length);
  });

  it('tests the rows that it always tested where each class keeps a training point', () => {
    const edits = Array.from({ length: 12 }, (_, i) => `a${i / 12},0,${Math.floor(i / 6)}`).join('_');
    const tested = (link: string) =>
      planeData(parseLink(`v=1&${link}`).settings).points.test.map(({ row }) => row);
    expect(tested(`data=own&classes=2&test=0.5&edits=${edits}`)).toEqual([1, 3, 5, 7, 9, 11]);
    expect(tested(`data=own&classes=2&test=0.25&edits=${edits}`)).toEqual([3, 7, 11]);
    expect(tested('classes=2&points=3&test=0.4&edits=a0,0,0_a0,0.5,1_a0.1,0,0_m7,1,1')).toEqual([0, 5, 8]);
  });

  it('keeps its range while points move within it', () => {
    const before = planeData(DEFAULTS).range;
    const edits = [{ kind: 'move', row: 0, x: 0.9, y: -0.9 }] as const;
    expect(planeData({ ...DEFAULTS, edits }).range).toEqual(before);
    const far = planeData({ ...DEFAULTS, edits: [{ kind: 'move', row: 0, x: 5, y: 5 }] }).range;
    expect(far.left + far.size).toBeGreaterThan(5);
  });
});
