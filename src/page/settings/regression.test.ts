import { describe, expect, it } from 'vitest';
import { hills, tiltedPlane, wave } from '../../index.ts';
import { formatLink, parseLink } from './link.ts';
import { createNetwork, measure } from './network.ts';
import { loadPointKit, planeData, VALUES } from './plane-data.ts';
import { DEFAULTS, type Settings, SHAPE_DEFAULTS, SHAPES } from './settings.ts';
import { trainerChanges, trainerOptions } from './trainer-options.ts';
import { parameterCount, sizesOf } from './work.ts';

await loadPointKit();

const SETTINGS: Settings = {
  ...DEFAULTS,
  shape: 'hills',
  perClass: 40,
  noise: 0.1,
  dataSeed: 3,
  hidden: [6],
};

describe('data with values', () => {
  it.each([
    ['plane', tiltedPlane],
    ['hills', hills],
    ['wave', wave],
  ] as const)('%s is the library’s surface, whatever the classes', (shape, draw) => {
    const { inputs, targets } = draw({ count: 40, noise: 0.1, seed: 3 });
    for (const classes of [2, 5]) {
      const { train, points } = planeData({ ...SETTINGS, shape, classes });
      expect(train).toMatchObject({ inputs, targets, count: 40, outputs: 1 });
      expect(train).not.toHaveProperty('labels');
      expect(points.train[7]).toEqual({
        row: 7,
        x: inputs[14],
        y: inputs[15],
        label: 0,
        value: targets[7],
      });
    }
  });

  it('keeps a share for testing, moves points with their values, and takes a person’s values', () => {
    const edits = [
      { kind: 'move', row: 0, x: 0.5, y: 0.25 },
      { kind: 'add', x: 0, y: 0, label: 4 },
      { kind: 'remove', row: 1 },
    ] as const;
    const before = planeData(SETTINGS).points.train;
    const { points } = planeData({ ...SETTINGS, edits });
    expect(points.train.length).toBe(40);
    expect(points.train[0]).toEqual({ ...before[0], x: 0.5, y: 0.25 });
    expect(points.train.at(-1)).toEqual({ row: 40, x: 0, y: 0, label: 0, value: VALUES[4] });
    const { train, test } = planeData({ ...SETTINGS, testShare: 0.25 });
    expect([train?.count, test?.count]).toEqual([30, 10]);
  });
});

describe('a regression', () => {
  it('is trained on the squared error, and takes over what has a meaning for it', async () => {
    const settings: Settings = { ...SETTINGS, loss: 'hinge', classWeights: [1, 2, 3], initialization: 'he' };
    const { train } = planeData(settings);
    if (!train) throw new Error('nothing to train on');
    const options = trainerOptions(settings, train);
    expect(options).not.toHaveProperty('classWeights');
    const network = await createNetwork({ ...options, backend: 'cpu' });
    network.set(trainerChanges(settings, { ...settings, classWeights: [], learningRate: 0.5 }, undefined));
    await network.train(50);
    const { loss, r2, accuracy } = await measure(network);
    expect(loss).toBeGreaterThan(0);
    expect(r2).toBeGreaterThan(0);
    expect(accuracy).toBeUndefined();
    const sizes = (await network.parameters()).map(({ biases, weights }) => biases.length + weights.length);
    expect(parameterCount(sizesOf(settings, planeData(settings)))).toBe(
      sizes.reduce((sum, size) => sum + size),
    );
  });

  it('has a link, and so has every kind of data', () => {
    // A link to a table has the table's choices too.
    for (const shape of SHAPES.filter((name) => name !== 'table')) {
      const settings = { ...DEFAULTS, shape, ...SHAPE_DEFAULTS[shape] };
      const { settings: read, remarks } = parseLink(formatLink(settings));
      expect(read).toEqual(settings);
      expect(remarks).toEqual([]);
    }
    expect(parseLink('v=1&data=wave&points=50&noise=0').settings).toMatchObject({
      shape: 'wave',
      perClass: 50,
      noise: 0,
    });
  });
});
